/** A DICOM file as a set of elements (PS3.10). */
import { MAX_FILE_BYTES } from '../../base/limits';
import { inflatePadded } from '../../base/inflate';
import { failed, succeeded, type Outcome } from '../../problems/problems';
import { ascii } from '../bytes';
import { DataSet, DataSetError } from './elements';
import { encodingAt, readDataSet, readMeta } from './read-elements';
import { DEFLATED } from './syntax';

export { DataSet, PIXEL_DATA } from './elements';

const TRANSFER_SYNTAX = 'x00020010';
const PREAMBLE_BYTES = 128;

/** An open file. */
export interface OpenFile {
	set: DataSet;
	/** What the file says of how it is written; '' where it says nothing. */
	syntax: string;
	/** The elements of group 2. */
	meta: DataSet;
}

/**
 * Parse a file. How elements are written is told from their bytes, not from the transfer syntax:
 * programs that copy files contradict it. Damaged files give a problem, never an exception.
 */
export async function openDataSet(bytes: Uint8Array): Promise<Outcome<OpenFile>> {
	try {
		const start = ascii(bytes, PREAMBLE_BYTES, PREAMBLE_BYTES + 4) === 'DICM' ? 132 : 0;
		const { set: meta, end } = readMeta(bytes, start);
		const syntax = meta.string(TRANSFER_SYNTAX) ?? '';
		// Deflated content may be padded to an even length (PS3.5, A.5).
		const content =
			syntax === DEFLATED
				? await inflatePadded(bytes.subarray(end), 'deflate-raw', MAX_FILE_BYTES)
				: null;
		const whole = content ?? bytes;
		const from = content ? 0 : end;
		const set = readDataSet(whole, from, encodingAt(whole, from));
		return succeeded({ set, syntax, meta });
	} catch (error) {
		if (error instanceof RangeError && /bytes$/.test(error.message)) {
			return failed('image-too-large', { size: { over: MAX_FILE_BYTES } });
		}
		// What was read until the end came: an image whose end is missing was an image.
		const begun = error instanceof DataSetError ? error.begun.elements : {};
		return failed('x00280010' in begun ? 'truncated-image' : 'damaged-image');
	}
}
