/** The bits of a JPEG's scan, and its Huffman codes. */

/** The entropy-coded data are not what the headers ask for. */
export class ScanError extends Error {
	override name = 'ScanError';

	/** @param isCut whether the data end too early. */
	constructor(readonly isCut: boolean) {
		super(isCut ? 'the data end early' : 'the data are damaged');
	}
}

/** A Huffman code: the length of a code << 8, and its symbol; 0 is none. */
export interface Huffman {
	/** For each 16 bits that may come next. */
	long: Uint16Array;
	/** For each `SHORT` bits; 0 where the code is longer. It stays in the processor's first cache. */
	short: Uint16Array;
}

const SHORT = 10;

/** The tables that are defined so far, by their numbers. */
export interface HuffmanTables {
	dc: Huffman[];
	ac: Huffman[];
}

/** Add the tables of a segment to those before. @throws ScanError */
export function readHuffmanTables(segment: Uint8Array, tables: HuffmanTables): void {
	for (let at = 0; at < segment.length;) {
		const { table, length } = huffmanTable(segment.subarray(at + 1));
		(segment[at] >> 4 === 0 ? tables.dc : tables.ac)[segment[at] & 15] = table;
		at += 1 + length;
	}
}

/**
 * One table of a segment (ITU T.81, B.2.4.2 and annex C).
 * @param bytes 16 counts, then the symbols.
 * @returns the table, and the bytes that it takes.
 */
function huffmanTable(bytes: Uint8Array): { table: Huffman; length: number } {
	const long = new Uint16Array(65_536);
	const short = new Uint16Array(1 << SHORT);
	let at = 16;
	let code = 0;
	for (let length = 1; length <= 16; length++) {
		for (let i = 0; i < bytes[length - 1]; i++) {
			if (at >= bytes.length || code + (1 << (16 - length)) > 65_536) throw new ScanError(false);
			const next = code + (1 << (16 - length));
			const entry = (length << 8) | bytes[at++];
			long.fill(entry, code, next);
			if (length <= SHORT) short.fill(entry, code >> (16 - SHORT), next >> (16 - SHORT));
			code = next;
		}
	}
	if (bytes.length < 16) throw new ScanError(false);
	return { table: { long, short }, length: at };
}

/** Reads bits, without stuffed zeros, up to the next marker (B.1.1.5). */
export class BitReader {
	private held = 0;
	private count = 0;
	/** Of the bits that are held, those that stand behind the end. */
	private beyond = 0;

	constructor(
		private readonly bytes: Uint8Array,
		private at: number
	) {}

	/** The next symbol. @throws ScanError where there is no such code or table. */
	symbol(table: Huffman | null): number {
		const entry = this.entryOf(table);
		this.drop(entry >> 8);
		return entry & 0xff;
	}

	/**
	 * The next symbol; the bits of the value behind it, of which its lower half says how many there
	 * are, are passed. @throws ScanError as `symbol`.
	 */
	symbolAndValue(table: Huffman | null): number {
		const entry = this.entryOf(table);
		const length = entry >> 8;
		const size = entry & 15;
		if (length + size <= this.count) {
			this.drop(length + size);
		} else {
			this.drop(length);
			this.skip(size);
		}
		return entry & 0xff;
	}

	/** So many bits, 16 at most, as a number. */
	take(size: number): number {
		if (size === 0) return 0;
		if (this.count < size) this.fill();
		const value = (this.held >>> (this.count - size)) & ((1 << size) - 1);
		this.drop(size);
		return value;
	}

	/** A value of so many bits, negative in the lower half (EXTEND, F.2.2.1). */
	signed(size: number): number {
		const value = this.take(size);
		return size > 0 && value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
	}

	/** Pass so many bits, 16 at most. */
	skip(size: number): void {
		if (this.count < size) this.fill();
		this.drop(size);
	}

	/** Pass a restart marker. @param number the one that must come, 0 to 7. */
	restart(number: number): void {
		const at = this.finish();
		if (at + 1 >= this.bytes.length) throw new ScanError(true);
		if (this.bytes[at + 1] !== 0xd0 + number) throw new ScanError(false);
		this.at = at + 2;
		this.held = this.count = this.beyond = 0;
	}

	/**
	 * The end of the data: nothing but the rest of a byte may be left, and fill bytes.
	 * @returns the place of the next marker, or of the first byte behind the data.
	 */
	finish(): number {
		// Bytes that were taken and not needed.
		let at = this.at;
		for (let unread = (this.count - this.beyond) >> 3; unread > 0; unread--) {
			at -= this.bytes[at - 1] === 0 && this.bytes[at - 2] === 0xff ? 2 : 1;
		}
		const { bytes } = this;
		let end = at;
		while (end < bytes.length && bytes[end] === 0) end++;
		while (end + 1 < bytes.length && bytes[end] === 0xff && bytes[end + 1] === 0xff) end++;
		const isMarker = end + 1 < bytes.length && bytes[end] === 0xff && bytes[end + 1] !== 0;
		return isMarker ? end : at;
	}

	private get isAtEnd(): boolean {
		return this.at + 1 >= this.bytes.length;
	}

	/** Of the code that comes next. */
	private entryOf(table: Huffman | null): number {
		if (!table) throw new ScanError(false);
		if (this.count < 16) this.fill();
		const short = table.short[(this.held >>> (this.count - SHORT)) & ((1 << SHORT) - 1)];
		if (short !== 0) return short;
		const entry = table.long[(this.held >>> (this.count - 16)) & 0xffff];
		if (entry === 0) throw new ScanError(this.beyond > 0 && this.isAtEnd);
		return entry;
	}

	private drop(size: number): void {
		this.count -= size;
		if (this.count < this.beyond) throw new ScanError(this.isAtEnd);
	}

	private fill(): void {
		const { bytes } = this;
		while (this.count <= 16) {
			const byte = bytes[this.at];
			if (byte === undefined || (byte === 0xff && bytes[this.at + 1] !== 0)) {
				this.held <<= 8;
				this.beyond += 8;
			} else {
				this.held = (this.held << 8) | byte;
				this.at += byte === 0xff ? 2 : 1;
			}
			this.count += 8;
		}
	}
}
