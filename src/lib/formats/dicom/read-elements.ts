/**
 * Finds the elements of a DICOM data set. A parser of our own: `dicom-parser` believes the transfer
 * syntax where the bytes say otherwise, and refuses what other programs read
 * (docs/dependencies.md).
 */
import { viewOf } from '../bytes';
import { DataSet, DataSetError, PIXEL_DATA, type Element, type Encoding } from './elements';

const ITEM = 0xfffee000;
const ITEM_END = 0xfffee00d;
const SEQUENCE_END = 0xfffee0dd;
const UNDEFINED = 0xffffffff;
const LONG_VRS = /^(OB|OD|OF|OL|OV|OW|SQ|SV|UC|UN|UR|UT|UV)$/;
const VRS =
	/^(AE|AS|AT|CS|DA|DS|DT|FL|FD|IS|LO|LT|OB|OD|OF|OL|OV|OW|PN|SH|SL|SQ|SS|ST|SV|TM|UC|UI|UL|UN|UR|US|UT|UV)$/;
/** Sequences that are looked into; elements that are implicit do not say that they are some. */
const SEQUENCES = new Set(['x00082218', 'x00283000', 'x00283010', 'x00540220']);
/** Sequences in sequences; more is an attack. */
const MAX_DEPTH = 32;

/** How the elements from a place on are written, told from the first of them. */
export function encodingAt(bytes: Uint8Array, at: number): Encoding {
	const vr = String.fromCharCode(bytes[at + 4], bytes[at + 5]);
	const [low, high] = [bytes[at], bytes[at + 1]];
	// Groups at a file's start are small numbers.
	return { isExplicit: VRS.test(vr), isLittle: !(low === 0 && high > 0) };
}

/**
 * Read a data set to its end. Bytes behind the pixels that are no elements are passed over.
 * @param start where the first element begins.
 * @throws DataSetError
 */
export function readDataSet(bytes: Uint8Array, start: number, encoding: Encoding): DataSet {
	return readElements(bytes, start, bytes.length, encoding, 0).set;
}

/**
 * The elements of group 2 at the start of a file, which are explicit and little endian.
 * @returns where the data set begins.
 */
export function readMeta(bytes: Uint8Array, start: number): { set: DataSet; end: number } {
	const encoding = encodingAt(bytes, start);
	const set = new DataSet(bytes, { ...encoding, isLittle: true });
	let at = start;
	while (at + 8 <= bytes.length && bytes[at] === 2 && bytes[at + 1] === 0) {
		const { tag, element, next } = readElement(set, at, bytes.length, 0);
		if (element.isCut) throw new DataSetError(set);
		set.elements[tag] = element;
		at = next;
	}
	return { set, end: at };
}

function readElements(
	bytes: Uint8Array,
	start: number,
	limit: number,
	encoding: Encoding,
	depth: number
): { set: DataSet; end: number } {
	const set = new DataSet(bytes, encoding);
	if (depth > MAX_DEPTH) throw new DataSetError(set);
	let at = start;
	try {
		while (at + 8 <= limit) {
			const code = tagAt(set, at);
			if (code === ITEM_END || code === SEQUENCE_END) {
				if (depth > 0) return { set, end: at + 8 };
				// One too many, as after a sequence whose length is known.
				at += 8;
				continue;
			}
			const { tag, element, next } = readElement(set, at, limit, depth);
			const isBehind = PIXEL_DATA in set.elements && tag <= PIXEL_DATA;
			if (isBehind) break;
			set.elements[tag] = element;
			if (element.isCut && tag !== PIXEL_DATA) throw new DataSetError(set);
			at = next;
		}
	} catch (error) {
		if (depth === 0 && PIXEL_DATA in set.elements) return { set, end: at };
		if (depth === 0 && error instanceof DataSetError) throw new DataSetError(set);
		throw error;
	}
	if (at < limit && !(PIXEL_DATA in set.elements) && !isPadding(bytes, at, limit)) {
		throw new DataSetError(set);
	}
	return { set, end: limit };
}

function isPadding(bytes: Uint8Array, from: number, to: number): boolean {
	return bytes.subarray(from, to).every((byte) => byte === 0);
}

function tagAt(set: DataSet, at: number): number {
	const view = viewOf(set.byteArray);
	const { isLittle } = set.encoding;
	return view.getUint16(at, isLittle) * 0x10000 + view.getUint16(at + 2, isLittle);
}

interface Read {
	tag: string;
	element: Element;
	next: number;
}

function readElement(set: DataSet, at: number, limit: number, depth: number): Read {
	const { byteArray: bytes, encoding } = set;
	const { isLittle } = encoding;
	const view = viewOf(bytes);
	const tag = `x${tagAt(set, at).toString(16).padStart(8, '0')}`;
	const letters = String.fromCharCode(bytes[at + 4], bytes[at + 5]);
	// An element without letters among explicit ones is implicit.
	const isExplicit = encoding.isExplicit && VRS.test(letters);
	const vr = isExplicit ? letters : '';
	const isLong = LONG_VRS.test(vr);
	const offset = isLong ? at + 12 : at + 8;
	if (offset > limit) throw new DataSetError(set);
	const length = !isExplicit
		? view.getUint32(at + 4, isLittle)
		: isLong
			? view.getUint32(at + 8, isLittle)
			: view.getUint16(at + 6, isLittle);
	if (length === UNDEFINED) return undefinedLength(set, tag, vr, offset, limit, depth);
	const end = Math.min(limit, offset + length);
	const element: Element = { vr, offset, length: end - offset, isCut: offset + length > limit };
	const isSequence = vr === 'SQ' || (vr !== 'OB' && vr !== 'OW' && SEQUENCES.has(tag));
	if (isSequence && length > 0) {
		element.items = readItems(set, offset, end, vr, depth).items;
	}
	return { tag, element, next: end };
}

/** Packed pixels, a sequence, or plain pixels up to a delimiter. */
function undefinedLength(
	set: DataSet,
	tag: string,
	vr: string,
	offset: number,
	limit: number,
	depth: number
): Read {
	const isItem = offset + 8 <= limit && tagAt(set, offset) === ITEM;
	const isEmpty = offset + 8 <= limit && tagAt(set, offset) === SEQUENCE_END;
	const isPixels = tag === PIXEL_DATA;
	if (isPixels && isItem) {
		const { fragments, end } = readFragments(set, offset, limit);
		const element = { vr, offset, length: end - offset, isCut: false, fragments };
		return { tag, element, next: end };
	}
	if (isItem || isEmpty) {
		const { items, end } = readItems(set, offset, limit, vr, depth);
		return { tag, element: { vr, offset, length: end - offset, isCut: false, items }, next: end };
	}
	if (!isPixels) throw new DataSetError(set);
	const end = lastDelimiter(set, offset, limit);
	return { tag, element: { vr, offset, length: end - offset, isCut: false }, next: limit };
}

function readItems(
	set: DataSet,
	start: number,
	limit: number,
	vr: string,
	depth: number
): { items: DataSet[]; end: number } {
	const { byteArray: bytes, encoding } = set;
	const view = viewOf(bytes);
	const items: DataSet[] = [];
	let at = start;
	while (at + 8 <= limit) {
		const code = tagAt(set, at);
		if (code === SEQUENCE_END) return { items, end: at + 8 };
		if (code !== ITEM) throw new DataSetError(set);
		const length = view.getUint32(at + 4, encoding.isLittle);
		const from = at + 8;
		// Sequences of unknown kind are implicit inside (PS3.5, 6.2.2); others are as they look.
		const looks = from + 8 <= limit ? encodingAt(bytes, from).isExplicit : encoding.isExplicit;
		const inside = { ...encoding, isExplicit: vr === 'UN' ? looks : encoding.isExplicit && looks };
		const end = length === UNDEFINED ? limit : from + length;
		if (end > limit) throw new DataSetError(set);
		const read = readElements(bytes, from, end, inside, depth + 1);
		items.push(read.set);
		at = length === UNDEFINED ? read.end : end;
	}
	return { items, end: at };
}

/**
 * The fragments of packed pixels (PS3.5, A.4), the offset table first. They end with a delimiter
 * or with the file.
 * @throws DataSetError where one reaches over the end.
 */
export function readFragments(
	set: DataSet,
	start: number,
	limit: number
): { fragments: { offset: number; length: number }[]; end: number } {
	const view = viewOf(set.byteArray);
	const fragments: { offset: number; length: number }[] = [];
	let at = start;
	while (at + 8 <= limit && tagAt(set, at) === ITEM) {
		const length = view.getUint32(at + 4, set.encoding.isLittle);
		if (at + 8 + length > limit) throw new DataSetError(set);
		fragments.push({ offset: at + 8, length });
		at += 8 + length;
	}
	const isEnd = at + 8 <= limit && tagAt(set, at) === SEQUENCE_END;
	return { fragments, end: isEnd ? at + 8 : at };
}

/** Where a delimiter ends plain pixels of undefined length: the last one, or the file's end. */
function lastDelimiter(set: DataSet, from: number, limit: number): number {
	for (let at = limit - 8; at >= from; at--) {
		if (tagAt(set, at) === SEQUENCE_END) return at;
	}
	return limit;
}
