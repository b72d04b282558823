/** Walks through the codes of one JPEG scan (ITU T.81, annexes F, G and H), without making pixels. */
import { ScanError, type BitReader, type Huffman } from './bits';
import type { Frame, Scan } from './scan-headers';

/**
 * Decode every code of a scan.
 * @returns where its data end.
 * @throws ScanError
 */
export function readScan(reader: BitReader, frame: Frame, scan: Scan, interval: number): number {
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
		const symbol = reader.symbolAndValue(ac);
		const run = symbol >> 4;
		const size = symbol & 15;
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
