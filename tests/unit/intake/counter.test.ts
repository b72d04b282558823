/** Nothing vanishes: on every way in, each file that was given is an entry, or a problem that says why. */
import fc from 'fast-check';
import { BlobWriter, TextReader, ZipWriter } from '@zip.js/zip.js/index-native.js';
import { describe, expect, it } from 'vitest';
import { withArchives } from '../../../src/lib/intake/archives';
import {
	entriesOfDrop,
	entriesOfFiles,
	openEntry,
	type Collected
} from '../../../src/lib/intake/entries';
import { entriesOfHandles } from '../../../src/lib/sessions/folder';
import { dropOf, entryOf, type Tree } from '../helpers/drop';

const ODD = [
	'film.jpg',
	'.film.png',
	'a\\b.png',
	'C:\\scan\\b.png',
	'ソ.png',
	'..',
	'CON',
	'= 1+1',
	'Thumbs.db'
];
/** Names as hostile or careless people have them. */
const NAMES = fc.oneof(
	fc.constantFrom(...ODD),
	fc.string({ minLength: 1, maxLength: 12 }).map((name) => name.replaceAll('/', '_')),
	fc
		.string({ unit: 'grapheme', minLength: 1, maxLength: 6 })
		.map((name) => name.replaceAll('/', '_'))
);
const LISTS = fc.array(NAMES, { minLength: 1, maxLength: 30 });
const isPacked = (name: string) => /\.(zip|gz|pdf)$/i.test(name);

function expectAll({ entries, problems }: Collected, count: number): void {
	expect(problems).toEqual([]);
	expect(entries.length).toBe(count);
	expect(new Set(entries.map(({ path }) => path)).size).toBe(count);
}

const fileOf = (name: string) => new File(['x'], name);

describe('every file has its entry', () => {
	it('of a picker, whatever the names are and however often', () =>
		fc.assert(
			fc.asyncProperty(LISTS, async (names) => {
				const plain = names.filter((name) => !isPacked(name));
				expectAll(await withArchives(entriesOfFiles(plain.map(fileOf))), plain.length);
			})
		));

	it('of a drop, with folders', () =>
		fc.assert(
			fc.asyncProperty(LISTS, async (names) => {
				const plain = [...new Set(names)].filter((name) => name !== '__proto__');
				const tree: Tree = Object.fromEntries(plain.map((name) => [name, 'x']));
				const roots = [entryOf('ward', tree), fileOf('loose.jpg'), 'text'];
				const found = await entriesOfDrop(dropOf(...roots));
				expectAll(found, Object.keys(tree).length + 1);
			})
		));

	it('of the clipboard, also where the browser withholds a file', async () => {
		const withheld = { kind: 'file', webkitGetAsEntry: () => null, getAsFile: () => null };
		const { items } = dropOf(fileOf('image.png'), fileOf('image.png'), 'text');
		const clipboard = { items: [...items, withheld, withheld] } as unknown as DataTransfer;
		const found = await entriesOfDrop(clipboard);
		expectAll(found, 4);
		const opened = await Promise.all(found.entries.map(openEntry));
		expect(opened.filter(({ ok }) => ok)).toHaveLength(2);
		for (const one of opened) if (!one.ok) expect(one.problem.code).toBe('file-gone');
	});

	it('of folders that the browser opens again', async () => {
		const child = (name: string) => ({ kind: 'file', name, getFile: async () => fileOf(name) });
		const handle = {
			kind: 'directory',
			name: 'ward',
			async *values() {
				for (const name of ['a.jpg', '.b.jpg', 'c\\d.jpg']) yield child(name);
			}
		};
		const handles = [handle, child('loose.png')] as unknown as FileSystemHandle[];
		expectAll(await entriesOfHandles(handles), 4);
	});

	it('of an archive, whatever the names are', () =>
		fc.assert(
			fc.asyncProperty(LISTS, async (names) => {
				// An archive cannot hold one name twice, nor a name that ends as a folder does.
				const plain = [...new Set(names)].filter((name) => !isPacked(name));
				const writer = new ZipWriter(new BlobWriter(), { useWebWorkers: false });
				for (const name of plain) await writer.add(name, new TextReader('x'));
				const zip = new File([await writer.close()], 'all.zip');
				expectAll(await withArchives(entriesOfFiles([zip])), plain.length);
			}),
			{ numRuns: 50 }
		));
});
