import { toJsonSchema } from '@valibot/to-json-schema';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { manifestSchema, parseManifest, type Manifest } from '../../../src/lib/models/manifest';
import { exampleManifest, examplePackage } from '../helpers/manifest';

type Spoil = (manifest: Manifest) => void;

/** The field that is named when a manifest is spoilt. */
function refusedField(spoil: Spoil): string {
	const manifest = exampleManifest();
	spoil(manifest);
	const result = parseManifest(manifest);
	return result.ok ? 'accepted' : `${result.refusal.reason}: ${result.refusal.field}`;
}

/** An object with one of its keys left out. */
function without(manifest: Manifest, ...path: string[]): Manifest {
	let parent = manifest as unknown as Record<string, unknown>;
	for (const key of path.slice(0, -1)) parent = parent[key] as Record<string, unknown>;
	// eslint-disable-next-line @typescript-eslint/no-dynamic-delete
	delete parent[path.at(-1)!];
	return manifest;
}

describe('a manifest that is in order', () => {
	it('is accepted as it is', () => {
		const manifest = exampleManifest();
		expect(parseManifest(structuredClone(manifest))).toEqual({ ok: true, manifest });
	});

	it('is accepted with colour input, an energy figure and a rule for other images', () => {
		const manifest = exampleManifest();
		manifest.input = { ...manifest.input, channels: 3, mean: [0, 0, 0], std: [1, 1, 1] };
		manifest.card.energy = '0.1 kWh';
		manifest.recognition = { method: 'distance', threshold: 3, nested: { anything: 1 } };
		manifest.$schema = '../manifest.schema.json';
		expect(parseManifest(manifest).ok).toBe(true);
	});

	it('may have figures that could not be computed', () => {
		const manifest = exampleManifest();
		manifest.operatingPoints[0].validation.sensitivity = { value: null, low: null, high: null };
		expect(parseManifest(manifest).ok).toBe(true);
	});

	it('of a package made for tests is in order', () => {
		expect(parseManifest(examplePackage([10, 20]).manifest).ok).toBe(true);
	});
});

describe('a manifest of another format', () => {
	it.each(['2.0', '3.7', '12.0'])('with the newer major version %s is told apart', (version) => {
		const result = parseManifest({ schemaVersion: version, everything: 'else is new' });
		expect(result).toMatchObject({ ok: false, refusal: { reason: 'newer-format' } });
	});

	it.each(['0.9', '', 'one', '1', '1.x', 1.0, null])('with version %s is invalid', (version) => {
		const result = parseManifest({ ...exampleManifest(), schemaVersion: version });
		expect(result).toMatchObject({
			ok: false,
			refusal: { reason: 'invalid', field: 'schemaVersion' }
		});
	});

	it.each([undefined, null, 'text', 7, [], {}, new Date()])('is refused: %s', (json) => {
		expect(parseManifest(json)).toMatchObject({ ok: false, refusal: { reason: 'invalid' } });
	});
});

describe('a manifest that lacks something', () => {
	it.each([
		['id'],
		['files'],
		['totalBytes'],
		['input', 'mean'],
		['outputs', 'camWeights'],
		['calibration', 'temperature'],
		['operatingPoints'],
		['defaultOperatingPoint'],
		['recognition'],
		['referenceVectors'],
		['card', 'warning']
	])('is refused by the name of the field: %s %s', (...path) => {
		const result = parseManifest(without(exampleManifest(), ...path.filter(Boolean)));
		expect(result).toMatchObject({ ok: false, refusal: { field: path.filter(Boolean).join('.') } });
	});

	it('or says more than is known is refused', () => {
		expect(refusedField((m) => Object.assign(m.input, { padding: 3 }))).toBe(
			'invalid: input.padding'
		);
	});
});

describe('a manifest with a value out of bounds', () => {
	const tenTimes = <T>(items: T[]): T[] => Array.from({ length: 10 }, () => items[0]);

	it.each<[string, Spoil]>([
		['id', (m) => (m.id = '../other')],
		['id', (m) => (m.id = '')],
		['version', (m) => (m.version = '1.2')],
		['task', (m) => (m.task = 'fortune' as never)],
		['files.0.sha256', (m) => (m.files[0].sha256 = 'ABC')],
		['files.1.bytes', (m) => (m.files[1].bytes = 0)],
		['files.1.bytes', (m) => (m.files[1].bytes = 1.5)],
		['files.1.bytes', (m) => (m.files[1].bytes = 300 * 1024 * 1024)],
		['totalBytes', (m) => (m.totalBytes = 300 * 1024 * 1024)],
		['files', (m) => (m.files = m.files.slice(0, 1))],
		['input.width', (m) => (m.input.width = 0)],
		['input.height', (m) => (m.input.height = 5000)],
		['input.channels', (m) => (m.input.channels = 2 as never)],
		['input.std.0', (m) => (m.input.std = [0])],
		['input.resize', (m) => (m.input.resize = 'crop' as never)],
		['outputs.camScale', (m) => (m.outputs.camScale = 0)],
		['outputs.gridWidth', (m) => (m.outputs.gridWidth = 1000)],
		['calibration.temperature', (m) => (m.calibration.temperature = 0)],
		['calibration.temperature', (m) => (m.calibration.temperature = NaN)],
		['operatingPoints.0.threshold', (m) => (m.operatingPoints[0].threshold = 1.01)],
		['operatingPoints', (m) => (m.operatingPoints = m.operatingPoints.slice(0, 1))],
		['operatingPoints', (m) => (m.operatingPoints = tenTimes(m.operatingPoints))],
		['referenceVectors', (m) => (m.referenceVectors = m.referenceVectors.slice(0, 2))],
		['referenceVectors.2.pixels', (m) => (m.referenceVectors[2].pixels = 'A'.repeat(400_001))],
		['referenceVectors.0.logits', (m) => (m.referenceVectors[0].logits = [1])],
		['card.limits', (m) => (m.card.limits = [])],
		['card.intendedUse', (m) => (m.card.intendedUse = 'x'.repeat(4001))]
	])('is refused: %s', (field, spoil) => {
		expect(refusedField(spoil)).toBe(`invalid: ${field}`);
	});
});

describe('a file name that would leave the package', () => {
	it.each([
		'../secret.bin',
		'..',
		'a/b.bin',
		'a\\b.bin',
		'/etc/passwd',
		'.hidden',
		'',
		'shard.bin?x=1',
		'shard.bin#x',
		'%2e%2e',
		'https://elsewhere.example',
		'shard.bin\n',
		'x'.repeat(101)
	])('is refused: %j', (path) => {
		expect(refusedField((m) => (m.files[1].path = path))).toBe('invalid: files.1.path');
	});
});

describe('a manifest that contradicts itself', () => {
	it.each<[string, Spoil]>([
		['totalBytes', (m) => (m.totalBytes += 1)],
		['files.0.path', (m) => m.files.reverse()],
		['files', (m) => (m.files[1].path = 'model.json')],
		['input.mean', (m) => (m.input.mean = [0.5, 0.5])],
		['input.mean', (m) => (m.input.std = [0.5, 0.5, 0.5])],
		['input.mean', (m) => (m.input.channels = 3)],
		['outputs.camWeights', (m) => m.outputs.camWeights.pop()],
		['outputs.classes', (m) => (m.outputs.positiveClass = 2)],
		['outputs.classes', (m) => m.outputs.classes.push({ id: 'third', name: 'Third' })],
		['defaultOperatingPoint', (m) => (m.defaultOperatingPoint = 'best')]
	])('is refused: %s', (field, spoil) => {
		expect(refusedField(spoil)).toBe(`invalid: ${field}`);
	});

	it('says both figures of a wrong total', () => {
		const result = parseManifest(exampleManifest({ totalBytes: 6 }));
		expect(result).toMatchObject({
			refusal: { detail: 'is 6, but the files add up to 5' }
		});
	});
});

describe('the JSON Schema that the Python side uses', () => {
	it('says what the app checks', () => {
		const written = JSON.parse(readFileSync('schemas/manifest.schema.json', 'utf8')) as object;
		const made = { title: 'Fieldlens model manifest', ...toJsonSchema(manifestSchema) };
		expect(written, 'run: npm run schema').toEqual(JSON.parse(JSON.stringify(made)));
	});
});
