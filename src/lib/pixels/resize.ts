/**
 * Pillow's antialiased bicubic resize of 8-bit images, to the last bit.
 * Source: Pillow `src/libImaging/Resample.c` (`precompute_coeffs`, `normalize_coeffs_8bpc`,
 * `ImagingResampleHorizontal_8bpc`): a cubic with a = -0.5 stretched by the reduction,
 * fixed-point weights of 22 bits, rounded to 8 bits after each of the two passes.
 */

const PRECISION_BITS = 32 - 8 - 2;
const ROUNDING = 1 << (PRECISION_BITS - 1);
/** Keys' cubic convolution kernel reaches two samples to either side. */
const SUPPORT = 2;

/** What each output sample is made of, along one side. */
export interface Weights {
	/** First source sample of each output sample. */
	start: Int32Array;
	/** Number of source samples of each output sample. */
	length: Int32Array;
	/** Fixed-point weights, `stride` a output sample. */
	values: Int32Array;
	stride: number;
}

/**
 * Resize one channel.
 * @param source uint8 samples, `width * height`, rows from the top.
 * @returns uint8 samples, `outWidth * outHeight`.
 */
export function resizeChannel(
	source: Uint8Array | Uint8ClampedArray,
	width: number,
	height: number,
	outWidth: number,
	outHeight: number
): Uint8Array {
	const across = outWidth === width ? null : weightsOf(width, outWidth);
	const down = outHeight === height ? null : weightsOf(height, outHeight);
	if (across && down && isHeightFirst(width, height, outWidth, outHeight)) {
		const columns = resizeColumns(source, width, outHeight, down);
		return resizeRows(columns, width, outHeight, outWidth, across);
	}
	const rows = across
		? resizeRows(source, width, height, outWidth, across)
		: new Uint8Array(source.buffer, source.byteOffset, source.length);
	return down ? resizeColumns(rows, outWidth, outHeight, down) : rows;
}

/**
 * Pillow 13 takes the height first where it shrinks much more than the width (its pull
 * request 9549); the order shows in the rounding between the passes.
 */
export function isHeightFirst(
	width: number,
	height: number,
	outWidth: number,
	outHeight: number
): boolean {
	return height > outHeight && height - outHeight > 2 * (width - outWidth);
}

function cubic(x: number): number {
	const a = -0.5;
	const d = Math.abs(x);
	if (d < 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
	if (d < 2) return (((d - 5) * d + 8) * d - 4) * a;
	return 0;
}

/**
 * @param size source samples along the side.
 * @param outSize samples that come out.
 */
export function weightsOf(size: number, outSize: number): Weights {
	const scale = size / outSize;
	const filterScale = Math.max(scale, 1);
	const support = SUPPORT * filterScale;
	const stride = Math.ceil(support) * 2 + 1;
	const start = new Int32Array(outSize);
	const length = new Int32Array(outSize);
	const values = new Int32Array(outSize * stride);
	const raw = new Float64Array(stride);
	for (let out = 0; out < outSize; out++) {
		const centre = (out + 0.5) * scale;
		const first = Math.max(0, Math.trunc(centre - support + 0.5));
		const count = Math.min(size, Math.trunc(centre + support + 0.5)) - first;
		let sum = 0;
		for (let i = 0; i < count; i++) {
			raw[i] = cubic((i + first - centre + 0.5) / filterScale);
			sum += raw[i];
		}
		for (let i = 0; i < count; i++) {
			const fixed = (raw[i] / sum) * (1 << PRECISION_BITS);
			values[out * stride + i] = Math.trunc(fixed < 0 ? fixed - 0.5 : fixed + 0.5);
		}
		start[out] = first;
		length[out] = count;
	}
	return { start, length, values, stride };
}

function resizeRows(
	source: Uint8Array | Uint8ClampedArray,
	width: number,
	height: number,
	outWidth: number,
	weights: Weights
): Uint8Array {
	const { start, length, values, stride } = weights;
	const result = new Uint8ClampedArray(outWidth * height);
	for (let y = 0; y < height; y++) {
		const row = y * width;
		const outRow = y * outWidth;
		for (let out = 0; out < outWidth; out++) {
			let sum = ROUNDING;
			const from = row + start[out];
			const at = out * stride;
			const count = length[out];
			for (let i = 0; i < count; i++) sum = (sum + Math.imul(source[from + i], values[at + i])) | 0;
			result[outRow + out] = sum >> PRECISION_BITS;
		}
	}
	return new Uint8Array(result.buffer);
}

function resizeColumns(
	source: Uint8Array | Uint8ClampedArray,
	width: number,
	outHeight: number,
	weights: Weights
): Uint8Array {
	const { start, length, values, stride } = weights;
	const result = new Uint8ClampedArray(width * outHeight);
	const sums = new Int32Array(width);
	for (let out = 0; out < outHeight; out++) {
		sums.fill(ROUNDING);
		for (let i = 0; i < length[out]; i++) {
			const weight = values[out * stride + i];
			const row = (start[out] + i) * width;
			for (let x = 0; x < width; x++) sums[x] = (sums[x] + Math.imul(source[row + x], weight)) | 0;
		}
		for (let x = 0; x < width; x++) result[out * width + x] = sums[x] >> PRECISION_BITS;
	}
	return new Uint8Array(result.buffer);
}
