// Decodes JPEG and PNG files under Node. The JPEG decoder is not the browser's.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { decode as decodePng } from 'fast-png';

const require = createRequire(import.meta.url);

/** Interleaved pixels, `stride` values each. */
export type Raster = { width: number; height: number; stride: number; data: Uint8Array };

/** Gives what decodes a JPEG or a PNG; that throws where the bytes are neither, or broken. */
export async function openImageReader(): Promise<(bytes: Buffer) => Raster> {
	const decodeJpeg = await jpegDecoder();
	return (bytes) => {
		if (bytes.readUInt16BE(0) === 0xffd8) return decodeJpeg(bytes);
		if (bytes.toString('latin1', 1, 4) === 'PNG') return readPng(bytes);
		throw new Error('neither JPEG nor PNG: use the browser for it');
	};
}

/** What is used of the codec, which comes without types. */
type Codec = (options: { wasmBinary: Buffer }) => Promise<{
	JPEGDecoder: new () => {
		getEncodedBuffer(length: number): Uint8Array;
		decode(): void;
		getFrameInfo(): { width: number; height: number; componentCount: number };
		getDecodedBuffer(): Uint8Array;
		delete(): void;
	};
}>;

/** The page's own JPEG codec for DICOM frames. */
async function jpegDecoder(): Promise<(bytes: Buffer) => Raster> {
	const folder = '@cornerstonejs/codec-libjpeg-turbo-8bit';
	const wasmBinary = await readFile(require.resolve(`${folder}/decodewasm`));
	const create = require(`${folder}/decodewasmjs`) as Codec;
	const module = await create({ wasmBinary });
	return (bytes) => {
		const decoder = new module.JPEGDecoder();
		try {
			decoder.getEncodedBuffer(bytes.length).set(bytes);
			decoder.decode();
			const { width, height, componentCount } = decoder.getFrameInfo();
			return { width, height, stride: componentCount, data: decoder.getDecodedBuffer().slice() };
		} finally {
			decoder.delete();
		}
	};
}

function readPng(bytes: Buffer): Raster {
	const { width, height, channels, depth, palette, data } = decodePng(bytes);
	if (depth !== 8 || palette || !(data instanceof Uint8Array)) {
		throw new Error('only 8-bit PNGs without a palette are read here');
	}
	return { width, height, stride: channels, data };
}
