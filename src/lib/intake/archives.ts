/** Archives and PDFs in a list of entries: each gives way to what is in it. */
import { EntryList, type Collected } from './entries';
import { unpacked } from './gzip';
import type { PdfPages } from './pdf/pages';

const ARCHIVE = /\.zip$/i;
const PACKED = /\.gz$/i;
const PDF = /\.pdf$/i;
const HOLDS_FILES = /\.(zip|gz|pdf)$/i;

/**
 * Put the files inside of ZIP archives in the archives' places, as `archive.zip/inner/path.jpg`.
 * Only the archives' own lists are read: a file is unpacked when its turn comes. An archive that
 * cannot be read stays as an entry that says why. A file that is packed by itself (`film.dcm.gz`)
 * keeps its path and is unpacked when it is opened. PDFs give way to their pages, in archives too.
 * @param onCount called with the number of files so far.
 * @param pdfs what opens PDFs; left out, a worker.
 */
export async function withArchives(
	collected: Collected,
	onCount: (count: number) => void = () => undefined,
	pdfs?: PdfPages
): Promise<Collected> {
	const { entries } = collected;
	if (!entries.some(({ path }) => HOLDS_FILES.test(path))) return collected;
	const [{ entriesOfZip }, { entriesOfPdf }] = await Promise.all([
		import('./zip'),
		import('./pdf/entries')
	]);
	const { handles } = collected;
	const list = new EntryList();
	list.problems.push(...collected.problems);
	for (const entry of entries) {
		const inside = ARCHIVE.test(entry.path) ? entriesOfZip(entry) : [entry];
		for await (const found of inside) {
			const file = PACKED.test(found.path) ? unpacked(found) : found;
			const pages = PDF.test(file.path) ? entriesOfPdf(file, pdfs) : [file];
			for await (const { path, open } of pages) {
				if (!list.add(path, open)) return { ...list.collected(), handles };
				if (list.size % 100 === 0) onCount(list.size);
			}
		}
	}
	return { ...list.collected(), handles };
}
