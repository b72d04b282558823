/** The ONNX file of the bench, run by ONNX Runtime, against the graph in TensorFlow.js. */
import '@tensorflow/tfjs-backend-cpu';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-web';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readGraphModel } from '../../../tools/lib/graph-model';
import { toOnnx } from '../../../tools/lib/onnx-export';
import { createRandom } from '../../../src/lib/statistics/bootstrap';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const text = (value: string) => ({ s: base64(value) });
const texts = (...values: string[]) => ({ list: { s: values.map(base64) } });
const numbers = (...values: number[]) => ({ list: { i: values.map(String) } });
const float = { T: { type: 'DT_FLOAT' } };
const sliding = (stride: number, padding: string, explicit: number[] = []) => ({
	...float,
	data_format: text('NHWC'),
	strides: numbers(1, stride, stride, 1),
	dilations: numbers(1, 1, 1, 1),
	padding: text(padding),
	explicit_paddings: numbers(...explicit)
});

const HEIGHT = 9;
const WIDTH = 7;
const INPUT = { name: 'input', dims: ['batch', 3, HEIGHT, WIDTH] };
const OUTPUTS = [
	{ name: 'logits', dims: ['batch', 2] },
	{ name: 'features', dims: ['batch', 4, 5, 4] }
];
const shape = { shape: { dim: [-1, HEIGHT, WIDTH, 3].map((size) => ({ size: String(size) })) } };

/** Every operation that the bench knows, with paddings that differ at the two sides. */
const nodes = [
	{ name: 'input', op: 'Placeholder', attr: { dtype: { type: 'DT_FLOAT' }, shape } },
	{
		name: 'stem',
		op: '_FusedConv2D',
		input: ['input', 'stem/weight', 'stem/bias'],
		attr: { ...sliding(2, 'SAME'), fused_ops: texts('BiasAdd', 'Relu'), num_args: { i: '1' } }
	},
	{ name: 'padded', op: 'Pad', input: ['stem', 'paddings'], attr: float },
	{
		name: 'pool',
		op: 'MaxPool',
		input: ['padded'],
		attr: { ...sliding(1, 'VALID'), ksize: numbers(1, 2, 3, 1) }
	},
	{
		name: 'conv',
		op: 'Conv2D',
		input: ['pool', 'conv/weight'],
		attr: sliding(1, 'EXPLICIT', [0, 0, 1, 1, 2, 0, 0, 0])
	},
	{ name: 'shifted', op: 'BiasAdd', input: ['conv', 'stem/bias'], attr: float },
	{ name: 'added', op: 'AddV2', input: ['shifted', 'shifted'], attr: float },
	{ name: 'features', op: 'Relu', input: ['added'], attr: float },
	{
		name: 'mean',
		op: 'Mean',
		input: ['features', 'axes'],
		attr: { ...float, keep_dims: { b: false } }
	},
	{
		name: 'logits',
		op: '_FusedMatMul',
		input: ['mean', 'head/weight', 'head/bias'],
		attr: { ...float, fused_ops: texts('BiasAdd'), num_args: { i: '1' } }
	}
];

/** name, shape, and how it is stored. */
const weightSpecs = [
	{ name: 'stem/weight', shape: [3, 3, 3, 4], dtype: 'float32', quantised: true },
	{ name: 'stem/bias', shape: [4], dtype: 'float32' },
	{ name: 'paddings', shape: [4, 2], dtype: 'int32', values: [0, 0, 1, 0, 0, 2, 0, 0] },
	{ name: 'conv/weight', shape: [3, 3, 4, 4], dtype: 'float32' },
	{ name: 'axes', shape: [2], dtype: 'int32', values: [1, 2] },
	{ name: 'head/weight', shape: [4, 2], dtype: 'float32', quantised: true },
	{ name: 'head/bias', shape: [2], dtype: 'float32' }
];

let folder = '';
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'fieldlens-onnx-'));
});
afterEach(() => rm(folder, { recursive: true }));

const random = createRandom(3);

async function writeModel(node: object[]) {
	const consts = weightSpecs.map(({ name, dtype }) => ({
		name,
		op: 'Const',
		attr: { dtype: { type: dtype === 'int32' ? 'DT_INT32' : 'DT_FLOAT' } }
	}));
	const weights = weightSpecs.map(({ quantised, name, shape, dtype }) => ({
		name,
		shape,
		dtype,
		...(quantised && { quantization: { dtype: 'uint8', scale: 0.01, min: -1.27 } })
	}));
	const bytes = weightSpecs.map(({ shape, quantised, values }) => {
		const count = shape.reduce((product, size) => product * size);
		if (values) return Buffer.from(Int32Array.from(values).buffer);
		const noise = Array.from({ length: count }, random);
		return quantised
			? Buffer.from(noise.map((value) => Math.floor(256 * value)))
			: Buffer.from(Float32Array.from(noise, (value) => value - 0.5).buffer);
	});
	const data = Buffer.concat(bytes);
	const weightsManifest = [{ paths: ['a.bin', 'b.bin'], weights }];
	const model = {
		format: 'graph-model',
		modelTopology: { node: [...consts, ...node], versions: { producer: 1 } },
		weightsManifest
	};
	await writeFile(join(folder, 'model.json'), JSON.stringify(model));
	// A weight may lie across two shards.
	await writeFile(join(folder, 'a.bin'), data.subarray(0, 101));
	await writeFile(join(folder, 'b.bin'), data.subarray(101));
	return { ...model, weightSpecs: weights, weightData: new Uint8Array(data).buffer };
}

describe('the ONNX file of the bench', () => {
	it('computes what the graph model computes', async () => {
		const model = await writeModel(nodes);
		const values = Float32Array.from({ length: 2 * HEIGHT * WIDTH * 3 }, () => random() - 0.5);

		const reference = await loadGraphModel({
			load: () => Promise.resolve(model as unknown as tf.io.ModelArtifacts)
		});
		const input = tf.tensor4d(values, [2, HEIGHT, WIDTH, 3]);
		const [logits, features] = reference.execute({ input }, ['logits', 'features']) as tf.Tensor[];

		const bytes = toOnnx(await readGraphModel(folder), {
			input: INPUT,
			outputs: OUTPUTS
		});
		const session = await ort.InferenceSession.create(bytes);
		const planes = await tf.transpose(input, [0, 3, 1, 2]).data<'float32'>();
		const found = await session.run({
			input: new ort.Tensor('float32', planes, [2, 3, HEIGHT, WIDTH])
		});

		expectClose(found['logits'].data, await logits.data());
		const moved = tf.transpose(features, [0, 3, 1, 2]);
		expect(found['features'].dims).toEqual(moved.shape);
		expectClose(found['features'].data, await moved.data());
	});

	it('is refused by name for an operation that it does not know', async () => {
		await writeModel([...nodes, { name: 'odd', op: 'Erf', input: ['logits'], attr: float }]);
		const graph = await readGraphModel(folder);
		const outputs = [{ name: 'odd', dims: ['batch', 2] }];
		expect(() => toOnnx(graph, { input: INPUT, outputs })).toThrow(/operation Erf \(odd\)/);
	});

	it('leaves out what its outputs do not need, known or not', async () => {
		await writeModel(nodes);
		const graph = await readGraphModel(folder);
		const plain = toOnnx(graph, { input: INPUT, outputs: OUTPUTS });
		graph.nodes.push({ name: 'odd', op: 'Erf', inputs: ['logits'], attr: {} });
		const more = toOnnx(graph, { input: INPUT, outputs: OUTPUTS });
		expect(Buffer.from(more).equals(plain)).toBe(true);
	});
});

function expectClose(found: ArrayLike<unknown>, expected: ArrayLike<number>) {
	expect(found.length).toBe(expected.length);
	const worst = Array.from(expected, (value, i) => Math.abs(value - Number(found[i])));
	expect(Math.max(...worst)).toBeLessThan(1e-5);
}
