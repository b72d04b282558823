import { mkdtemp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Catalog } from '../../../src/lib/models/catalog';
import { splitAll } from '../../../tools/lib/site-manifests';
import { examplePackage } from '../helpers/manifest';

const { manifest } = examplePackage([100]);

/** The models of a site, split, and what answers for them. */
async function site() {
	const root = await mkdtemp(join(tmpdir(), 'fieldlens-site-'));
	const models = join(root, 'models');
	await mkdir(join(models, manifest.id), { recursive: true });
	await writeFile(join(models, manifest.id, 'manifest.json'), JSON.stringify(manifest));
	await splitAll(models);
	const asked: string[] = [];
	const fetcher = async (address: string) => {
		asked.push(address);
		return new Response(await readFile(join(root, address)));
	};
	return { models, asked, catalog: new Catalog('', fetcher as typeof fetch) };
}

describe('the manifests of a built site', () => {
	it('are small until the model is downloaded, and then what they were', async () => {
		const { models, asked, catalog } = await site();
		const summary = await readFile(join(models, manifest.id, 'manifest.json'), 'utf8');
		expect(summary).not.toContain('referenceVectors');
		const offered = await catalog.manifest(manifest.id);
		expect(offered).toEqual({ ok: true, value: { ...manifest, referenceVectors: [] } });
		if (!offered.ok) throw new Error('no manifest');
		expect(asked).toHaveLength(1);
		expect(await catalog.whole(offered.value)).toEqual({ ok: true, value: manifest });
	});

	it('are split once, however often the site is made', async () => {
		const { models, catalog } = await site();
		await splitAll(models);
		const offered = await catalog.manifest(manifest.id);
		expect(offered.ok && (await catalog.whole(offered.value))).toMatchObject({ ok: true });
	});
});
