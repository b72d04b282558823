/** Archives in a list of entries: each gives way to what is in it. */
import { EntryList, type Collected } from './entries';
import { unpacked } from './gzip';

const ARCHIVE = /\.zip$/i;
const PACKED = /\.gz$/i;

/**
 * Put the files inside of ZIP archives in the archives' places, as `archive.zip/inner/path.jpg`.
 * Only the archives' own lists are read: a file is unpacked when its turn comes. An archive that
 * cannot be read stays as an entry that says why. A file that is packed by itself (`film.dcm.gz`)
 * keeps its path and is unpacked when it is opened.
 * @param onCount called with the number of files so far.
 */
export async function withArchives(
	collected: Collected,
	onCount: (count: number) => void = () => undefined
): Promise<Collected> {
	const { entries } = collected;
	if (!entries.some(({ path }) => ARCHIVE.test(path) || PACKED.test(path))) return collected;
	const { entriesOfZip } = await import('./zip');
	const { handles } = collected;
	const list = new EntryList();
	list.problems.push(...collected.problems);
	for (const entry of entries) {
		const inside = ARCHIVE.test(entry.path) ? entriesOfZip(entry) : [entry];
		for await (const found of inside) {
			const { path, open } = PACKED.test(found.path) ? unpacked(found) : found;
			if (!list.add(path, open)) return { ...list.collected(), handles };
			if (list.size % 100 === 0) onCount(list.size);
		}
	}
	return { ...list.collected(), handles };
}
