/**
 * A strict check of the entropy-coded data of a JPEG (ITU T.81): every code is decoded to the last
 * block of the last line, without making pixels. Browsers and most codecs fill what is missing with
 * grey and say nothing, and half a lung must not be scored.
 */
import { viewOf } from '../bytes';
import { BitReader, huffmanTable, ScanError, type Huffman } from './bits';
import { isFrameMarker } from './segments';

/** What came of the check. */
export type Entropy =
	/** `end`: where the entropy-coded data end; `hasEnd`: whether the end marker follows. */
	| { is: 'whole'; end: number; hasEnd: boolean }
	| { is: 'truncated' }
	| { is: 'damaged' }
	/** Arithmetic coding, hierarchical processes and JPEG-LS are not checked. */
	| { is: 'unknown' };

interface Component {
	id: number;
	across: number;
	down: number;
	/** Blocks (samples where lossless) of a scan that holds this component alone. */
	blocksWide: number;
	blocksHigh: number;
	/** Blocks a row in an interleaved scan, where a row is filled up to whole units. */
	stride: number;
	rows: number;
	/** For each coefficient: bits that the scans so far have left out; -1 before the first. */
	left: Int8Array;
	/** Progressive: two words a block, a bit for each coefficient that is not zero. */
	known: Uint32Array;
	/** DC prediction. */
	level: number;
}

interface Frame {
	isProgressive: boolean;
	isLossless: boolean;
	bits: number;
	unitsWide: number;
	unitsHigh: number;
	components: Component[];
}

interface Scan {
	components: { component: Component; dc: Huffman | null; ac: Huffman | null }[];
	/** First and last coefficient. */
	from: number;
	to: number;
	/** Bits left out before and after this scan (progressive). */
	high: number;
	low: number;
}

const CHECKED = [0, 1, 2, 3];
const EOI = 0xd9;

/**
 * Check a whole JPEG.
 * @param bytes from its first marker on; what follows its end is not looked at.
 */
export function checkEntropy(bytes: Uint8Array): Entropy {
	try {
		return walk(bytes);
	} catch (error) {
		if (error instanceof ScanError) return { is: error.isCut ? 'truncated' : 'damaged' };
		if (error instanceof RangeError) return { is: 'truncated' };
		throw error;
	}
}

function walk(bytes: Uint8Array): Entropy {
	const view = viewOf(bytes);
	const tables: { dc: Huffman[]; ac: Huffman[] } = { dc: [], ac: [] };
	let frame: Frame | null = null;
	let interval = 0;
	let end = 0;
	for (let at = 2; ;) {
		if (at + 1 >= bytes.length || bytes[at] !== 0xff || bytes[at + 1] === 0) {
			const isWhole = frame !== null && end > 0 && isComplete(frame);
			if (isWhole && !isInsideScan(bytes, at)) return { is: 'whole', end, hasEnd: false };
			throw new ScanError(!isWhole && at + 1 >= bytes.length);
		}
		const marker = bytes[at + 1];
		if (marker === 0xff) {
			at++;
			continue;
		}
		if (marker === EOI) {
			if (!frame || !isComplete(frame)) throw new ScanError(true);
			return { is: 'whole', end: at, hasEnd: true };
		}
		if (marker >= 0xd0 && marker <= 0xd8) throw new ScanError(false);
		const length = view.getUint16(at + 2);
		const next = at + 2 + length;
		if (length < 2 || next > bytes.length) throw new ScanError(next > bytes.length);
		const segment = bytes.subarray(at + 4, next);
		if (marker === 0xc4) readTables(segment, tables);
		else if (marker === 0xdd) interval = view.getUint16(at + 4);
		else if (isFrameMarker(marker)) {
			if (frame) throw new ScanError(false);
			if (!CHECKED.includes(marker - 0xc0)) return { is: 'unknown' };
			frame = frameOf(segment, marker - 0xc0);
		} else if (marker === 0xda) {
			if (!frame) throw new ScanError(false);
			const scan = scanOf(segment, frame, tables);
			end = readScan(new BitReader(bytes, next), frame, scan, interval);
			if (!frame.isProgressive && isOverwritten(bytes.subarray(next, end), scan)) {
				throw new ScanError(false);
			}
			at = end;
			continue;
		}
		at = next;
	}
}

/** A lost sector of a disc reads as zeros; so many in a row code the same thing over and over. */
const MOST_ZEROS = 32;

/**
 * Whether a run of zeros stands where no image has one: where its codes are coefficients, not the
 * ends of flat blocks. JPEG finds its way back into step behind it, so that all blocks may be there.
 */
function isOverwritten(data: Uint8Array, { components }: Scan): boolean {
	if (!components.some(({ ac }) => ac !== null && (ac[0] & 0xff) !== 0)) return false;
	for (let at = MOST_ZEROS - 1; at < data.length; at += MOST_ZEROS) {
		if (data[at] !== 0) continue;
		let [from, to] = [at, at + 1];
		while (from > 0 && data[from - 1] === 0) from--;
		while (to < data.length && data[to] === 0) to++;
		if (to - from >= MOST_ZEROS) return true;
	}
	return false;
}

/**
 * Whether bytes behind the last block belong to the scan: then codes were lost before them. A
 * trailer in the place of the end marker, as some phones write it, has no such marker.
 */
function isInsideScan(bytes: Uint8Array, from: number): boolean {
	for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
		const marker = bytes[at + 1];
		if (marker !== 0) return marker === EOI || (marker >= 0xd0 && marker <= 0xd7);
	}
	return false;
}

function readTables(segment: Uint8Array, tables: { dc: Huffman[]; ac: Huffman[] }): void {
	for (let at = 0; at < segment.length;) {
		const { table, length } = huffmanTable(segment.subarray(at + 1));
		(segment[at] >> 4 === 0 ? tables.dc : tables.ac)[segment[at] & 15] = table;
		at += 1 + length;
	}
}

function frameOf(segment: Uint8Array, process: number): Frame {
	const [bits, high, low, wide, narrow, count] = segment;
	const [height, width] = [high * 256 + low, wide * 256 + narrow];
	if (segment.length < 6 + 3 * count || !width || !height || !count) throw new ScanError(false);
	const sampling = Array.from({ length: count }, (_, i) => segment[7 + 3 * i]);
	const [most, mostDown] = [
		Math.max(...sampling.map((pair) => pair >> 4)),
		Math.max(...sampling.map((pair) => pair & 15))
	];
	const isLossless = process === 3;
	const side = isLossless ? 1 : 8;
	const unitsWide = Math.ceil(width / (side * most));
	const unitsHigh = Math.ceil(height / (side * mostDown));
	const components = sampling.map((pair, i): Component => {
		const [across, down] = [pair >> 4, pair & 15];
		if (across < 1 || across > 4 || down < 1 || down > 4) throw new ScanError(false);
		const [stride, rows] = [unitsWide * across, unitsHigh * down];
		return {
			id: segment[6 + 3 * i],
			across,
			down,
			blocksWide: Math.ceil(Math.ceil((width * across) / most) / side),
			blocksHigh: Math.ceil(Math.ceil((height * down) / mostDown) / side),
			stride,
			rows,
			left: new Int8Array(64).fill(-1),
			known: new Uint32Array(process === 2 ? 2 * stride * rows : 0),
			level: 0
		};
	});
	return { isProgressive: process === 2, isLossless, bits, unitsWide, unitsHigh, components };
}

function scanOf(segment: Uint8Array, frame: Frame, tables: { dc: Huffman[]; ac: Huffman[] }): Scan {
	const count = segment[0];
	if (count < 1 || count > 4 || segment.length < 4 + 2 * count) throw new ScanError(false);
	const [first, last, point] = segment.subarray(1 + 2 * count);
	const isSequential = !frame.isProgressive;
	const [from, to] = isSequential ? [0, 63] : [first, last];
	const [high, low] = isSequential ? [0, 0] : [point >> 4, point & 15];
	const isBand = from === 0 ? to === 0 || isSequential : to >= from && to < 64 && count === 1;
	if (!isBand || (high !== 0 && high !== low + 1)) throw new ScanError(false);
	const components = Array.from({ length: count }, (_, i) => {
		const component = frame.components.find(({ id }) => id === segment[1 + 2 * i]);
		if (!component) throw new ScanError(false);
		const selector = segment[2 + 2 * i];
		const dc = tables.dc[selector >> 4] ?? null;
		const ac = tables.ac[selector & 15] ?? null;
		// What a scan refines must be what one before it has left out.
		for (let k = from; k <= (frame.isLossless ? 0 : to); k++) {
			const before = component.left[k];
			if (high === 0 ? before !== -1 : before !== high) throw new ScanError(false);
			component.left[k] = low;
		}
		return { component, dc, ac };
	});
	return { components, from, to, high, low };
}

/** Whether the scans have brought every bit of every coefficient. */
function isComplete({ components, isLossless }: Frame): boolean {
	return components.every(({ left }) =>
		isLossless ? left[0] === 0 : left.every((bits) => bits === 0)
	);
}

/** @returns where the data of the scan end. */
function readScan(reader: BitReader, frame: Frame, scan: Scan, interval: number): number {
	const { components } = scan;
	const isAlone = components.length === 1;
	const [{ component: only }] = components;
	const wide = isAlone ? only.blocksWide : frame.unitsWide;
	const total = wide * (isAlone ? only.blocksHigh : frame.unitsHigh);
	const state = { run: 0 };
	let restarts = 0;
	for (const { component } of components) component.level = 0;
	for (let unit = 0; unit < total; unit++) {
		if (interval > 0 && unit > 0 && unit % interval === 0) {
			if (state.run > 0) throw new ScanError(false);
			reader.restart(restarts++ % 8);
			for (const { component } of components) component.level = 0;
		}
		const [column, row] = [unit % wide, Math.floor(unit / wide)];
		for (const part of components) {
			const { component } = part;
			if (isAlone) {
				readBlock(reader, frame, scan, part, row * component.stride + column, state);
				continue;
			}
			for (let y = 0; y < component.down; y++) {
				for (let x = 0; x < component.across; x++) {
					const block =
						(row * component.down + y) * component.stride + column * component.across + x;
					readBlock(reader, frame, scan, part, block, state);
				}
			}
		}
	}
	if (state.run > 0) throw new ScanError(false);
	return reader.finish();
}

type Part = Scan['components'][number];

function readBlock(
	reader: BitReader,
	frame: Frame,
	scan: Scan,
	part: Part,
	block: number,
	state: { run: number }
): void {
	if (frame.isLossless) {
		const size = reader.symbol(part.dc);
		if (size > 16) throw new ScanError(false);
		if (size < 16) reader.skip(size);
	} else if (!frame.isProgressive) {
		readDc(reader, part, frame.bits);
		readCoefficients(reader, part.ac, frame.bits);
	} else if (scan.from === 0) {
		if (scan.high === 0) readDc(reader, part, frame.bits);
		else reader.skip(1);
	} else if (scan.high === 0) {
		firstBand(reader, frame, scan, part, block, state);
	} else {
		refineBand(reader, scan, part, block, state);
	}
}

/** A DC difference (F.1.2.1); the level itself has a range too. */
function readDc(reader: BitReader, { component, dc }: Part, bits: number): void {
	const size = reader.symbol(dc);
	if (size > bits + 4) throw new ScanError(false);
	component.level += reader.signed(size);
	if (Math.abs(component.level) > 2 ** (bits + 4)) throw new ScanError(false);
}

/** The AC coefficients of a sequential block (F.1.2.2). */
function readCoefficients(reader: BitReader, ac: Huffman | null, bits: number): void {
	for (let k = 1; k < 64; k++) {
		const symbol = reader.symbol(ac);
		const [run, size] = [symbol >> 4, symbol & 15];
		if (size === 0) {
			if (run === 15) {
				k += 15;
				continue;
			}
			if (run > 0) throw new ScanError(false);
			return;
		}
		k += run;
		if (k > 63 || size > bits + 3) throw new ScanError(false);
		reader.skip(size);
	}
}

/** The first scan of a band of a progressive image (G.1.2.2). */
function firstBand(
	reader: BitReader,
	{ bits }: Frame,
	{ from, to }: Scan,
	{ component, ac }: Part,
	block: number,
	state: { run: number }
): void {
	if (state.run > 0) {
		state.run--;
		return;
	}
	for (let k = from; k <= to; k++) {
		const symbol = reader.symbol(ac);
		const [run, size] = [symbol >> 4, symbol & 15];
		if (size === 0) {
			if (run === 15) {
				k += 15;
				continue;
			}
			state.run = (1 << run) - 1 + reader.take(run);
			return;
		}
		k += run;
		if (k > to || size > bits + 3) throw new ScanError(false);
		reader.skip(size);
		component.known[2 * block + (k >> 5)] |= 1 << (k & 31);
	}
}

/** A later scan of the band (G.1.2.3): a bit for each coefficient that is known already. */
function refineBand(
	reader: BitReader,
	{ from, to }: Scan,
	{ component, ac }: Part,
	block: number,
	state: { run: number }
): void {
	const { known } = component;
	const isKnown = (k: number) => ((known[2 * block + (k >> 5)] >>> (k & 31)) & 1) === 1;
	let k = from;
	if (state.run === 0) {
		for (; k <= to; k++) {
			const symbol = reader.symbol(ac);
			const [zeros, size] = [symbol >> 4, symbol & 15];
			if (size > 1) throw new ScanError(false);
			if (size === 0 && zeros < 15) {
				state.run = (1 << zeros) + reader.take(zeros);
				break;
			}
			if (size === 1) reader.skip(1);
			for (let run = zeros; k <= to; k++) {
				if (isKnown(k)) reader.skip(1);
				else if (run-- === 0) break;
			}
			if (k > to && size === 1) throw new ScanError(false);
			if (size === 1) known[2 * block + (k >> 5)] |= 1 << (k & 31);
		}
	}
	if (state.run > 0) {
		for (; k <= to; k++) if (isKnown(k)) reader.skip(1);
		state.run--;
	}
}
