/** PDFs in a list of entries: the picture of each page is an entry of its own. */
import { MAX_FILE_BYTES } from '../../base/limits';
import { problem, type Problem } from '../../problems/problems';
import { EntryError, type Entry } from '../entries';
import type { PdfPages } from './pages';
import { PdfWorker } from './worker';

const HEAD_BYTES = 1024;

let worker: PdfWorker | null = null;
let opened = 0;

/**
 * The pages of a PDF as `film.pdf/page 2`; a PDF of one page keeps its path. Where it cannot be
 * read, or no page holds a picture, one entry in its place says why.
 * @param opener left out, a worker of its own.
 */
export async function* entriesOfPdf(
	entry: Entry,
	opener: PdfPages = (worker ??= new PdfWorker())
): AsyncGenerator<Entry> {
	const { path } = entry;
	const file = await entry.open().catch(() => null);
	// What cannot be opened, or is none for all its name, is the reader's to name.
	if (!file || !(await isPdf(file))) {
		yield entry;
		return;
	}
	if (file.size > MAX_FILE_BYTES) {
		yield refused(path, problem('image-too-large', { size: { bytes: file.size } }));
		return;
	}
	const id = opened++;
	const found = await opener.pages(id, file);
	if (!found.ok) {
		yield refused(path, found.problem);
		return;
	}
	const pages = found.value;
	if (!pages.includes(true)) {
		yield refused(path, problem('pdf-no-picture'));
		return;
	}
	for (const index of pages.keys()) {
		const pagePath = pages.length === 1 ? path : `${path}/page ${index + 1}`;
		yield { path: pagePath, open: () => pageOf(entry, opener, id, index) };
	}
}

async function pageOf(entry: Entry, opener: PdfPages, id: number, index: number): Promise<File> {
	const file = await entry.open();
	const found = await opener.picture(id, file, index);
	if (!found.ok) throw new EntryError(found.problem);
	const { bytes, ending } = found.value;
	const { lastModified } = file;
	return new File([bytes], `${file.name} ${index + 1}.${ending}`, { lastModified });
}

async function isPdf(file: File): Promise<boolean> {
	const head = await file
		.slice(0, HEAD_BYTES)
		.arrayBuffer()
		.catch(() => new ArrayBuffer(0));
	// Bytes may stand before it (ISO 32000-1, annex H, note 13).
	return new TextDecoder('latin1').decode(head).includes('%PDF-');
}

function refused(path: string, why: Problem): Entry {
	return { path, open: () => Promise.reject(new EntryError(why)) };
}
