/** A DICOM file as a set of elements, found by their tags (PS3.5 and PS3.10). */
import { parseDicom, readPart10Header, type DataSet } from 'dicom-parser';
import { isBareDicom } from '../kind';
import { MAX_FILE_BYTES } from '../../base/limits';
import { failed, succeeded, type Outcome } from '../../problems/problems';
import { inflate } from '../../base/inflate';
import { DEFLATED, EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN } from './syntax';

export type { DataSet } from 'dicom-parser';

export const PIXEL_DATA = 'x7fe00010';
const TRANSFER_SYNTAX = 'x00020010';
const PREAMBLE_BYTES = 128;

/** Parse a file. Damaged files give a problem, never an exception. */
export async function openDataSet(bytes: Uint8Array): Promise<Outcome<DataSet>> {
	try {
		const whole = withPreamble(bytes);
		if (!hasPrefix(whole)) {
			const isExplicit = isBareDicom(whole) === 'explicit';
			return succeeded(
				bareSet(whole, isExplicit ? EXPLICIT_LITTLE_ENDIAN : IMPLICIT_LITTLE_ENDIAN)
			);
		}
		const meta = readPart10Header(whole) as DataSet & { position: number };
		if (meta.string(TRANSFER_SYNTAX) !== DEFLATED) return succeeded(parseDicom(whole));
		const packed = whole.subarray(meta.position);
		const content = await inflate(packed, 'deflate-raw', MAX_FILE_BYTES);
		return succeeded(bareSet(content, EXPLICIT_LITTLE_ENDIAN));
	} catch (error) {
		if (error instanceof RangeError && /bytes$/.test(error.message)) {
			return failed('image-too-large', { size: { over: MAX_FILE_BYTES } });
		}
		// What was read until the end came: an image whose end is missing was an image.
		const begun = (error as { dataSet?: DataSet } | null)?.dataSet?.elements ?? {};
		return failed('x00280010' in begun ? 'truncated-image' : 'damaged-image');
	}
}

/** The transfer syntax of an open file. */
export function transferSyntaxOf(set: DataSet): string {
	const element = set.elements[TRANSFER_SYNTAX] as { Value?: string } | undefined;
	return element?.Value ?? set.string(TRANSFER_SYNTAX) ?? IMPLICIT_LITTLE_ENDIAN;
}

/** A data set without the header that says how it is written. */
function bareSet(bytes: Uint8Array, syntax: string): DataSet {
	return parseDicom(bytes, { TransferSyntaxUID: syntax } as Parameters<typeof parseDicom>[1]);
}

function hasPrefix(bytes: Uint8Array): boolean {
	return String.fromCharCode(...bytes.subarray(PREAMBLE_BYTES, PREAMBLE_BYTES + 4)) === 'DICM';
}

/** Files whose preamble was cut off begin with the meta group itself. */
function withPreamble(bytes: Uint8Array): Uint8Array {
	if (hasPrefix(bytes) || !(bytes[0] === 2 && bytes[1] === 0)) return bytes;
	const whole = new Uint8Array(bytes.length + PREAMBLE_BYTES + 4);
	whole.set(new TextEncoder().encode('DICM'), PREAMBLE_BYTES);
	whole.set(bytes, PREAMBLE_BYTES + 4);
	return whole;
}
