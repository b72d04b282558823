/**
 * A strict check of the entropy-coded data of a JPEG (ITU T.81): every code is decoded to the last
 * block of the last line, without making pixels. Browsers and most codecs fill what is missing with
 * grey and say nothing, and half a lung must not be scored.
 */
import { viewOf } from '../bytes';
import { BitReader, readHuffmanTables, ScanError, type HuffmanTables } from './bits';
import { readScan } from './scan';
import { frameOf, isComplete, scanOf, type Frame, type Scan } from './scan-headers';
import { isFrameMarker } from './segments';

/** What came of the check. */
export type Entropy =
	/** `end`: where the entropy-coded data end; `hasEnd`: whether the end marker follows. */
	| { is: 'whole'; end: number; hasEnd: boolean }
	| { is: 'truncated' }
	| { is: 'damaged' }
	/** Arithmetic coding, hierarchical processes and JPEG-LS are not checked. */
	| { is: 'unknown' };

const CHECKED = [0, 1, 2, 3];
const EOI = 0xd9;
const SOS = 0xda;

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
	const tables: HuffmanTables = { dc: [], ac: [] };
	let frame: Frame | null = null;
	let interval = 0;
	let end = 0;
	for (let at = 2; ;) {
		if (at + 1 >= bytes.length || bytes[at] !== 0xff || bytes[at + 1] === 0) {
			const isWhole = frame !== null && end > 0 && isComplete(frame);
			if (isWhole && !isInsideScan(bytes, at) && !endsInZeros(bytes, end))
				return { is: 'whole', end, hasEnd: false };
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
		if (marker === 0xc4) readHuffmanTables(segment, tables);
		else if (marker === 0xdd) interval = view.getUint16(at + 4);
		else if (isFrameMarker(marker)) {
			if (frame) throw new ScanError(false);
			if (!CHECKED.includes(marker - 0xc0)) return { is: 'unknown' };
			frame = frameOf(segment, marker - 0xc0);
		} else if (marker === SOS) {
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
	if (!components.some(({ ac }) => ac !== null && (ac.long[0] & 0xff) !== 0)) return false;
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
 * Whether the last blocks were decoded from zeros that go on behind them, in a file without an end
 * marker: its end was overwritten.
 */
function endsInZeros(bytes: Uint8Array, end: number): boolean {
	const isZero = bytes[end - 1] === 0 && bytes[end - 2] !== 0xff;
	return isZero && !bytes[end] && !bytes[end + 1];
}

/**
 * Whether bytes behind the last block belong to the scan: then codes were lost before them. A
 * trailer in the place of the end marker, as some phones write it, has no such marker.
 */
function isInsideScan(bytes: Uint8Array, from: number): boolean {
	for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
		const marker = bytes[at + 1];
		const isOfScan = marker === EOI || marker === SOS || (marker >= 0xd0 && marker <= 0xd7);
		if (marker !== 0) return isOfScan;
	}
	return false;
}
