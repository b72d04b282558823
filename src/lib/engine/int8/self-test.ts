/** A convolution whose sums are known: what a module must get right before it is used. */
import type { KernelModule } from './kernel';
import { placeConvolution } from './one-convolution';

/** Two tiles and a pixel alone. */
const PIXELS = 13;
const CHANNELS = 32;
const OUT = 8;

/**
 * Whether a module's sums of products are exact, the largest ones included. V8 11.3 is
 * known to get relaxed dot products wrong in the code of its baseline compiler, which is the
 * one that runs first, here too; the reference images are read with optimised code as well.
 */
export function sumsAreRight(kernelModule: KernelModule): boolean {
	const values = Uint8Array.from({ length: PIXELS * CHANNELS }, (_, i) =>
		i < 2 * CHANNELS ? 127 : (i * 37) % 128
	);
	const weights = Float32Array.from({ length: CHANNELS * OUT }, (_, i) =>
		weightOf(Math.floor(i / OUT), i)
	);
	const { run, sums } = placeConvolution(kernelModule, {
		shape: [1, 1, CHANNELS, OUT],
		height: 1,
		width: PIXELS,
		values,
		weights
	});
	run();
	return sums.every((found, i) => {
		const [pixel, out] = [Math.floor(i / OUT), i % OUT];
		let sum = 0;
		for (let c = 0; c < CHANNELS; c++) {
			sum += values[pixel * CHANNELS + c] * weights[c * OUT + out];
		}
		return found === sum;
	});
}

/**
 * The first channels have -127 or 127 everywhere, so that rounding leaves the others as they are,
 * and no two steps' sums fit into 16 bits. The last 16 have the largest of which two steps' do.
 */
function weightOf(channel: number, i: number): number {
	const sign = i % 2 ? -1 : 1;
	if (channel < 2) return sign * 127;
	if (channel < CHANNELS - 16) return ((i * 73) % 255) - 127;
	return sign * (channel % 2 ? 65 : 64);
}
