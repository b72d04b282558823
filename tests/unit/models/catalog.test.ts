import { beforeEach, afterEach, describe, expect, it, vi } from 'vitest';
import { sentenceOf } from '../../../src/lib/problems/messages';
import { byTask, Catalog } from '../../../src/lib/models/catalog';
import type { Task } from '../../../src/lib/tasks/task';
import { exampleManifest, regionManifest } from '../helpers/manifest';

/** A catalog of a site whose files are given as values. */
function catalogOf(files: Record<string, unknown>, base = '/sub'): Catalog {
	return new Catalog(base, (address) => {
		const key = address instanceof Request ? address.url : address.toString();
		return Promise.resolve(
			key in files ? Response.json(files[key]) : new Response('gone', { status: 404 })
		);
	});
}

beforeEach(() => {
	vi.stubGlobal('location', { host: 'fieldlens.example' });
});
afterEach(() => {
	vi.unstubAllGlobals();
});

describe('the catalog', () => {
	it('lists the models of the site, below its path', async () => {
		const catalog = catalogOf({ '/sub/models/index.json': { models: ['a', 'b-2'] } });
		expect(await catalog.ids()).toEqual({ ok: true, value: ['a', 'b-2'] });
		expect(catalog.address('a', 'x.bin')).toBe('/sub/models/a/x.bin');
	});

	it.each([{ models: ['../a'] }, { models: 'a' }, [], { models: [], more: 1 }])(
		'that is not in order is refused: %j',
		async (index) => {
			expect(await catalogOf({ '/sub/models/index.json': index }).ids()).toMatchObject({
				problem: { code: 'model-manifest-invalid' }
			});
		}
	);

	it('gives a manifest that is in order', async () => {
		const manifest = exampleManifest();
		const catalog = catalogOf({ '/sub/models/example/manifest.json': manifest });
		expect(await catalog.manifest('example')).toEqual({ ok: true, value: manifest });
	});

	it('says where a manifest is not in order', async () => {
		const manifest = exampleManifest({ totalBytes: 6 });
		const answer = await catalogOf({ '/sub/models/example/manifest.json': manifest }).manifest(
			'example'
		);
		expect(answer).toMatchObject({ problem: { code: 'model-manifest-invalid' } });
		expect(!answer.ok && sentenceOf(answer.problem)).toContain('totalBytes: is 6');
	});

	it('tells a manifest of a newer program from a wrong one', async () => {
		const catalog = catalogOf({ '/sub/models/example/manifest.json': { schemaVersion: '3.0' } });
		expect(await catalog.manifest('example')).toMatchObject({
			problem: { code: 'model-manifest-newer' }
		});
	});

	it('tells a server without the file from no connection', async () => {
		expect(await catalogOf({}).ids()).toMatchObject({ problem: { code: 'model-server' } });
		const cut = new Catalog('', () => Promise.reject(new TypeError('Failed to fetch')));
		expect(await cut.manifest('a')).toMatchObject({ problem: { code: 'model-offline' } });
	});

	it('takes a sign-in page of the network for no connection', async () => {
		const portal = new Catalog('', () => Promise.resolve(new Response('<html>Sign in</html>')));
		expect(await portal.ids()).toMatchObject({ problem: { code: 'model-offline' } });
	});
});

describe('models by task', () => {
	const model = (id: string, task: Task, totalBytes: number, isOffered = true, auc?: number) => {
		const metrics = auc === undefined ? [] : [shifted(auc)];
		const manifest = exampleManifest({ id, task, totalBytes, metrics });
		return { manifest, offered: isOffered ? manifest : null };
	};
	const shifted = (value: number) => ({
		id: 'validation-shift',
		role: 'shift' as const,
		n: 10,
		positives: 5,
		patients: 5,
		// A standard error of 0.001.
		auc: { value, low: value - 0.00196, high: value + 0.00196 },
		operatingPoints: {},
		roc: [],
		calibrationBins: [],
		expectedCalibrationError: null,
		command: 'none'
	});
	const ids = (...models: ReturnType<typeof model>[]) =>
		byTask(models).map(({ task, models: found }) => [task, ...found.map((m) => m.manifest.id)]);

	it('stand with the smallest, the recommended one, first', () => {
		expect(
			ids(
				model('large', 'chest-xray-pneumonia', 47),
				model('cells', 'malaria-cell', 10),
				model('small', 'chest-xray-pneumonia', 21)
			)
		).toEqual([
			['chest-xray-pneumonia', 'small', 'large'],
			['malaria-cell', 'cells']
		]);
	});

	it('stand with the smallest first of those within one standard error of the best', () => {
		expect(
			ids(
				model('small', 'chest-xray-pneumonia', 21, true, 0.9935),
				model('large', 'chest-xray-pneumonia', 47, true, 0.9946),
				model('middle', 'chest-xray-pneumonia', 30, true, 0.994)
			)
		).toEqual([['chest-xray-pneumonia', 'middle', 'large', 'small']]);
	});

	it('stand with the one that reads a part first, whatever the figures of one that reads it all', () => {
		const lungs = model('lungs', 'chest-xray-pneumonia', 47, true, 0.97);
		const { region } = regionManifest();
		lungs.manifest.region = lungs.offered!.region = region;
		const whole = model('whole', 'chest-xray-pneumonia', 21, true, 0.995);
		expect(ids(whole, lungs)).toEqual([['chest-xray-pneumonia', 'lungs', 'whole']]);
	});

	it('are not led by what the site no longer offers, however good', () => {
		expect(
			ids(
				model('old', 'chest-xray-pneumonia', 5, false, 0.999),
				model('large', 'chest-xray-pneumonia', 47, true, 0.991),
				model('small', 'chest-xray-pneumonia', 21, true, 0.9905)
			)
		).toEqual([['chest-xray-pneumonia', 'small', 'large', 'old']]);
	});

	it('have the one that is no longer offered last', () => {
		expect(
			ids(
				model('old', 'chest-xray-pneumonia', 5, false),
				model('large', 'chest-xray-pneumonia', 47)
			)
		).toEqual([['chest-xray-pneumonia', 'large', 'old']]);
	});

	it('are no task where there is no model, or none whose manifest is known', () => {
		expect(ids(model('cells', 'malaria-cell', 10))).toEqual([['malaria-cell', 'cells']]);
		expect(byTask([{ manifest: null, offered: null }])).toEqual([]);
	});
});
