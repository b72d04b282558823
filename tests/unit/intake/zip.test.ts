import { crc32, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import {
	BlobWriter,
	TextReader,
	Uint8ArrayReader,
	ZipWriter
} from '@zip.js/zip.js/index-native.js';
import { describe, expect, it } from 'vitest';
import { withArchives } from '../../../src/lib/intake/archives';
import { openEntry, type Collected, type Entry } from '../../../src/lib/intake/entries';
import { MAX_FILE_BYTES, RATIO_FREE_BYTES } from '../../../src/lib/base/limits';
import { problem } from '../../../src/lib/problems/problems';

type Content = string | Uint8Array;

async function zipOf(files: Record<string, Content>, password?: string): Promise<Blob> {
	const writer = new ZipWriter(new BlobWriter('application/zip'), { useWebWorkers: false });
	for (const [path, content] of Object.entries(files)) {
		if (path.endsWith('/')) await writer.add(path, undefined, { directory: true });
		else {
			const reader =
				typeof content === 'string' ? new TextReader(content) : new Uint8ArrayReader(content);
			await writer.add(path, reader, { password, zipCrypto: password !== undefined });
		}
	}
	return writer.close();
}

/**
 * An archive of one file by hand (APPNOTE 4.3), without the flag for UTF-8.
 * @param method the compression method that its headers claim; the content is stored plain.
 */
function storedZip(name: Uint8Array, content: string, method = 0): Blob {
	const data = Buffer.from(content);
	const sizes = Buffer.alloc(12);
	sizes.writeUInt32LE(crc32(data), 0);
	sizes.writeUInt32LE(data.length, 4);
	sizes.writeUInt32LE(data.length, 8);
	const common = Buffer.concat([
		Buffer.from([20, 0, 0, 0, method, 0, 0, 0, 0x21, 0x5a]),
		sizes,
		Buffer.from([name.length, 0, 0, 0])
	]);
	const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, name, data]);
	const central = Buffer.concat([
		Buffer.from('PK\u0001\u0002'),
		Buffer.from([20, 0]),
		common,
		Buffer.alloc(14),
		name
	]);
	const end = Buffer.alloc(22);
	end.write('PK\u0005\u0006');
	end.writeUInt16LE(1, 8);
	end.writeUInt16LE(1, 10);
	end.writeUInt32LE(central.length, 12);
	end.writeUInt32LE(local.length, 16);
	return new Blob([local, central, end]);
}

const entryOf = (path: string, content: BlobPart): Entry => ({
	path,
	open: () => Promise.resolve(new File([content], path))
});
const listed = (...entries: Entry[]): Promise<Collected> => withArchives({ entries, problems: [] });
const pathsOf = ({ entries }: Collected) => entries.map(({ path }) => path);
async function fateOf(entry: Entry): Promise<string> {
	const opened = await openEntry(entry);
	return opened.ok ? await opened.value.text() : opened.problem.code;
}

describe('an archive', () => {
	it('gives way to the files in it, in the order of names, unpacked when asked for', async () => {
		const zip = await zipOf({
			'ward/': '',
			'ward/film 10.jpg': 'ten',
			'ward/film 2.jpg': 'two',
			'notes.txt': 'notes'
		});
		const list = await listed(entryOf('stick/a.zip', zip), entryOf('b.jpg', 'b'));
		expect(pathsOf(list)).toEqual([
			'b.jpg',
			'stick/a.zip/notes.txt',
			'stick/a.zip/ward/film 2.jpg',
			'stick/a.zip/ward/film 10.jpg'
		]);
		const file = await list.entries[3].open();
		expect(file.name).toBe('film 10.jpg');
		expect(await file.text()).toBe('ten');
	});

	it('gives every file in it, whatever its name: the list says what is left out', async () => {
		const names = ['.DS_Store', '.film.jpg', '__MACOSX/._film.jpg', 'film.jpg', 'ward/Thumbs.db'];
		const zip = await zipOf(Object.fromEntries(names.map((name) => [name, 'x'])));
		const paths = pathsOf(await listed(entryOf('a.zip', zip)));
		expect(paths.sort()).toEqual(names.map((name) => `a.zip/${name}`));
	});

	it('shows names readable in whatever code page they were written', async () => {
		const names = [
			{ bytes: Buffer.from('8ab38ed2835c2e706e67', 'hex'), name: '患者ソ.png' },
			{ bytes: Buffer.from('4a756ca4612e706e67', 'hex'), name: 'Julña.png' },
			{ bytes: Buffer.from('b2a1c8cb2e706e67', 'hex'), name: '病人.png' },
			{ bytes: Buffer.from('526164696f67726166a1612e706e67', 'hex'), name: 'Radiografía.png' },
			{ bytes: Buffer.from('53c66f204a6fc66f2e706e67', 'hex'), name: 'São João.png' },
			{ bytes: Buffer.from('Noël.png', 'utf8'), name: 'Noël.png' }
		];
		for (const { bytes, name } of names) {
			const list = await listed(entryOf('a.zip', storedZip(bytes, 'x')));
			expect(list.entries).toHaveLength(1);
			expect(pathsOf(list)).toEqual([`a.zip/${name}`]);
			expect(await fateOf(list.entries[0])).toBe('x');
		}
	});

	it('names a compression method that it cannot unpack', async () => {
		const list = await listed(entryOf('a.zip', storedZip(Buffer.from('film.bmp'), 'x', 12)));
		const opened = await openEntry(list.entries[0]);
		expect(opened).toEqual({ ok: false, problem: problem('archive-method', { name: 'BZIP2' }) });
	});

	it('that is damaged, or none, stays in the list and says so', async () => {
		const zip = await zipOf({ 'film.jpg': 'film' });
		// Its end is there, its list is not.
		const bytes = Buffer.from(await zip.arrayBuffer());
		bytes.fill(0, bytes.indexOf('PK\u0001\u0002'), bytes.length - 22);
		for (const content of [bytes, 'no archive', 'no archive, and longer than one', '']) {
			const list = await listed(entryOf('a.zip', content));
			expect(pathsOf(list)).toEqual(['a.zip']);
			expect(await fateOf(list.entries[0])).toBe('archive-damaged');
		}
	});

	it('without its end says that it was not copied whole', async () => {
		const zip = await zipOf({ 'a.jpg': 'one', 'b.jpg': 'two' });
		for (const length of [60, zip.size - 22, zip.size - 1]) {
			const list = await listed(entryOf('a.zip', zip.slice(0, length)));
			expect(pathsOf(list)).toEqual(['a.zip']);
			expect(await fateOf(list.entries[0])).toBe('archive-cut-off');
		}
	});

	it('that is gone says that', async () => {
		const gone = {
			path: 'a.zip',
			open: () => Promise.reject(new DOMException('', 'NotFoundError'))
		};
		const list = await listed(gone);
		expect(await fateOf(list.entries[0])).toBe('file-gone');
	});

	it('that is locked names each file of it', async () => {
		const list = await listed(entryOf('a.zip', await zipOf({ 'film.jpg': 'film' }, 'secret')));
		expect(await fateOf(list.entries[0])).toBe('archive-encrypted');
	});

	it('inside an archive is named, not opened', async () => {
		const inner = new Uint8Array(await (await zipOf({ 'film.jpg': 'x' })).arrayBuffer());
		const list = await listed(entryOf('a.zip', await zipOf({ 'inner.zip': inner })));
		expect(await fateOf(list.entries[0])).toBe('archive-nested');
	});

	it('that unpacks to many times its size is refused before it is unpacked', async () => {
		const zeros = new Uint8Array(RATIO_FREE_BYTES + 1);
		const list = await listed(entryOf('a.zip', await zipOf({ 'film.dcm': zeros })));
		expect(await fateOf(list.entries[0])).toBe('archive-too-large');
	});

	it('of which one file is damaged gives the others', async () => {
		const zip = await zipOf({ 'a.jpg': 'a'.repeat(500), 'b.jpg': 'whole' });
		const bytes = new Uint8Array(await zip.arrayBuffer());
		// What 500 equal letters pack to begins with these bytes.
		const packed = bytes.findIndex((byte, i) => byte === 0x4b && bytes[i + 1] === 0x4c);
		bytes[packed + 1] ^= 0x55;
		const list = await listed(entryOf('a.zip', bytes));
		expect(await Promise.all(list.entries.map(fateOf))).toEqual(['archive-damaged', 'whole']);
	});

	it('leaves a list without archives as it is', async () => {
		const collected = { entries: [entryOf('b.jpg', 'b'), entryOf('a.jpg', 'a')], problems: [] };
		expect(await withArchives(collected)).toBe(collected);
	});
});

describe('a file packed by gzip', () => {
	it('keeps its path, and is unpacked when it is opened', async () => {
		const list = await listed(entryOf('ward/film.dcm.gz', gzipSync('film')));
		expect(pathsOf(list)).toEqual(['ward/film.dcm.gz']);
		const file = await list.entries[0].open();
		expect(await file.text()).toBe('film');
		expect(file.name).not.toMatch(/gz$/);
	});

	it('is unpacked inside an archive, too', async () => {
		const zip = await zipOf({ 'film.dcm.gz': new Uint8Array(gzipSync('film')) });
		expect(await fateOf((await listed(entryOf('a.zip', zip))).entries[0])).toBe('film');
	});

	it('that is cut off, changed or empty says that it is damaged', async () => {
		const packed = gzipSync('film'.repeat(100));
		const changed = Buffer.from(packed);
		changed[changed.length - 6] ^= 1;
		for (const content of [packed.subarray(0, -9), changed, Buffer.alloc(0), Buffer.from('film')]) {
			const list = await listed(entryOf('film.dcm.gz', content));
			expect(await fateOf(list.entries[0])).toBe('archive-damaged');
		}
	});

	it('that unpacks to too much is refused', async () => {
		const bomb = gzipSync(Buffer.alloc(MAX_FILE_BYTES + 1));
		const list = await listed(entryOf('film.dcm.gz', bomb));
		expect(await fateOf(list.entries[0])).toBe('archive-too-large');
	});
});

it('whatever the bytes of an archive, it gives files or a problem', async () => {
	const zip = await zipOf({ 'a/film.jpg': 'a'.repeat(300), 'b.jpg': 'b', 'c.jpg': 'ccc' });
	const whole = new Uint8Array(await zip.arrayBuffer());
	const broken = fc
		.tuple(fc.nat(whole.length), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 5 }))
		.map(([length, changes]) => {
			const copy = whole.slice(0, changes.length === 0 ? length : undefined);
			for (const [at, value] of changes) copy[at % copy.length] = value;
			return copy;
		});
	await fc.assert(
		fc.asyncProperty(broken, async (bytes) => {
			const list = await listed(entryOf('a.zip', bytes));
			for (const entry of list.entries) {
				const opened = await openEntry(entry);
				if (opened.ok) expect(opened.value.size).toBeLessThan(10_000);
				else expect(opened.problem.code).toMatch(/^archive-/);
			}
		}),
		{ numRuns: 60 }
	);
});
