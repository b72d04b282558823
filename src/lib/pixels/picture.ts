/** A picture of a file for a page to draw, also where the browser does not know its format. */
import { KIND_BYTES, kindOf } from '../intake/kind';
import { failed, succeeded, type Outcome } from '../problems';
import { Decoders } from './decoders';

/**
 * The file itself, or, of DICOM and TIFF, the same greys that the model was given, at full
 * size, as a PNG.
 */
export async function pictureOf(file: File): Promise<Outcome<Blob>> {
	try {
		const kind = kindOf(new Uint8Array(await file.slice(0, KIND_BYTES).arrayBuffer()));
		if (kind !== 'dicom' && kind !== 'tiff') return succeeded(file);
	} catch {
		return failed('file-gone');
	}
	const decoders = new Decoders(1);
	try {
		return await decoders.drawable(file);
	} finally {
		decoders.close();
	}
}
