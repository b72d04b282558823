/**
 * Grey JPEGs of 12 bits (process 4, sequential, Huffman). Browsers and the codecs on npm read
 * 8 bits only, and the one package that reads 12 weighs 4 MB.
 * Source: ITU T.81: markers in annex B, decoding in annex F.2, the inverse DCT in A.3.3.
 */

import { BitReader, readHuffmanTables, type Huffman, type HuffmanTables } from '../jpeg/bits';

/** Places of the coefficients in the order of the stream (figure A.6). */
const ZIGZAG = [
	0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
	13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52,
	45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63
];

interface Tables extends HuffmanTables {
	quantisation: Int32Array[];
	restartInterval: number;
}

/**
 * @param bytes a whole JPEG of one component.
 * @returns samples, `width * height`, rows from the top.
 * @throws Error where it is damaged, ends early, or is of another process.
 */
export function decodeSequential(bytes: Uint8Array): Uint16Array {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const tables: Tables = { quantisation: [], dc: [], ac: [], restartInterval: 0 };
	let frame: { bits: number; width: number; height: number; quantisation: number } | null = null;
	for (let at = 2; at + 4 <= bytes.length;) {
		if (bytes[at] !== 0xff) throw new Error('no marker');
		const marker = bytes[at + 1];
		if (marker === 0xff) {
			at++;
			continue;
		}
		const end = at + 2 + view.getUint16(at + 2);
		const segment = bytes.subarray(at + 4, end);
		if (marker === 0xdb) readQuantisation(segment, tables);
		else if (marker === 0xc4) readHuffmanTables(segment, tables);
		else if (marker === 0xdd) tables.restartInterval = view.getUint16(at + 4);
		else if (marker === 0xc0 || marker === 0xc1) {
			if (bytes[at + 9] !== 1) throw new Error('more than one component');
			frame = {
				bits: bytes[at + 4],
				height: view.getUint16(at + 5),
				width: view.getUint16(at + 7),
				quantisation: bytes[at + 12]
			};
		} else if (marker >= 0xc2 && marker <= 0xcf && marker !== 0xc8 && marker !== 0xcc) {
			throw new Error('another process');
		} else if (marker === 0xda) {
			if (!frame) throw new Error('no frame header');
			const quantisation = tables.quantisation[frame.quantisation];
			const dc = tables.dc[segment[2] >> 4];
			const ac = tables.ac[segment[2] & 15];
			if (!quantisation || !dc || !ac) throw new Error('a table is missing');
			const scan = new BitReader(bytes, end);
			return readScan(scan, frame, quantisation, dc, ac, tables.restartInterval);
		}
		at = end;
	}
	throw new Error('no scan');
}

function readQuantisation(segment: Uint8Array, tables: Tables): void {
	for (let at = 0; at < segment.length;) {
		const [isWide, id] = [segment[at] >> 4 === 1, segment[at] & 15];
		at++;
		const size = isWide ? 128 : 64;
		if (at + size > segment.length) throw new Error('short table');
		const start = at;
		tables.quantisation[id] = Int32Array.from({ length: 64 }, (_, i) =>
			isWide ? segment[start + 2 * i] * 256 + segment[start + 2 * i + 1] : segment[start + i]
		);
		at += size;
	}
}

function readScan(
	scan: BitReader,
	{ bits, width, height }: { bits: number; width: number; height: number },
	quantisation: Int32Array,
	dc: Huffman,
	ac: Huffman,
	restartInterval: number
): Uint16Array {
	const result = new Uint16Array(width * height);
	const across = Math.ceil(width / 8);
	const down = Math.ceil(height / 8);
	const top = 2 ** bits - 1;
	const coefficients = new Float64Array(64);
	const samples = new Float64Array(64);
	let level = 0;
	let restarts = 0;
	for (let block = 0; block < across * down; block++) {
		if (restartInterval > 0 && block > 0 && block % restartInterval === 0) {
			scan.restart(restarts++ % 8);
			level = 0;
		}
		coefficients.fill(0);
		level += scan.signed(scan.symbol(dc));
		coefficients[0] = level * quantisation[0];
		for (let i = 1; i < 64; i++) {
			const symbol = scan.symbol(ac);
			const [run, size] = [symbol >> 4, symbol & 15];
			if (size === 0 && run < 15) break;
			i += run;
			if (i > 63) throw new Error('a block runs over');
			if (size > 0) coefficients[ZIGZAG[i]] = scan.signed(size) * quantisation[i];
		}
		inverseDct(coefficients, samples);
		const left = (block % across) * 8;
		const upper = Math.floor(block / across) * 8;
		for (let y = 0; y < 8 && upper + y < height; y++) {
			for (let x = 0; x < 8 && left + x < width; x++) {
				const value = Math.round(samples[8 * y + x]) + (top + 1) / 2;
				result[(upper + y) * width + left + x] = Math.min(top, Math.max(0, value));
			}
		}
	}
	return result;
}

/** `WAVES[8 * x + u]`: the wave of frequency u at place x, with its factor. */
const WAVES = Float64Array.from({ length: 64 }, (_, i) => {
	const [x, u] = [i >> 3, i & 7];
	return (Math.cos(((2 * x + 1) * u * Math.PI) / 16) * (u === 0 ? Math.SQRT1_2 : 1)) / 2;
});
const half = new Float64Array(64);

function inverseDct(coefficients: Float64Array, samples: Float64Array): void {
	for (let v = 0; v < 8; v++) {
		for (let x = 0; x < 8; x++) {
			let sum = 0;
			for (let u = 0; u < 8; u++) sum += coefficients[8 * v + u] * WAVES[8 * x + u];
			half[8 * v + x] = sum;
		}
	}
	for (let y = 0; y < 8; y++) {
		for (let x = 0; x < 8; x++) {
			let sum = 0;
			for (let v = 0; v < 8; v++) sum += half[8 * v + x] * WAVES[8 * y + v];
			samples[8 * y + x] = sum;
		}
	}
}
