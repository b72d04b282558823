/** Writes DICOM data sets: explicit VR, little endian (PS3.5, chapter 7), files by PS3.10. */
import { joined } from '../../formats/bytes';
import { textOf, type Vr } from './values';

/** One packed picture, as it is wrapped (PS3.5, A.4). */
interface PackedFrame {
	readonly frame: Uint8Array;
}

/**
 * `[tag, VR, value]`; the tag is group and element as `0x00100010`. An empty text is an element
 * without a value (type 2), `null` an element that is left out.
 */
export type Element = readonly [
	tag: number,
	vr: Vr,
	value: string | number | Uint8Array | PackedFrame | readonly DataSet[] | null
];

/** In any order: they are written in that of their tags. */
export type DataSet = readonly Element[];

const EXPLICIT_LITTLE = '1.2.840.10008.1.2.1';
export const JPEG_BASELINE = '1.2.840.10008.1.2.4.50';

/** Those whose length takes four bytes (PS3.5, 7.1.2). */
const LONG: ReadonlySet<Vr> = new Set(['OB', 'SQ', 'UT']);
const UNDEFINED_LENGTH = 0xffffffff;
const PREAMBLE_BYTES = 128;

const ITEM = 0xfffee000;
const SEQUENCE_END = 0xfffee0dd;

/** Names this program in files (PS3.7, D.3.3.2); made once from a random UUID. */
const IMPLEMENTATION_UID = '2.25.291357818376899215718170208490699923146';
const IMPLEMENTATION_NAME = 'FIELDLENS';

/**
 * A whole file.
 * @param set with its SOP class and instance; texts are written in UTF-8, which it has to say.
 * @param syntax transfer syntax: how pixels are packed.
 */
export function fileOf(set: DataSet, syntax = EXPLICIT_LITTLE): Uint8Array<ArrayBuffer> {
	const meta = dataSetOf([
		[0x00020001, 'OB', new Uint8Array([0, 1])],
		[0x00020002, 'UI', uidOf(set, 0x00080016)],
		[0x00020003, 'UI', uidOf(set, 0x00080018)],
		[0x00020010, 'UI', syntax],
		[0x00020012, 'UI', IMPLEMENTATION_UID],
		[0x00020013, 'SH', IMPLEMENTATION_NAME]
	]);
	const length = new Uint8Array(12);
	const view = new DataView(length.buffer);
	writeTag(view, 0x00020000);
	length.set(ascii('UL'), 4);
	view.setUint16(6, 4, true);
	view.setUint32(8, meta.length, true);
	return joined([new Uint8Array(PREAMBLE_BYTES), ascii('DICM'), length, meta, dataSetOf(set)]);
}

/** The elements of a data set, one behind the other. */
export function dataSetOf(set: DataSet): Uint8Array<ArrayBuffer> {
	const ordered = set.filter(([, , value]) => value !== null).sort(([a], [b]) => a - b);
	return joined(ordered.map(elementOf));
}

function elementOf([tag, vr, value]: Element): Uint8Array {
	const content = contentOf(vr, value);
	const isWrapped = typeof value === 'object' && value !== null && 'frame' in value;
	const head = new Uint8Array(LONG.has(vr) ? 12 : 8);
	const view = new DataView(head.buffer);
	writeTag(view, tag);
	head.set(ascii(vr), 4);
	if (LONG.has(vr)) view.setUint32(8, isWrapped ? UNDEFINED_LENGTH : content.length, true);
	else view.setUint16(6, content.length, true);
	return joined([head, content]);
}

function contentOf(vr: Vr, value: Element[2]): Uint8Array {
	if (value === null) return new Uint8Array();
	if (typeof value === 'number') {
		const word = new Uint8Array(2);
		new DataView(word.buffer).setUint16(0, value, true);
		return word;
	}
	if (typeof value === 'string') return even(new TextEncoder().encode(textOf(vr, value)), vr);
	if (value instanceof Uint8Array) return even(value, vr);
	if ('frame' in value) {
		// An empty offset table, the picture in one part, the end.
		return joined([
			itemOf(new Uint8Array()),
			itemOf(even(value.frame, 'OB')),
			itemOf(new Uint8Array(), SEQUENCE_END)
		]);
	}
	return joined(value.map((set) => itemOf(dataSetOf(set))));
}

function itemOf(content: Uint8Array, tag = ITEM): Uint8Array {
	const head = new Uint8Array(8);
	const view = new DataView(head.buffer);
	writeTag(view, tag);
	view.setUint32(4, content.length, true);
	return joined([head, content]);
}

/** Padded to an even length: UIDs and bytes by zero, texts by a blank (PS3.5, 6.2). */
function even(content: Uint8Array, vr: Vr): Uint8Array {
	if (content.length % 2 === 0) return content;
	const padding = vr === 'UI' || vr === 'OB' ? 0 : 0x20;
	return joined([content, new Uint8Array([padding])]);
}

function writeTag(view: DataView, tag: number): void {
	view.setUint16(0, tag >>> 16, true);
	view.setUint16(2, tag & 0xffff, true);
}

function uidOf(set: DataSet, tag: number): string {
	const value = set.find(([one]) => one === tag)?.[2];
	return typeof value === 'string' ? value : '';
}

const ascii = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
