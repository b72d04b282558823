/** A small model package that is in order, for tests to use or to spoil. */
import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { TASK_DATA } from '../../../src/lib/tasks/data';
import type { Manifest } from '../../../src/lib/models/manifest';

type ManifestFile = Manifest['files'][number];

const figure = { value: 0.9, low: 0.8, high: 0.95 };

/** Raw deflate in base64, as the exporter packs reference pixels. */
export function packed(pixels: Uint8Array): string {
	return deflateRawSync(pixels).toString('base64');
}

export function sha256Hex(bytes: Uint8Array): string {
	return createHash('sha256').update(bytes).digest('hex');
}

/** Fields of a manifest that a test wants otherwise; of the classifier, those of its fields. */
export type ManifestChanges = Omit<Partial<Manifest>, 'classifier'> & {
	classifier?: Partial<Manifest['classifier']>;
};

/** The smallest manifest that is in order: a 2 x 2 grey input, a 2 x 2 grid, two points. */
export function exampleManifest(changes: ManifestChanges = {}): Manifest {
	const { classifier, ...rest } = changes;
	const manifest: Manifest = {
		schemaVersion: '2.0',
		id: 'example',
		version: '1.2.3',
		task: 'chest-xray-pneumonia',
		licence: 'Apache-2.0',
		files: [
			{ path: 'model.json', bytes: 3, sha256: sha256Hex(Buffer.from('abc')) },
			{ path: 'shard-1.bin', bytes: 2, sha256: sha256Hex(Buffer.from('de')) }
		],
		totalBytes: 5,
		region: null,
		classifier: {
			files: ['model.json', 'shard-1.bin'],
			input: {
				name: 'input',
				width: 2,
				height: 2,
				channels: 1,
				resize: 'squash',
				filter: 'pillow-bicubic',
				mean: [0.5],
				std: [0.25],
				layout: 'NHWC'
			},
			outputs: {
				logits: 'logits',
				classes: ['normal', 'pneumonia'],
				positiveClass: 1
			}
		},
		calibration: {
			method: 'temperature',
			temperature: 1.5,
			expectedCalibrationErrorBefore: 0.05,
			expectedCalibrationErrorAfter: 0.01,
			bins: [{ predicted: 0.1, observed: 0.12, count: 10 }]
		},
		operatingPoints: [
			{
				id: 'sensitive',
				threshold: 0.2,
				chosen: { rule: 'sensitivity', atLeast: 0.99 },
				validation: { sensitivity: figure, specificity: figure }
			},
			{
				id: 'balanced',
				threshold: 0.6,
				chosen: { rule: 'youden' },
				validation: { sensitivity: figure, specificity: figure }
			}
		],
		defaultOperatingPoint: 'sensitive',
		metrics: [],
		recognition: null,
		referenceVectors: [
			{ id: 'dark', pixels: packed(Uint8Array.of(0, 1, 2, 3)), logits: [1, -1] },
			{ id: 'bright', pixels: packed(Uint8Array.of(255, 254, 253, 252)), logits: [-2, 2.5] },
			{ id: 'mixed', pixels: packed(Uint8Array.of(0, 255, 0, 255)), logits: [0.25, 0] }
		],
		card: {
			intendedUse: 'triage-children',
			warnings: ['one-hospital'],
			limits: ['two-classes'],
			trainingData: { name: 'None', licence: 'CC0-1.0', citation: 'None', images: 1, patients: 1 },
			training: {
				network: 'toy-net',
				start: 'random',
				stages: [{ epochs: 1, size: 2 }],
				emaDecay: 0.9,
				labelSmoothing: 0,
				changes: [],
				validation: { images: 1, patients: 1 },
				bias: 0,
				teachers: [],
				runsTried: 1
			},
			subgroups: []
		},
		...rest
	};
	const files = manifest.files.map(({ path }) => path);
	const task = TASK_DATA.find(({ id }) => id === manifest.task);
	if (task) manifest.classifier.outputs.classes = task.classes.map(({ id }) => id);
	manifest.classifier = { ...manifest.classifier, files, ...classifier };
	return manifest;
}

export interface ExamplePackage {
	manifest: Manifest;
	/** Content of each file by its path. */
	files: Map<string, Uint8Array>;
}

/**
 * A package whose sums are those of its files: `model.json` and shards of the given sizes.
 * @param seed other content for another seed; `operations` of its graph.
 */
export function examplePackage(
	shardBytes: readonly number[],
	{
		seed = 1,
		operations = [],
		...changes
	}: ManifestChanges & { seed?: number; operations?: object[] } = {}
): ExamplePackage {
	const files = new Map<string, Uint8Array>();
	files.set('model.json', Buffer.from(emptyGraph(shardBytes, seed, operations)));
	shardBytes.forEach((bytes, shard) => {
		const content = new Uint8Array(bytes).map((_, i) => (i * 31 + shard * 7 + seed * 101) % 251);
		files.set(`shard-${shard + 1}.bin`, content);
	});
	return { manifest: exampleManifest({ ...sumsOf(files), ...changes }), files };
}

/** The text of a graph, empty but for what is given, over as many weights as the shards have. */
export function emptyGraph(
	shardBytes: readonly number[],
	seed = 1,
	operations: object[] = []
): string {
	const shape = [shardBytes.reduce((sum, bytes) => sum + bytes, 0)];
	const quantization = { dtype: 'uint8', scale: seed, min: 0 };
	const weights = [{ name: 'weights', shape, dtype: 'float32', quantization }];
	return JSON.stringify({
		format: 'graph-model',
		modelTopology: { node: operations },
		weightsManifest: [{ weights }]
	});
}

/** The same package with its shards packed, as the exporter packs them. */
export function packedPackage({ manifest, files }: ExamplePackage): ExamplePackage {
	const packedFiles = new Map<string, Uint8Array>();
	for (const [path, content] of files) {
		const isShard = path !== 'model.json';
		const name = isShard ? path.replace(/\.bin$/, '.deflate.bin') : path;
		packedFiles.set(name, isShard ? deflateRawSync(content) : content);
	}
	const lengths = [...files.values()].map(({ length }) => length);
	const { files: listed, totalBytes } = sumsOf(packedFiles);
	const said = listed.map((file, i): ManifestFile =>
		i === 0 ? file : { ...file, encoding: 'deflate-raw', unpackedBytes: lengths[i] }
	);
	const classifier = { ...manifest.classifier, files: said.map(({ path }) => path) };
	return {
		manifest: { ...manifest, files: said, totalBytes, classifier },
		files: packedFiles
	};
}

/** What a manifest says of its files. */
export function sumsOf(files: ReadonlyMap<string, Uint8Array>) {
	const listed: ManifestFile[] = [...files].map(([path, content]) => ({
		path,
		bytes: content.length,
		sha256: sha256Hex(content)
	}));
	return { files: listed, totalBytes: listed.reduce((sum, file) => sum + file.bytes, 0) };
}

/** The example with a network that finds what is read. */
export function regionManifest(changes: ManifestChanges = {}): Manifest {
	const manifest = exampleManifest(changes);
	const { classifier } = manifest;
	const files = ['finder.json', 'finder-shard-1.bin'];
	for (const path of files) manifest.files.push({ ...manifest.files[0], path });
	manifest.totalBytes += 6;
	manifest.region = {
		files,
		input: { ...classifier.input, width: 112, height: 112 },
		output: { mask: 'mask', width: 56, height: 56, finds: 'lungs', leastPiece: 12 },
		crop: { workingSize: 224, smoothing: 4, margin: 6, dilation: 4, percentiles: [1, 99], size: 2 }
	};
	for (const vector of manifest.referenceVectors) {
		vector.film = vector.pixels;
		vector.crop = { x: 10, y: -2, width: 200, height: 190 };
	}
	return manifest;
}
