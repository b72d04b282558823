/** Fetches the kernel's modules, which the build puts beside the page's scripts. */
import { kernelModule, variantsHere, type KernelModule, type Variant } from './kernel';
import plainSharedUrl from './modules/plain-shared.wasm?url&no-inline';
import plainUrl from './modules/plain.wasm?url&no-inline';
import relaxedSharedUrl from './modules/relaxed-shared.wasm?url&no-inline';
import relaxedUrl from './modules/relaxed.wasm?url&no-inline';

const URLS = {
	own: { relaxed: relaxedUrl, pairs: relaxedUrl, plain: plainUrl },
	shared: { relaxed: relaxedSharedUrl, pairs: relaxedSharedUrl, plain: plainSharedUrl }
};

/** Whether a module gives the sums that it should. */
export type Check = (kernel: KernelModule) => boolean;

/**
 * Fetch and compile a variant that is right.
 * @param shared for a memory that several workers hold.
 * @param order which to try first; that of plain SIMD is taken as it is.
 * @throws without SIMD or when not found.
 */
export async function fetchKernel(
	isRight: Check,
	shared = false,
	order: readonly Variant[] = variantsHere()
): Promise<KernelModule> {
	for (const variant of order) {
		const found = await fetchVariant(variant, shared);
		if (variant === 'plain' || isRight(found)) return found;
	}
	throw new Error('this browser has no SIMD');
}

/** Fetch and compile one variant. @throws when it is not found. */
export async function fetchVariant(variant: Variant, shared: boolean): Promise<KernelModule> {
	const response = await fetch(URLS[shared ? 'shared' : 'own'][variant]);
	if (!response.ok) throw new Error(`the kernel could not be loaded (${response.status})`);
	return kernelModule(variant, shared, await response.arrayBuffer());
}
