/** Unpacks the streams of a PDF (ISO 32000-1, 7.4). */
import {
	decodePDFRawStream,
	PDFArray,
	PDFContext,
	PDFDict,
	PDFName,
	PDFNumber,
	PDFRawStream,
	type PDFObject
} from '@cantoo/pdf-lib';
import { inflatePadded } from '../../base/inflate';

export interface Filter {
	name: string;
	parameters: PDFDict | null;
}

/** Names as inline pictures and old writers shorten them. */
const SHORT: Record<string, string> = {
	Fl: 'FlateDecode',
	LZW: 'LZWDecode',
	RL: 'RunLengthDecode',
	A85: 'ASCII85Decode',
	AHx: 'ASCIIHexDecode',
	DCT: 'DCTDecode',
	CCF: 'CCITTFaxDecode'
};

/** The filters of a stream, in the order in which they are undone. */
export function filtersOf({ dict }: PDFRawStream): Filter[] {
	const names = listed(dict.lookup(PDFName.of('Filter')));
	const parameters = listed(dict.lookup(PDFName.of('DecodeParms')));
	return names.map((found, i) => {
		if (!(found instanceof PDFName)) throw new Error('a filter without a name');
		const text = found.decodeText();
		const given = parameters[i];
		return { name: SHORT[text] ?? text, parameters: given instanceof PDFDict ? given : null };
	});
}

function listed(value: PDFObject | undefined): (PDFObject | undefined)[] {
	if (value instanceof PDFArray) return value.asArray().map((_, i) => value.lookup(i));
	return value ? [value] : [];
}

/**
 * Undo filters that pack bytes, one after the other.
 * @param limit bytes of the result at most. @throws {RangeError} beyond it.
 * @throws Error where the bytes are damaged, or a filter is none of these.
 */
export async function unpacked(
	contents: Uint8Array,
	filters: readonly Filter[],
	limit: number
): Promise<Uint8Array> {
	let bytes = contents;
	for (const filter of filters) {
		bytes = await unpackOne(bytes, filter, limit);
		bytes = withoutPredictor(bytes, filter.parameters);
	}
	return bytes;
}

/** A stream that packs bytes, such as a page's instructions. */
export async function unpackedStream(stream: PDFRawStream, limit: number): Promise<Uint8Array> {
	return unpacked(stream.getContents(), filtersOf(stream), limit);
}

async function unpackOne(bytes: Uint8Array, filter: Filter, limit: number): Promise<Uint8Array> {
	if (filter.name === 'FlateDecode') return inflateLine(bytes, limit);
	const dict = PDFDict.withContext(PDFContext.create());
	dict.set(PDFName.of('Filter'), PDFName.of(filter.name));
	if (filter.parameters) dict.set(PDFName.of('DecodeParms'), filter.parameters);
	const result = decodePDFRawStream(PDFRawStream.of(dict, bytes)).getBytes(limit + 1);
	if (result.length > limit) throw new RangeError(`more than ${limit} bytes`);
	return new Uint8Array(result);
}

/** Deflated bytes, whose check sum the browser compares; some lengths count the line's end behind. */
async function inflateLine(bytes: Uint8Array, limit: number): Promise<Uint8Array> {
	try {
		return await inflatePadded(bytes, 'deflate', limit);
	} catch (error) {
		const last = bytes.at(-1);
		if (error instanceof RangeError || (last !== 10 && last !== 13)) throw error;
		const lines = bytes.at(-2) === 13 ? 2 : 1;
		return inflatePadded(bytes.subarray(0, bytes.length - lines), 'deflate', limit);
	}
}

/** Undo what a predictor did to each row (7.4.4.4). */
function withoutPredictor(bytes: Uint8Array, parameters: PDFDict | null): Uint8Array {
	const said = (key: string, otherwise: number) => {
		const value = parameters?.lookup(PDFName.of(key));
		return value instanceof PDFNumber ? value.asNumber() : otherwise;
	};
	const predictor = said('Predictor', 1);
	if (predictor === 1) return bytes;
	const [colours, bits, columns] = [
		said('Colors', 1),
		said('BitsPerComponent', 8),
		said('Columns', 1)
	];
	const row = Math.ceil((colours * bits * columns) / 8);
	const step = Math.max(1, (colours * bits) >> 3);
	if (!(row > 0)) throw new Error('no rows');
	if (predictor >= 10) return withoutFilters(bytes, row, step);
	if (predictor !== 2 || bits !== 8) throw new Error('no such predictor');
	const result = bytes.slice();
	for (let at = 0; at < result.length; at++) {
		if (at % row >= step) result[at] += result[at - step];
	}
	return result;
}

/**
 * Undo the filters of PNG (its specification, section 9): each row has its own, in a byte before it.
 * @param row bytes of a row. @param step bytes of a pixel, 1 at least.
 */
function withoutFilters(bytes: Uint8Array, row: number, step: number): Uint8Array {
	const rows = Math.floor(bytes.length / (row + 1));
	const result = new Uint8Array(rows * row);
	for (let y = 0; y < rows; y++) {
		const filter = bytes[y * (row + 1)];
		const from = y * (row + 1) + 1;
		const to = y * row;
		if (filter > 4) throw new Error('no such filter');
		for (let x = 0; x < row; x++) {
			const left = x >= step ? result[to + x - step] : 0;
			const above = y > 0 ? result[to + x - row] : 0;
			const corner = x >= step && y > 0 ? result[to + x - row - step] : 0;
			result[to + x] = bytes[from + x] + predicted(filter, left, above, corner);
		}
	}
	return result;
}

function predicted(filter: number, left: number, above: number, corner: number): number {
	if (filter === 0) return 0;
	if (filter === 1) return left;
	if (filter === 2) return above;
	if (filter === 3) return (left + above) >> 1;
	const near = left + above - corner;
	const [toLeft, toAbove, toCorner] = [left, above, corner].map((one) => Math.abs(near - one));
	if (toLeft <= toAbove && toLeft <= toCorner) return left;
	return toAbove <= toCorner ? above : corner;
}
