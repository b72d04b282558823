/** Fetches the kernel's modules, which the build puts beside the page's scripts. */
import { kernelModule, variantHere, type KernelModule, type Variant } from './kernel';
import plainSharedUrl from './modules/plain-shared.wasm?url&no-inline';
import plainUrl from './modules/plain.wasm?url&no-inline';
import relaxedSharedUrl from './modules/relaxed-shared.wasm?url&no-inline';
import relaxedUrl from './modules/relaxed.wasm?url&no-inline';

const URLS = {
	own: { relaxed: relaxedUrl, plain: plainUrl },
	shared: { relaxed: relaxedSharedUrl, plain: plainSharedUrl }
};

/** Whether a module gives the sums that it should. */
export type Check = (kernel: KernelModule) => boolean;

/**
 * Fetch and compile the fastest module of this machine that is right.
 * @param shared for a memory that several workers hold.
 * @throws without SIMD or when not found.
 */
export async function fetchKernel(isRight: Check, shared = false): Promise<KernelModule> {
	const variant = variantHere();
	if (!variant) throw new Error('this browser has no SIMD');
	const found = await fetchVariant(variant, shared);
	return variant === 'plain' || isRight(found) ? found : fetchVariant('plain', shared);
}

/** Fetch and compile one module. @throws when it is not found. */
export async function fetchVariant(variant: Variant, shared: boolean): Promise<KernelModule> {
	const response = await fetch(URLS[shared ? 'shared' : 'own'][variant]);
	if (!response.ok) throw new Error(`the kernel could not be loaded (${response.status})`);
	return kernelModule(variant, shared, await response.arrayBuffer());
}
