/**
 * PDFs that are encrypted only to forbid printing or copying: they open with an empty password
 * (ISO 32000-2, 7.6.4). Loaded when one comes: the library's part for it is large.
 */
import { PDFDocument, type PDFContext } from '@cantoo/pdf-lib';

/** @returns null where a password is needed, or the encryption is none that the library knows. */
export async function decrypted(bytes: Uint8Array): Promise<PDFContext | null> {
	try {
		return (await PDFDocument.load(bytes, { password: '', updateMetadata: false })).context;
	} catch {
		return null;
	}
}
