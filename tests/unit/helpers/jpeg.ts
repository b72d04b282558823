/** JPEGs that are made for a test, by libjpeg-turbo's own encoder. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/**
 * Pack greys as a baseline JPEG.
 * @param greys `width * height`; black where they are left out.
 */
export async function packJpeg(
	width: number,
	height: number,
	greys?: Uint8Array
): Promise<Uint8Array<ArrayBuffer>> {
	const require = createRequire(import.meta.url);
	const folder = '@cornerstonejs/codec-libjpeg-turbo-8bit';
	const wasmBinary = readFileSync(require.resolve(`${folder}/wasm`));
	const module = await require(`${folder}/wasmjs`)({ wasmBinary });
	const encoder = new module.JPEGEncoder();
	const frame = { width, height, bitsPerSample: 8, componentCount: 1, isSigned: false };
	const room = encoder.getDecodedBuffer(frame) as Uint8Array;
	room.set(greys ?? new Uint8Array(width * height));
	encoder.setQuality(90);
	encoder.encode();
	const packed = new Uint8Array(encoder.getEncodedBuffer() as Uint8Array);
	encoder.delete();
	return packed;
}
