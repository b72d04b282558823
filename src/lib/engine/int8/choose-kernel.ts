/**
 * The variant of the kernel that reads a model here: the fastest whose sums are right, measured on
 * one of the model's own layers when the first lane opens, and then kept for the device.
 */
import * as v from 'valibot';
import type { Settings } from '../../base/settings';
import { storedSettings } from '../../storage/database';
import { fetchKernel, fetchVariant } from './fetch-kernel';
import { variantsHere, type KernelModule, type Variant } from './kernel';
import type { OneConvolution } from './one-convolution';
import { sumsAreRight } from './self-test';
import { fastestOf, timeKernels, type KernelTrial } from './time-kernels';

/** How the variant was chosen. */
export interface KernelChoice {
	variant: Variant;
	/** Measured now, measured before on this device, or the only one that is right here. */
	reason: 'measured' | 'kept' | 'only';
	trials: KernelTrial[];
}

/** Name of the setting that keeps a device's choice. */
const SETTING = 'int8 kernel';

const variant = v.picklist(['relaxed', 'pairs', 'plain']);
const keptChoice = v.object({
	device: v.string(),
	variant,
	trials: v.array(v.object({ variant, milliseconds: v.nullable(v.number()) }))
});

/** What a choice holds for: another version of the browser may compile otherwise. */
function deviceHere(): string {
	return `${navigator.userAgent}, ${navigator.hardwareConcurrency} cores, ${variantsHere().join('/')}`;
}

async function kept(settings: Settings) {
	try {
		const found = v.safeParse(keptChoice, JSON.parse((await settings.read(SETTING)) ?? 'null'));
		return found.success && found.output.device === deviceHere() ? found.output : null;
	} catch {
		return null;
	}
}

/**
 * The kernel for a model's first lane.
 * @param layerOf a layer of the model to measure with; asked for only where that is needed.
 * @param shared for a memory that several workers hold.
 * @throws without SIMD, or where a module is not found.
 */
export async function chooseKernel(
	layerOf: () => OneConvolution,
	shared: boolean,
	settings: Settings = storedSettings
): Promise<{ kernel: KernelModule; choice: KernelChoice }> {
	const before = await kept(settings);
	if (before) {
		const kernel = await fetchVariant(before.variant, shared);
		const { variant, trials } = before;
		if (sumsAreRight(kernel)) return { kernel, choice: { variant, trials, reason: 'kept' } };
	}
	const fetched = await Promise.all(variantsHere().map((name) => fetchVariant(name, shared)));
	const right = fetched.filter((kernel) => kernel.variant === 'plain' || sumsAreRight(kernel));
	const [only] = right;
	if (!only) throw new Error('this browser has no SIMD');
	if (right.length === 1) {
		return { kernel: only, choice: { variant: only.variant, reason: 'only', trials: [] } };
	}
	const trials = timeKernels(right, layerOf());
	const kernel = fastestOf(right, trials);
	const choice = { variant: kernel.variant, trials };
	await settings.write(SETTING, JSON.stringify({ ...choice, device: deviceHere() }));
	return { kernel, choice: { ...choice, reason: 'measured' } };
}

/** The kernel for a small network beside a model: what was measured before, else the first. */
export async function fetchKeptKernel(settings: Settings = storedSettings): Promise<KernelModule> {
	const before = await kept(settings);
	const order = before ? [before.variant, 'plain' as const] : variantsHere();
	return fetchKernel(sumsAreRight, false, order);
}
