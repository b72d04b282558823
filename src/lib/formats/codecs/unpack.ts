/**
 * Unpacks compressed frames. A codec is fetched when the first frame needs it; the service
 * worker has stored it with the rest of the program.
 */
import { joined } from '../bytes';
import { checkEntropy } from '../jpeg/entropy';
import { jpegFrame } from '../jpeg/segments';
import { checkCodestream, siz, type FramePacking, type WasmPacking } from './codestream';

/** Unpacked samples, interleaved. */
export interface Unpacked {
	width: number;
	height: number;
	channels: number;
	/** Bits of a sample; `data` has words where there are more than 8. */
	bits: number;
	data: Uint8Array | Uint16Array;
}

type Codec = () => EmscriptenDecoder;
/** What the codecs print while they decode: no warnings where the data are in order. */
const warnings = { count: 0 };

const loaded = new Map<WasmPacking, Promise<Codec>>();

/**
 * Unpack one frame.
 * @param frame the packed bytes.
 * @param expected size by the file's header; a frame that says otherwise is not unpacked, so
 *   that none can ask for more memory than was checked.
 * @throws Error for a damaged frame or where a codec does not know a variant.
 */
export async function unpackFrame(
	packing: FramePacking,
	frame: Uint8Array,
	expected: { width: number; height: number }
): Promise<Unpacked> {
	return unpackWhole(packing, wholeFrame(packing, frame), expected);
}

const JPEG_END = Uint8Array.of(0xff, 0xd9);

/** Codecs fill what is missing: so it is checked first, and a JPEG ends with its end marker. */
function wholeFrame(packing: FramePacking, frame: Uint8Array): Uint8Array {
	if (packing === 'jpeg-2000' || packing === 'htj2k') {
		const found = checkCodestream(frame);
		if (found !== 'whole') throw new Error(`the frame is ${found}`);
	}
	if (packing !== 'jpeg' && packing !== 'jpeg-12' && packing !== 'jpeg-lossless') return frame;
	const entropy = checkEntropy(frame);
	if (entropy.is !== 'whole') throw new Error(`the frame is ${entropy.is}`);
	return entropy.hasEnd ? frame : joined([frame.subarray(0, entropy.end), JPEG_END]);
}

/** The same as `unpackFrame` for a JPEG that was checked already. */
export async function unpackWhole(
	packing: FramePacking,
	frame: Uint8Array,
	expected: { width: number; height: number }
): Promise<Unpacked> {
	const is2000 = packing === 'jpeg-2000' || packing === 'htj2k';
	const said = is2000 ? siz(frame) : jpegFrame(frame);
	if (!said) throw new Error('no frame header');
	if (said.width !== expected.width || said.height !== expected.height) {
		throw new Error('the frame has another size than the header');
	}
	if (said.channels !== 1 && said.channels !== 3) throw new Error('neither grey nor colour');
	if ('isUneven' in said && said.isUneven) throw new Error('channels that are not alike');
	const data = await unpackData(packing, frame, said.bits);
	if (data.length < said.width * said.height * said.channels) throw new Error('short frame');
	return { ...expected, channels: said.channels, bits: said.bits, data };
}

/** Adobe's marker of JPEGs whose colours are RGB as they stand (its technical note 5116). */
const ADOBE_RGB = [0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, 0];

/** A JPEG that does not say itself that its colours are RGB, where the file around it does. */
export function asRgbJpeg(frame: Uint8Array): Uint8Array {
	// Adobe's marker is one only in its full length; JFIF says that the colours are YCbCr.
	const isMarked = frame[3] === 0xee && frame[4] * 256 + frame[5] >= 14;
	if (frame[2] === 0xff && (isMarked || frame[3] === 0xe0)) return frame;
	const marked = new Uint8Array(frame.length + ADOBE_RGB.length);
	marked.set(frame.subarray(0, 2));
	marked.set(ADOBE_RGB, 2);
	marked.set(frame.subarray(2), 2 + ADOBE_RGB.length);
	return marked;
}

async function unpackData(packing: FramePacking, frame: Uint8Array, bits: number) {
	switch (packing) {
		case 'jpeg-lossless':
			return unpackLossless(frame, bits);
		case 'jpeg-12':
			return unpackTwelve(frame, bits);
		case 'jpeg':
		case 'jpeg-ls':
		case 'jpeg-2000':
		case 'htj2k':
			return unpackWasm(packing, frame, bits);
	}
}

async function unpackLossless(frame: Uint8Array, bits: number): Promise<Uint8Array | Uint16Array> {
	const { Decoder } = await import('jpeg-lossless-decoder-js');
	const samples = new Decoder().decompress(frame.buffer, frame.byteOffset, frame.byteLength);
	return bits > 8 ? new Uint16Array(samples) : new Uint8Array(samples);
}

/** Process 4 with 8 bits is what the quick codec reads. */
async function unpackTwelve(frame: Uint8Array, bits: number): Promise<Uint8Array | Uint16Array> {
	if (bits <= 8) return unpackWasm('jpeg', frame, bits);
	const { decodeSequential } = await import('./jpeg-sequential');
	return decodeSequential(frame);
}

/** Fetch a codec ahead of the first frame; where it cannot be had, that frame says so. */
export function warmUpCodec(packing: WasmPacking): void {
	void (loaded.get(packing) ?? load(packing)).catch(() => undefined);
}

async function unpackWasm(
	packing: WasmPacking,
	frame: Uint8Array,
	bits: number
): Promise<Uint8Array | Uint16Array> {
	const make = await (loaded.get(packing) ?? load(packing));
	try {
		const decoder = make();
		decoder.getEncodedBuffer(frame.length).set(frame);
		warnings.count = 0;
		decoder.decode();
		if (warnings.count > 0) throw new Error('the codec warns');
		const samples = decoder.getDecodedBuffer().slice();
		decoder.delete();
		return bits > 8 ? new Uint16Array(samples.buffer) : new Uint8Array(samples.buffer);
	} catch (error) {
		// Its memory may be in disorder: the next frame gets a fresh one.
		loaded.delete(packing);
		throw error;
	}
}

function load(packing: WasmPacking): Promise<Codec> {
	const started = start(packing);
	loaded.set(packing, started);
	started.catch(() => loaded.delete(packing));
	return started;
}

async function start(packing: WasmPacking): Promise<Codec> {
	switch (packing) {
		case 'jpeg': {
			const { default: create } =
				await import('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs');
			const { default: wasm } =
				await import('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasm?url');
			return decoderOf(create, wasm, 'JPEGDecoder');
		}
		case 'jpeg-ls': {
			const { default: create } = await import('@cornerstonejs/codec-charls/decodewasmjs');
			const { default: wasm } = await import('@cornerstonejs/codec-charls/decodewasm?url');
			return decoderOf(create, wasm, 'JpegLSDecoder');
		}
		case 'jpeg-2000': {
			const { default: create } = await import('@cornerstonejs/codec-openjpeg/decodewasmjs');
			const { default: wasm } = await import('@cornerstonejs/codec-openjpeg/decodewasm?url');
			return decoderOf(create, wasm, 'J2KDecoder');
		}
		case 'htj2k': {
			const { default: create } = await import('@cornerstonejs/codec-openjph/wasmjs');
			const { default: wasm } = await import('@cornerstonejs/codec-openjph/wasm?url');
			return decoderOf(create, wasm, 'HTJ2KDecoder');
		}
	}
}

async function decoderOf(create: EmscriptenFactory, wasm: string, name: string): Promise<Codec> {
	const answer = await fetch(wasm);
	if (!answer.ok) throw new Error(`no codec: ${answer.status}`);
	// OpenJPEG says what it does as well, and minds a count of parts that old encoders wrote.
	const warn = (line: string) => {
		if (/^\[(WARNING|ERROR)\](?!.*TPsot==TNsot)/.test(line)) warnings.count++;
	};
	const wasmBinary = await answer.arrayBuffer();
	const module = await create({ wasmBinary, print: warn, printErr: warn });
	return () => new module[name]();
}
