/** DICOM's run-length packing (PS3.5, annex G). */
import { unpackBits } from '../codecs/pack-bits';

const HEADER_BYTES = 64;

/**
 * Unpack a frame: one segment for each byte of each channel, high bytes first.
 * @param bytesPerSample 1 or 2. @param channels 1 or 3. @param pixels width * height.
 * @returns interleaved samples. @throws Error where segments are missing or end early.
 */
export function unpackRle(
	frame: Uint8Array,
	pixels: number,
	channels: number,
	bytesPerSample: 1 | 2
): Uint8Array | Uint16Array {
	const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
	const count = view.getUint32(0, true);
	if (count !== channels * bytesPerSample) throw new Error(`${count} segments`);
	const starts = Array.from({ length: count }, (_, i) => view.getUint32(4 + 4 * i, true));
	const samples =
		bytesPerSample === 2 ? new Uint16Array(pixels * channels) : new Uint8Array(pixels * channels);
	const plane = new Uint8Array(pixels);
	starts.forEach((start, segment) => {
		if (start < HEADER_BYTES) throw new Error('a segment inside the header');
		const written = unpackBits(frame.subarray(start, starts[segment + 1]), plane);
		if (written < pixels) throw new Error('a segment ends early');
		const channel = Math.floor(segment / bytesPerSample);
		const isHigh = bytesPerSample === 2 && segment % 2 === 0;
		for (let i = 0, at = channel; i < pixels; i++, at += channels) {
			samples[at] |= isHigh ? plane[i] << 8 : plane[i];
		}
	});
	return samples;
}
