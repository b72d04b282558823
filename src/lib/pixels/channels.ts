/** From interleaved pixels to the channels that a model takes. */

/**
 * Grey as Pillow's `convert('L')`: ITU-R 601 luma in 16-bit fixed point; alpha is dropped.
 * @param pixels uint8, `stride` values a pixel, red, green and blue first.
 * @returns uint8, one value a pixel. Equal channels come out unchanged.
 */
export function greyOf(pixels: ArrayLike<number>, stride: number): Uint8Array {
	const count = Math.floor(pixels.length / stride);
	const grey = new Uint8Array(count);
	for (let i = 0, at = 0; i < count; i++, at += stride) {
		grey[i] = (pixels[at] * 19595 + pixels[at + 1] * 38470 + pixels[at + 2] * 7471 + 0x8000) >> 16;
	}
	return grey;
}

/** One channel out of interleaved pixels, uint8. */
export function channelOf(pixels: ArrayLike<number>, stride: number, channel: number): Uint8Array {
	const count = Math.floor(pixels.length / stride);
	const result = new Uint8Array(count);
	for (let i = 0, at = channel; i < count; i++, at += stride) result[i] = pixels[at];
	return result;
}

/** 16-bit samples to 8 bits: divided by 257 and rounded, so that 65535 becomes 255. */
export function eightBits(samples: Uint16Array): Uint8Array {
	const result = new Uint8Array(samples.length);
	for (let i = 0; i < samples.length; i++) result[i] = Math.round(samples[i] / 257);
	return result;
}

/** Samples of so many bits, or of 8, to 8 bits: the largest value becomes 255. */
export function toEightBits(samples: Uint8Array | Uint16Array, bits: number): Uint8Array {
	if (samples instanceof Uint8Array) return samples;
	if (bits === 16) return eightBits(samples);
	const top = 2 ** bits - 1;
	const result = new Uint8Array(samples.length);
	for (let i = 0; i < samples.length; i++) {
		result[i] = Math.round((Math.min(samples[i], top) / top) * 255);
	}
	return result;
}

/**
 * The bits that values of a 16-bit container use, where they are 14 or fewer: such images come
 * from machines of 10, 12 or 14 bits, and are nearly black by the container's range.
 * @returns 16 where more are used, and for an image of zeros.
 */
export function bitsInUse(samples: Uint16Array): number {
	let all = 0;
	for (let i = 0; i < samples.length; i++) all |= samples[i];
	const bits = 32 - Math.clz32(all);
	return bits > 8 && bits <= 14 ? bits : 16;
}

/**
 * Channels of a pixel that differ by more than this are a colour. Of grey pictures saved in
 * colour (JPEG and WebP, qualities 30 to 95, Pillow 13) they differ by 1 at most.
 */
const LEAST_COLOUR = 4;
/**
 * The share of coloured pixels that makes a picture coloured. The palest of 3,000 stained cells
 * (`malaria/train`, at 112 px) has 0.15 of them, a grey picture none.
 */
const LEAST_SHARE = 0.02;

/** Whether red, green and blue, interleaved, show colours, not greys alone. */
export function hasColours(pixels: ArrayLike<number>): boolean {
	let coloured = 0;
	for (let i = 0; i + 2 < pixels.length; i += 3) {
		const [red, green, blue] = [pixels[i], pixels[i + 1], pixels[i + 2]];
		const spread = Math.max(red, green, blue) - Math.min(red, green, blue);
		if (spread > LEAST_COLOUR) coloured++;
	}
	return 3 * coloured >= LEAST_SHARE * pixels.length;
}

/** Channel planes to height x width x channels. */
export function interleave(planes: Uint8Array[]): Uint8Array {
	if (planes.length === 1) return planes[0];
	const result = new Uint8Array(planes[0].length * planes.length);
	planes.forEach((plane, channel) => {
		for (let i = 0; i < plane.length; i++) result[i * planes.length + channel] = plane[i];
	});
	return result;
}
