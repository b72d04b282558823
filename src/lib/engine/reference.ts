/** The reference vectors of a manifest: what a lane must reproduce before it may read. */
import type { Manifest } from '../models/manifest';

export interface ReferenceImage {
	id: string;
	/** uint8, height x width x channels. */
	pixels: Uint8Array;
	logits: number[];
	/** Null where the model has none. */
	distance: number | null;
}

/** Unpack the vectors. @throws when they are not what the manifest says they are. */
export async function referenceImages(manifest: Manifest): Promise<ReferenceImage[]> {
	const { width, height, channels } = manifest.classifier.input;
	const expected = width * height * channels;
	return Promise.all(
		manifest.referenceVectors.map(async ({ id, pixels, logits, distance = null }) => {
			const bytes = await inflate(pixels, expected);
			if (bytes.length !== expected) throw new Error(`reference vector ${id} has a wrong size`);
			return { id, pixels: bytes, logits, distance };
		})
	);
}

/** Raw deflate in base64. @throws past `most` bytes. */
export async function inflate(base64: string, most: number): Promise<Uint8Array> {
	const packed = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
	const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
	const bytes = new Uint8Array(most);
	let length = 0;
	const reader = stream.getReader();
	for (;;) {
		const { done, value } = await reader.read();
		if (done) return bytes.subarray(0, length);
		if (length + value.length > most) throw new Error('a reference vector is too large');
		bytes.set(value, length);
		length += value.length;
	}
}

/** Largest absolute difference of two lists of logits; Infinity where one is no number. */
export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
	if (actual.length !== expected.length) return Infinity;
	let largest = 0;
	for (let i = 0; i < expected.length; i++) {
		const difference = Math.abs(actual[i] - expected[i]);
		if (!(difference <= Number.MAX_VALUE)) return Infinity;
		largest = Math.max(largest, difference);
	}
	return largest;
}

/**
 * Relative difference of two distances, |actual - expected| / max(1, |expected|); 0 where
 * neither is there, Infinity where one is missing or no number.
 */
export function distanceDifference(actual: number | null, expected: number | null): number {
	if (actual === null && expected === null) return 0;
	if (actual === null || expected === null) return Infinity;
	const difference = Math.abs(actual - expected) / Math.max(1, Math.abs(expected));
	return difference <= Number.MAX_VALUE ? difference : Infinity;
}
