/**
 * A whole model of a few nodes whose figures can be worked out by hand, as a graph of
 * TensorFlow.js and as a package with its sums; with or without a distance.
 */
import type { Manifest, Recognition } from '../../../src/lib/models/manifest';
import type { ModelPackage } from '../../../src/lib/models/store';
import { TASK_DATA } from '../../../src/lib/tasks/data';
import {
	exampleManifest,
	packed,
	sumsOf,
	type ExamplePackage,
	type ManifestChanges
} from './manifest';

const float = { type: 'DT_FLOAT' };
const integer = { type: 'DT_INT32' };
const text = (value: string) => ({ s: Buffer.from(value).toString('base64') });
const shapeOf = (shape: number[]) => ({ dim: shape.map((size) => ({ size: String(size) })) });
const node = (name: string, op: string, input: string[], attr: object = {}) => ({
	name,
	op,
	input,
	attr: { T: float, ...attr }
});

type Constant = [name: string, shape: number[], values: number[], dtype: 'float32' | 'int32'];

/** What an image of middling brightness has as its three mean features. */
const CENTRE = [0.5, 0.5, 1];
const CLASS_WEIGHTS = [1, 0, 0, 1, 0.5, 0];

export interface SmallGraph {
	/** Of [features, classes], row after row. */
	classWeights?: number[];
	channels?: 1 | 3;
	/** Of [channels, features], row after row. */
	kernel?: number[];
	/** The centre of the training images; without it the graph has no distance. */
	centre?: number[];
}

/**
 * The graph: x is the mean of the channels; features = x * [1, -1, 2], rectified (or what
 * another kernel gives); logits =
 * mean of the features * class weights; distance = squared distance of the mean from the centre.
 */
export function smallGraph({
	classWeights = CLASS_WEIGHTS,
	channels = 1,
	kernel = Array.from({ length: channels }, () => [1, -1, 2].map((w) => w / channels)).flat(),
	centre
}: SmallGraph) {
	const constants: Constant[] = [
		['kernel', [1, 1, channels, 3], kernel, 'float32'],
		['axes', [2], [1, 2], 'int32'],
		['classes', [3, 2], classWeights, 'float32']
	];
	if (centre) constants.push(['centre', [3], centre, 'float32'], ['last', [1], [1], 'int32']);
	const constantNodes = constants.map(([name, shape, , dtype]) => {
		const kind = dtype === 'int32' ? integer : float;
		const tensor = { dtype: kind.type, tensorShape: shapeOf(shape) };
		return { name, op: 'Const', attr: { dtype: kind, value: { tensor } } };
	});
	const placeholder = { dtype: float, shape: { shape: shapeOf([-1, -1, -1, channels]) } };
	const nodes = [
		{ name: 'input', op: 'Placeholder', attr: placeholder },
		...constantNodes,
		node('convolved', 'Conv2D', ['input', 'kernel'], {
			strides: { list: { i: ['1', '1', '1', '1'] } },
			dilations: { list: { i: ['1', '1', '1', '1'] } },
			padding: text('VALID'),
			data_format: text('NHWC')
		}),
		node('features', 'Relu', ['convolved']),
		node('mean', 'Mean', ['features', 'axes'], { keep_dims: { b: false }, Tidx: integer }),
		node('logits', 'MatMul', ['mean', 'classes'], {
			transpose_a: { b: false },
			transpose_b: { b: false }
		})
	];
	if (centre) {
		nodes.push(
			node('from centre', 'Sub', ['mean', 'centre']),
			node('squared', 'Square', ['from centre']),
			node('distance', 'Sum', ['squared', 'last'], { keep_dims: { b: true }, Tidx: integer })
		);
	}
	const topology = JSON.stringify({
		format: 'graph-model',
		modelTopology: { node: nodes, library: {}, versions: { producer: 1 } },
		weightsManifest: [
			{
				paths: ['shard-1.bin'],
				weights: constants.map(([name, shape, , dtype]) => ({ name, shape, dtype }))
			}
		]
	});
	const bytes = constants.flatMap(([, , values, dtype]) => [
		...new Uint8Array(
			(dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values)).buffer
		)
	]);
	return { topology, weights: Uint8Array.from(bytes) };
}

/** The graph for the example's manifest, a 2 x 2 grey input; with a centre it has a distance. */
export function smallModel(given: SmallGraph = {}, changes: ManifestChanges = {}): ModelPackage {
	const { topology, weights } = smallGraph(given);
	const manifest = exampleManifest(changes);
	if (given.centre) manifest.classifier.outputs.distance = 'distance';
	return { manifest, topology, weights: weights.buffer, region: null };
}

/** A rule that takes distances up to 3. */
export const RECOGNITION: Recognition = {
	method: 'squared-distance',
	threshold: 3,
	validation: { n: 200, flagged: 0.01 },
	rejected: [
		{ id: 'noise', n: 100, share: 1 },
		{ id: 'photographs', n: 80, share: 0.9625 }
	],
	outside: [{ id: 'adults', n: 500, share: 0.34 }],
	bytes: 1234
};

const SIDE = 8;

/**
 * The graph as a package that a page can download: an 8 x 8 input with a distance. It
 * recognises what is neither nearly white nor nearly black.
 */
export function smallPackage(
	task: Manifest['task'],
	channels: 1 | 3,
	data = TASK_DATA.find(({ id }) => id === task)
): ExamplePackage {
	const { topology, weights } = smallGraph({ channels, centre: CENTRE });
	const files = new Map<string, Uint8Array>([
		['model.json', Buffer.from(topology)],
		['shard-1.bin', weights]
	]);
	const example = exampleManifest().classifier;
	const each = <T>(value: T) => Array.from({ length: channels }, () => value);
	const manifest = exampleManifest({
		task,
		...sumsOf(files),
		classifier: {
			input: {
				...example.input,
				width: SIDE,
				height: SIDE,
				channels,
				mean: each(0.5),
				std: each(0.25)
			},
			outputs: {
				...example.outputs,
				distance: 'distance',
				classes: data?.classes.map(({ id }) => id) ?? example.outputs.classes
			}
		},
		recognition: RECOGNITION,
		referenceVectors: ['dark', 'bright', 'mixed'].map((id, i) => {
			const grey = Array.from({ length: SIDE * SIDE }, (_, place) =>
				Math.min(255, i * 60 + ((place * 37) % 130))
			);
			const pixels = Uint8Array.from(grey.flatMap((value) => each(value)));
			return { id, pixels: packed(pixels), ...worked(grey) };
		})
	});
	return { manifest, files };
}

/** Logits and distance of the package for grey levels, worked out without TensorFlow.js. */
function worked(grey: number[]) {
	const xs = grey.map((value) => (value / 255 - 0.5) / 0.25);
	const mean = [1, -1, 2].map(
		(w) => xs.reduce((sum, x) => sum + Math.max(0, w * x), 0) / xs.length
	);
	const logits = [0, 1].map((c) =>
		mean.reduce((sum, m, f) => sum + m * CLASS_WEIGHTS[2 * f + c], 0)
	);
	const distance = mean.reduce((sum, m, f) => sum + (m - CENTRE[f]) ** 2, 0);
	return { logits, distance };
}
