/** A DICOM file as a set of elements (PS3.10). */
import { MAX_FILE_BYTES } from '../../base/limits';
import { inflate } from '../../base/inflate';
import { failed, succeeded, type Outcome } from '../../problems/problems';
import { ascii } from '../bytes';
import { DataSet, DataSetError, encodingAt, readDataSet, readMeta } from './elements';
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
		const content = syntax === DEFLATED ? await unpacked(bytes.subarray(end)) : null;
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

/** Deflated content, which may be padded to an even length (PS3.5, A.5). */
async function unpacked(packed: Uint8Array): Promise<Uint8Array> {
	const inflated = inflate(packed, 'deflate-raw', MAX_FILE_BYTES);
	if (packed.at(-1) !== 0) return inflated;
	return inflated.catch((error: unknown) => {
		if (error instanceof RangeError) throw error;
		return inflate(packed.subarray(0, -1), 'deflate-raw', MAX_FILE_BYTES);
	});
}
