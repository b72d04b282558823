/** What the headers of a JPEG say of its frame and its scans (ITU T.81, B.2.2 and B.2.3). */
import { ScanError, type Huffman, type HuffmanTables } from './bits';

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

export interface Frame {
	isProgressive: boolean;
	isLossless: boolean;
	bits: number;
	unitsWide: number;
	unitsHigh: number;
	components: Component[];
}

export interface Scan {
	components: { component: Component; dc: Huffman | null; ac: Huffman | null }[];
	/** First and last coefficient. */
	from: number;
	to: number;
	/** Bits left out before and after this scan (progressive). */
	high: number;
	low: number;
}

export function frameOf(segment: Uint8Array, process: number): Frame {
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

export function scanOf(segment: Uint8Array, frame: Frame, tables: HuffmanTables): Scan {
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
export function isComplete({ components, isLossless }: Frame): boolean {
	return components.every(({ left }) =>
		isLossless ? left[0] === 0 : left.every((bits) => bits === 0)
	);
}
