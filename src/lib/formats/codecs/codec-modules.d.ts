/** Codecs that come without types: what is used of them. */

interface EmscriptenDecoder {
	/** Room for the packed bytes inside the codec's memory. */
	getEncodedBuffer(length: number): Uint8Array;
	decode(): void;
	/** Unpacked samples inside the codec's memory; gone after `delete`. */
	getDecodedBuffer(): Uint8Array | Uint8ClampedArray;
	getFrameInfo(): {
		width: number;
		height: number;
		bitsPerSample: number;
		componentCount: number;
		isSigned: boolean;
	};
	delete(): void;
}
type EmscriptenFactory = (options: {
	wasmBinary: ArrayBuffer;
	print: (line: string) => void;
	printErr: (line: string) => void;
}) => Promise<Record<string, new () => EmscriptenDecoder>>;

declare module '@cornerstonejs/codec-charls/decodewasmjs' {
	const create: EmscriptenFactory;
	export default create;
}
declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
	const create: EmscriptenFactory;
	export default create;
}
declare module '@cornerstonejs/codec-openjph/wasmjs' {
	const create: EmscriptenFactory;
	export default create;
}
declare module '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs' {
	const create: EmscriptenFactory;
	export default create;
}
declare module 'jpeg-lossless-decoder-js' {
	export class Decoder {
		/** Samples, components side by side: bytes, or words where there are more than 8 bits. */
		decompress(buffer: ArrayBufferLike, offset: number, length: number): ArrayBuffer;
	}
}
