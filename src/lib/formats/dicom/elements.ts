/** The elements of a DICOM data set (PS3.5, chapter 7), and their values. */
import { viewOf } from '../bytes';

/** One element; its value lies in the bytes of its set. */
export interface Element {
	/** Two letters where the elements are explicit, '' otherwise. */
	vr: string;
	/** Where the value begins, and its length in bytes, cut at the end of the file. */
	offset: number;
	length: number;
	/** Whether the value reaches over the end of the file. */
	isCut: boolean;
	/** Items of a sequence. */
	items?: DataSet[];
	/** Packed pixels: the first is the offset table. */
	fragments?: { offset: number; length: number }[];
}

/** How elements are written. */
export interface Encoding {
	isExplicit: boolean;
	isLittle: boolean;
}

export const PIXEL_DATA = 'x7fe00010';

/** A data set ends early or is in disorder. `begun` holds what was read of it. */
export class DataSetError extends Error {
	override name = 'DataSetError';

	constructor(readonly begun: DataSet) {
		super('the data set is damaged');
	}
}

/** Elements by their tags, written `xggggeeee`. */
export class DataSet {
	readonly elements: Record<string, Element> = {};
	private readonly view: DataView;

	constructor(
		readonly byteArray: Uint8Array,
		readonly encoding: Encoding
	) {
		this.view = viewOf(byteArray);
	}

	/** The bytes of a value, or null where there is none. */
	bytesOf(tag: string): Uint8Array | null {
		const element = this.elements[tag];
		if (!element || element.length === 0) return null;
		return this.byteArray.subarray(element.offset, element.offset + element.length);
	}

	/** A text of ASCII characters, without padding; undefined where there is none. */
	string(tag: string): string | undefined {
		const bytes = this.bytesOf(tag);
		if (!bytes || bytes.length > 65_536) return undefined;
		const text = new TextDecoder('latin1').decode(bytes);
		return text.replace(/\0[\s\S]*$/, '').trim();
	}

	uint16(tag: string, index = 0): number | undefined {
		const place = this.placeOf(tag, index);
		return place === null ? undefined : this.view.getUint16(place, this.encoding.isLittle);
	}

	int16(tag: string, index = 0): number | undefined {
		const place = this.placeOf(tag, index);
		return place === null ? undefined : this.view.getInt16(place, this.encoding.isLittle);
	}

	/** A whole number that is written as text; the first of several. */
	intString(tag: string): number | undefined {
		const value = Number.parseInt(this.string(tag)?.split('\\')[0] ?? '', 10);
		return Number.isFinite(value) ? value : undefined;
	}

	/** A number that is written as text; the first of several. Some write a comma. */
	floatString(tag: string): number | undefined {
		const value = Number.parseFloat((this.string(tag)?.split('\\')[0] ?? '').replace(',', '.'));
		return Number.isFinite(value) ? value : undefined;
	}

	/** The first item of a sequence. */
	firstItem(tag: string): DataSet | undefined {
		return this.elements[tag]?.items?.[0];
	}

	private placeOf(tag: string, index: number): number | null {
		const element = this.elements[tag];
		if (!element || element.length < 2 * index + 2) return null;
		return element.offset + 2 * index;
	}
}
