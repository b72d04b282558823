/** `npm run pack` and the page that opens what it writes. */
import { emptyStorage } from '../helpers/storage';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withArchives } from '../../../src/lib/intake/archives';
import { packagesAmong, storePackage } from '../../../src/lib/models/from-files';
import { readPackage } from '../../../src/lib/models/store';
import { packModel } from '../../../tools/lib/pack';
import { smallPackage } from '../helpers/small-model';

let root = '';
const made = smallPackage('malaria-cell', 3);
const { id } = made.manifest;

beforeEach(async () => {
	await emptyStorage();
	root = await mkdtemp(join(tmpdir(), 'fieldlens-test-'));
	await mkdir(join(root, id));
	await writeFile(join(root, id, 'manifest.json'), JSON.stringify(made.manifest));
	for (const [path, content] of made.files) await writeFile(join(root, id, path), content);
});
afterEach(() => rm(root, { recursive: true }));

describe('a packed model', () => {
	it('is one file that the page stores as it stores the folder', async () => {
		const { name, bytes } = await packModel(made.manifest, root);
		expect(name).toBe(`${id}-${made.manifest.version}.zip`);
		const open = () => Promise.resolve(new File([bytes as BlobPart], name));
		const { entries, problems } = await withArchives({
			entries: [{ path: `stick/${name}`, open }],
			problems: []
		});
		expect(problems).toEqual([]);
		const { packages, rest } = packagesAmong(entries);
		expect([packages.length, rest]).toEqual([1, []]);
		expect(await storePackage(packages[0])).toMatchObject({ ok: true, value: { id } });
		expect((await readPackage(made.manifest)).ok).toBe(true);
	});

	it('has the same bytes whenever it is made', async () => {
		const [one, two] = [await packModel(made.manifest, root), await packModel(made.manifest, root)];
		expect(Buffer.from(one.bytes).equals(Buffer.from(two.bytes))).toBe(true);
	});
});
