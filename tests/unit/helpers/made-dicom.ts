/** DICOM files that are made for a test, element by element (PS3.5, chapter 7). */

export interface Made {
	/** Transfer syntax that the file says; null for none. */
	syntax?: string | null;
	/** How its elements are written, whatever the syntax says. */
	isExplicit?: boolean;
	/** Elements beside those of the picture, or in their place: `[group, element, vr, value]`. */
	elements?: readonly [number, number, string, Uint8Array | string | number][];
	/** The pixel data element as a whole, from its tag on; by default plain pixels. */
	pixelElement?: Uint8Array;
	pixels?: Uint8Array;
	/** Bytes behind the data set. */
	behind?: Uint8Array;
	/** What becomes of the data set before it is written. */
	packed?: (content: Uint8Array) => Uint8Array;
}

export const EXPLICIT = '1.2.840.10008.1.2.1';
export const IMPLICIT = '1.2.840.10008.1.2';
export const DEFLATED = '1.2.840.10008.1.2.1.99';
export const JPEG_BASELINE = '1.2.840.10008.1.2.4.50';
export const JPEG_LOSSLESS = '1.2.840.10008.1.2.4.70';
/** Length of what ends with a delimiter. */
export const UNDEFINED = 0xffffffff;

export const WIDTH = 12;
export const HEIGHT = 10;
/** Greys of 12 bits, 16 allocated. */
export const VALUES = Uint16Array.from({ length: WIDTH * HEIGHT }, (_, i) => (i * 389) % 4096);

const LONG = /^(OB|OW|SQ|UN)$/;

/** One element. @param length what it says of its length; by default that of its value. */
export function element(
	group: number,
	number: number,
	vr: string,
	value: Uint8Array | string | number,
	isExplicit = true,
	length?: number
): Uint8Array {
	const content = typeof value === 'object' ? value : contentOf(vr, value);
	const said = length ?? content.length;
	const isLong = LONG.test(vr);
	const head = Buffer.alloc(isExplicit && isLong ? 12 : 8);
	head.writeUInt16LE(group, 0);
	head.writeUInt16LE(number, 2);
	if (!isExplicit) head.writeUInt32LE(said, 4);
	else {
		head.write(vr, 4, 'latin1');
		if (isLong) head.writeUInt32LE(said, 8);
		else head.writeUInt16LE(said, 6);
	}
	return Buffer.concat([head, content]);
}

function contentOf(vr: string, value: string | number): Uint8Array {
	if (typeof value === 'number') {
		const words = Buffer.alloc(2);
		words.writeUInt16LE(value);
		return words;
	}
	const padding = vr === 'UI' ? '\0' : ' ';
	return Buffer.from(value.length % 2 ? value + padding : value, 'latin1');
}

/** An item or a delimiter. */
export function item(content: Uint8Array, length = content.length, number = 0xe000): Uint8Array {
	const head = Buffer.alloc(8);
	head.writeUInt16LE(0xfffe, 0);
	head.writeUInt16LE(number, 2);
	head.writeUInt32LE(length, 4);
	return Buffer.concat([head, content]);
}

/** The end of a sequence. @param length zero by the standard. */
export function sequenceEnd(length = 0): Uint8Array {
	return item(new Uint8Array(), length, 0xe0dd);
}

/** A file with a picture of `WIDTH` x `HEIGHT`, 12 bits, by a window of all its values. */
export function dicomOf(made: Made = {}): Uint8Array<ArrayBuffer> {
	const { syntax = EXPLICIT, isExplicit = true, elements = [] } = made;
	const standard: [number, number, string, string | number][] = [
		[0x0008, 0x0060, 'CS', 'DX'],
		[0x0010, 0x0010, 'PN', 'Test^Child'],
		[0x0028, 0x0002, 'US', 1],
		[0x0028, 0x0004, 'CS', 'MONOCHROME2'],
		[0x0028, 0x0010, 'US', HEIGHT],
		[0x0028, 0x0011, 'US', WIDTH],
		[0x0028, 0x0100, 'US', 16],
		[0x0028, 0x0101, 'US', 12],
		[0x0028, 0x0102, 'US', 11],
		[0x0028, 0x0103, 'US', 0],
		[0x0028, 0x1050, 'DS', '2048'],
		[0x0028, 0x1051, 'DS', '4096']
	];
	const key = ([group, number]: readonly [number, number, ...unknown[]]) => group * 65_536 + number;
	const own = new Set(elements.map(key));
	const all = [...standard.filter((one) => !own.has(key(one))), ...elements]
		.filter(([, , , value]) => value !== '')
		.sort((a, b) => key(a) - key(b));
	const pixels = made.pixels ?? new Uint8Array(VALUES.buffer);
	const content = Buffer.concat([
		...all.map(([group, number, vr, value]) => element(group, number, vr, value, isExplicit)),
		made.pixelElement ?? element(0x7fe0, 0x0010, 'OW', pixels, isExplicit),
		made.behind ?? new Uint8Array()
	]);
	const meta = syntax === null ? [] : [element(0x0002, 0x0010, 'UI', syntax)];
	return new Uint8Array(
		Buffer.concat([
			Buffer.alloc(128),
			Buffer.from('DICM'),
			element(0x0002, 0x0002, 'UI', '1.2.840.10008.5.1.4.1.1.1.1'),
			...meta,
			made.packed ? made.packed(content) : content
		])
	);
}
