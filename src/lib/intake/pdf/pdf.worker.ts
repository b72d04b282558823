import * as Comlink from 'comlink';
import type { Outcome } from '../../problems/problems';
import { openPdf, type PdfDocument } from './document';
import type { PictureFile } from './picture';

/** The PDF that was opened last: its pages are asked for one after the other. */
let last: { id: number; document: Outcome<PdfDocument> } | null = null;

async function documentOf(id: number, file: File): Promise<Outcome<PdfDocument>> {
	if (last?.id === id) return last.document;
	last = null;
	const document = await openPdf(new Uint8Array(await file.arrayBuffer()));
	last = { id, document };
	return document;
}

const opener = {
	/** Whether each page holds a picture. @param id of the file, the same for each of its pages. */
	async pages(id: number, file: File): Promise<Outcome<readonly boolean[]>> {
		const opened = await documentOf(id, file);
		return opened.ok ? { ok: true, value: opened.value.pages } : opened;
	},

	/** The picture of a page as a file of its own. @param index of the page, from 0. */
	async picture(id: number, file: File, index: number): Promise<Outcome<PictureFile>> {
		const opened = await documentOf(id, file);
		return opened.ok ? opened.value.picture(index) : opened;
	}
};

export type PdfOpener = typeof opener;
Comlink.expose(opener);
