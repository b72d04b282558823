import { toJsonSchema } from '@valibot/to-json-schema';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseManifest, type Manifest } from '../../../src/lib/models/manifest';
import { manifestSchema } from '../../../src/lib/models/manifest-schema';
import {
	exampleManifest,
	examplePackage,
	packedPackage,
	regionManifest
} from '../helpers/manifest';
import { RECOGNITION, smallPackage } from '../helpers/small-model';

type Spoil = (manifest: Manifest) => void;

const DATA_SET: Manifest['metrics'][number] = {
	id: 'nobody',
	role: 'test',
	n: 300,
	positives: 100,
	patients: null,
	auc: { value: 0.9, low: 0.8, high: 0.95 },
	operatingPoints: {},
	roc: [],
	calibrationBins: [],
	expectedCalibrationError: null,
	command: 'none'
};

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
	delete parent[path.at(-1)];
	return manifest;
}

/** The files of the region go with it; the crops of the vectors stay. */
function dropRegion(manifest: Manifest): void {
	manifest.region = null;
	manifest.files.length = 2;
	manifest.totalBytes -= 6;
}

describe('a manifest that is in order', () => {
	it('is accepted as it is', () => {
		const manifest = exampleManifest();
		expect(parseManifest(structuredClone(manifest))).toEqual({ ok: true, manifest });
	});

	it('is accepted with colour input, for a task of colour images', () => {
		const manifest = exampleManifest({ task: 'malaria-cell' });
		Object.assign(manifest.classifier.input, { channels: 3, mean: [0, 0, 0], std: [1, 1, 1] });
		manifest.classifier.outputs.classes = ['uninfected', 'parasitized'];
		manifest.$schema = '../manifest.schema.json';
		expect(parseManifest(manifest).ok).toBe(true);
	});

	it('is accepted with packed shards, and with what storing its weights cost', () => {
		const { manifest } = packedPackage(examplePackage([500, 600]));
		manifest.classifier.storage = {
			method: 'rounded',
			bitsPerWeight: 4.5,
			comparedWith: 'float32',
			n: 300,
			auc: { before: 0.99, after: 0.9899 },
			logOddsChange: { mean: 0.001, largest: 0.02 },
			decisionsChanged: { sensitive: 0, balanced: 1 }
		};
		expect(parseManifest(structuredClone(manifest))).toEqual({ ok: true, manifest });
	});

	it('is accepted with a rule for images that are not of its kind', () => {
		const { manifest } = smallPackage('malaria-cell', 3);
		manifest.metrics = [{ ...DATA_SET, notRecognised: { count: 3, share: 0.01 } }];
		expect(parseManifest(structuredClone(manifest))).toEqual({ ok: true, manifest });
	});

	it('is accepted with how far reading in int8 agrees, and with feature maps that need more bits', () => {
		const manifest = exampleManifest();
		const int8 = {
			backend: 'int8',
			sameCategory: 299,
			decisionsChanged: { sensitive: 1, balanced: 0 },
			auc: { exact: 0.9, int8: 0.9001 },
			command: 'none'
		};
		manifest.metrics = [{ ...DATA_SET, int8 }];
		manifest.classifier.activations = {
			images: 300,
			ranges: { pool: { largest: 3, channels: 'AAAA', int16: true } }
		};
		expect(parseManifest(structuredClone(manifest))).toEqual({ ok: true, manifest });
	});

	it('is accepted with a region, a data set of other files and a subgroup', () => {
		const manifest = regionManifest();
		manifest.metrics = [
			{ ...DATA_SET, unreadable: 2, backend: 'wasm', measuredWith: '1.0.0' },
			{ ...DATA_SET, id: 'shifted', shifts: [{ id: 'darker', auc: 0.9 }] }
		];
		const figure = { value: 0.9, low: 0.8, high: 0.95 };
		manifest.card.subgroups = [
			{
				id: 'viral',
				dataSet: 'nobody',
				n: 20,
				measure: 'sensitivity',
				operatingPoint: 'sensitive',
				figure
			}
		];
		expect(parseManifest(structuredClone(manifest))).toEqual({ ok: true, manifest });
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
	it.each(['2.1', '3.0', '12.0'])('with the newer version %s is told apart', (version) => {
		const result = parseManifest({ schemaVersion: version, everything: 'else is new' });
		expect(result).toMatchObject({ ok: false, refusal: { reason: 'newer-format' } });
	});

	it.each(['0.9', '', 'one', '1', '1.3', '2', '2.x', 1.0, null])(
		'with version %s is invalid',
		(version) => {
			const result = parseManifest({ ...exampleManifest(), schemaVersion: version });
			expect(result).toMatchObject({
				ok: false,
				refusal: { reason: 'invalid', field: 'schemaVersion' }
			});
		}
	);

	it.each([undefined, null, 'text', 7, [], {}, new Date()])('is refused: %s', (json) => {
		expect(parseManifest(json)).toMatchObject({ ok: false, refusal: { reason: 'invalid' } });
	});
});

describe('a manifest that lacks something', () => {
	it.each([
		['id'],
		['files'],
		['totalBytes'],
		['region'],
		['classifier', 'files'],
		['classifier', 'input', 'mean'],
		['classifier', 'outputs', 'logits'],
		['calibration', 'temperature'],
		['operatingPoints'],
		['defaultOperatingPoint'],
		['recognition'],
		['referenceVectors'],
		['card', 'warnings']
	])('is refused by the name of the field: %s %s %s', (...path) => {
		const result = parseManifest(without(exampleManifest(), ...path.filter(Boolean)));
		expect(result).toMatchObject({ ok: false, refusal: { field: path.filter(Boolean).join('.') } });
	});

	it('or says more than is known is refused', () => {
		expect(refusedField((m) => Object.assign(m.classifier.input, { padding: 3 }))).toBe(
			'invalid: classifier.input.padding'
		);
	});
});

describe('a manifest with a value out of bounds', () => {
	const tenTimes = <T>(items: T[]): T[] => Array.from({ length: 10 }, () => items[0]);

	it.each<[string, Spoil]>([
		['id', (m) => (m.id = '../other')],
		['id', (m) => (m.id = '')],
		['version', (m) => (m.version = '1.2')],
		['files.0.sha256', (m) => (m.files[0].sha256 = 'ABC')],
		['files.1.bytes', (m) => (m.files[1].bytes = 0)],
		['files.1.bytes', (m) => (m.files[1].bytes = 1.5)],
		['files.1.bytes', (m) => (m.files[1].bytes = 300 * 1024 * 1024)],
		['totalBytes', (m) => (m.totalBytes = 300 * 1024 * 1024)],
		['files', (m) => (m.files = m.files.slice(0, 1))],
		['classifier.input.width', (m) => (m.classifier.input.width = 0)],
		['classifier.input.height', (m) => (m.classifier.input.height = 5000)],
		['classifier.input.channels', (m) => (m.classifier.input.channels = 2 as never)],
		['classifier.input.std.0', (m) => (m.classifier.input.std = [0])],
		['classifier.input.resize', (m) => (m.classifier.input.resize = 'crop' as never)],
		['calibration.temperature', (m) => (m.calibration.temperature = 0)],
		['calibration.temperature', (m) => (m.calibration.temperature = NaN)],
		['operatingPoints.0.threshold', (m) => (m.operatingPoints[0].threshold = 1.01)],
		['operatingPoints', (m) => (m.operatingPoints = m.operatingPoints.slice(0, 1))],
		['operatingPoints', (m) => (m.operatingPoints = tenTimes(m.operatingPoints))],
		['referenceVectors', (m) => (m.referenceVectors = m.referenceVectors.slice(0, 2))],
		['referenceVectors.2.pixels', (m) => (m.referenceVectors[2].pixels = 'A'.repeat(400_001))],
		['referenceVectors.0.logits', (m) => (m.referenceVectors[0].logits = [1])],
		[
			'classifier.activations.images',
			(m) => (m.classifier.activations = { images: 0, ranges: {} })
		],
		[
			'classifier.activations.ranges.pool.largest',
			(m) =>
				(m.classifier.activations = {
					images: 1,
					ranges: { pool: { largest: 0, channels: 'AA==' } }
				})
		],
		[
			'classifier.activations.ranges.pool.channels',
			(m) =>
				(m.classifier.activations = { images: 1, ranges: { pool: { largest: 1, channels: 'A-' } } })
		],
		['recognition.threshold', (m) => (m.recognition = { ...RECOGNITION, threshold: 0 })],
		['recognition.bytes', (m) => (m.recognition = { ...RECOGNITION, bytes: 0 })],
		[
			'recognition.validation.flagged',
			(m) => (m.recognition = { ...RECOGNITION, validation: { n: 9, flagged: 1.1 } })
		],
		[
			'recognition.rejected',
			(m) => (m.recognition = { ...RECOGNITION, rejected: Array(41).fill(RECOGNITION.rejected[0]) })
		],
		[
			'recognition.outside',
			(m) => (m.recognition = { ...RECOGNITION, outside: Array(11).fill(RECOGNITION.outside[0]) })
		],
		[
			'recognition.shape.mean',
			(m) => (m.recognition = { ...RECOGNITION, shape: { mean: [1], precision: [], weight: 1 } })
		],
		['classifier.outputs.distance', (m) => (m.classifier.outputs.distance = '')],
		[
			'metrics.0.notRecognised.share',
			(m) => (m.metrics = [{ ...DATA_SET, notRecognised: { count: 3, share: 3 } }])
		],
		['card.limits', (m) => (m.card.limits = [])],
		['card.intendedUse', (m) => (m.card.intendedUse = 'Sorting films.')]
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
		['classifier.files.0', (m) => m.classifier.files.reverse()],
		['files', (m) => (m.classifier.files[1] = 'shard-2.bin')],
		['files', (m) => m.files.push({ ...m.files[1], path: 'idle.bin' }) && (m.totalBytes += 2)],
		['classifier.files', (m) => m.classifier.files.push('shard-1.bin')],
		['files', (m) => (m.files[1].path = 'model.json')],
		['classifier.input.mean', (m) => (m.classifier.input.mean = [0.5, 0.5])],
		['classifier.input.mean', (m) => (m.classifier.input.std = [0.5, 0.5, 0.5])],
		['classifier.input.mean', (m) => (m.classifier.input.channels = 3)],
		['classifier.input.channels', (m) => (m.task = 'malaria-cell')],
		['task', (m) => (m.task = 'moles')],
		['classifier.outputs.positiveClass', (m) => (m.classifier.outputs.positiveClass = 2)],
		['classifier.outputs.positiveClass', (m) => (m.classifier.outputs.positiveClass = 0)],
		['classifier.outputs.classes', (m) => m.classifier.outputs.classes.push('third')],
		['classifier.outputs.classes', (m) => (m.classifier.outputs.classes[0] = 'healthy')],
		['defaultOperatingPoint', (m) => (m.defaultOperatingPoint = 'best')]
	])('is refused: %s', (field, spoil) => {
		expect(refusedField(spoil)).toBe(`invalid: ${field}`);
	});

	it.each<[string, Spoil]>([
		['files.1.unpackedBytes', (m) => (m.files[1].encoding = 'deflate-raw')],
		['files.1.unpackedBytes', (m) => (m.files[1].unpackedBytes = 2)],
		[
			'files.1.unpackedBytes',
			(m) => Object.assign(m.files[1], { encoding: 'deflate-raw', unpackedBytes: 2065 })
		],
		[
			'files.1.unpackedBytes',
			(m) => Object.assign(m.files[1], { encoding: 'deflate-raw', unpackedBytes: 2 ** 40 })
		],
		['files.1.encoding', (m) => Object.assign(m.files[1], { encoding: 'zip', unpackedBytes: 2 })],
		[
			'files',
			(m) => {
				const large = { bytes: 200_000, encoding: 'deflate-raw', unpackedBytes: 200_000_000 };
				Object.assign(m.files[1], large);
				m.files.push({ ...m.files[1], path: 'shard-2.bin' });
				m.totalBytes = 400_003;
			}
		]
	])('is refused where its packing is not in order: %s', (field, spoil) => {
		expect(refusedField(spoil)).toBe(`invalid: ${field}`);
	});

	it('is refused with a rule for other images and no distance, or the reverse', () => {
		const ruled = (spoil: Spoil) => {
			const { manifest } = smallPackage('chest-xray-pneumonia', 1);
			spoil(manifest);
			const result = parseManifest(manifest);
			return result.ok ? 'accepted' : result.refusal.field;
		};
		expect(ruled(() => undefined)).toBe('accepted');
		expect(ruled((m) => (m.recognition = null))).toBe('recognition');
		const six = Array<number>(6).fill(1);
		const shape = { mean: six, precision: six.map(() => six), weight: 1 };
		expect(ruled((m) => (m.recognition = m.recognition && { ...m.recognition, shape }))).toBe(
			'recognition.shape'
		);
		expect(ruled((m) => delete m.classifier.outputs.distance)).toBe('recognition');
		expect(ruled((m) => delete m.referenceVectors[1].distance)).toBe('referenceVectors.1.distance');
		expect(refusedField((m) => (m.referenceVectors[2].distance = 1))).toBe(
			'invalid: referenceVectors.2.distance'
		);
		expect(refusedField((m) => (m.recognition = RECOGNITION))).toBe('invalid: recognition');
	});

	it.each<[string, Spoil]>([
		['files', (m) => (m.region!.files[1] = 'finder-shard-2.bin')],
		['classifier.files', (m) => (m.region!.files = [...m.classifier.files])],
		['region.input.mean', (m) => (m.region!.input.mean = [])],
		['region.crop.percentiles', (m) => (m.region!.crop.percentiles = [99, 1])],
		['region.crop.margin', (m) => (m.region!.crop.margin = 0.06)],
		['region.crop.size', (m) => (m.region!.crop.size = 3)],
		['referenceVectors.1.crop', (m) => delete m.referenceVectors[1].crop],
		['referenceVectors.2.film', (m) => delete m.referenceVectors[2].film],
		['referenceVectors.0.film', (m) => dropRegion(m)]
	])('is refused where its region is not in order: %s', (field, spoil) => {
		const manifest = regionManifest();
		spoil(manifest);
		expect(parseManifest(manifest)).toMatchObject({ ok: false, refusal: { field } });
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
