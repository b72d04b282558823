/**
 * Lanes of one model on one page. Where workers may share memory the first packs the weights
 * for all, and each other one joins; elsewhere each packs its own.
 */
import { SHARED_LANES } from '../../base/limits';
import type { Manifest } from '../../models/manifest';
import type { ModelPackage } from '../../models/store';
import { chooseKernel, type KernelChoice } from './choose-kernel';
import { fetchVariant } from './fetch-kernel';
import { measuredLayer } from './measured-layer';
import { IntegerNetwork } from './network';
import { sumsAreRight } from './self-test';
import type { PackedNetwork } from './weights';

export interface IntegerLane {
	reader: IntegerNetwork;
	/** How the first lane's kernel was chosen. */
	kernel?: KernelChoice;
	/** For `joinLane` in another worker, where the weights can be shared. */
	packed?: PackedNetwork;
}

/**
 * Pack a model and read with it.
 * @throws UnknownGraph for a model that the int8 engine does not read, or without SIMD.
 */
export async function openLane(
	model: ModelPackage,
	canShare = globalThis.crossOriginIsolated && canSendMemory()
): Promise<IntegerLane> {
	const { kernel, choice } = await chooseKernel(() => measuredLayer(model), canShare);
	if (canShare) {
		const packed = packShared(model, kernel);
		if (packed) {
			const reader = IntegerNetwork.start(model.manifest, packed, kernel);
			return { reader, kernel: choice, packed };
		}
	}
	const own = canShare ? await fetchVariant(choice.variant, false) : kernel;
	return { reader: IntegerNetwork.load(model, own), kernel: choice };
}

/**
 * Whether a worker may hand shared memory to its page. WebKitGTK 2.50 refuses although the page
 * is isolated. The page passes over the message: it answers no call.
 */
function canSendMemory(): boolean {
	const { postMessage } = globalThis as unknown as { postMessage?: (message: unknown) => void };
	try {
		postMessage?.(new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }));
		return postMessage !== undefined;
	} catch {
		return false;
	}
}

/** @returns null where the device cannot reserve so large a memory. */
function packShared(...[model, kernel]: Parameters<typeof IntegerNetwork.load>) {
	try {
		return IntegerNetwork.pack(model, kernel, SHARED_LANES);
	} catch (error) {
		if (error instanceof RangeError) return null;
		throw error;
	}
}

/**
 * Read with the weights that another worker's lane has packed.
 * @throws where its module computes wrongly here, or the memory has no room left.
 */
export async function joinLane(manifest: Manifest, packed: PackedNetwork): Promise<IntegerLane> {
	const kernel = await fetchVariant(packed.variant, true);
	if (!sumsAreRight(kernel)) throw new Error('sums of products are wrong');
	return { reader: IntegerNetwork.start(manifest, packed, kernel) };
}
