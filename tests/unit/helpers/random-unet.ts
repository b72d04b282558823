/**
 * Random U-Nets: as a graph of TensorFlow.js, and computed in plain loops, in floats and in the
 * whole numbers of the int8 engine.
 */
import type { MapModel } from '../../../src/lib/engine/map-model';
import { narrowed } from './kernels';

interface Convolution {
	op: 'convolution';
	name: string;
	from: string;
	side: 1 | 3;
	stride: 1 | 2;
	out: number;
	relu: boolean;
	/** [side, side, in, out] and [out]. */
	weights: Float32Array;
	biases: Float32Array;
}
interface Enlargement {
	op: 'enlargement';
	name: string;
	from: string;
}
interface Concatenation {
	op: 'concatenation';
	name: string;
	from: string[];
}
type Layer = Convolution | Enlargement | Concatenation;

interface Map3 {
	height: number;
	width: number;
	channels: number;
	values: Float64Array;
}

export interface RandomUnet {
	height: number;
	width: number;
	channels: number;
	mean: number[];
	std: number[];
	layers: Layer[];
}

/** Repeatable random numbers of 0 to 1 (mulberry32). */
export function randomNumbers(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** Two or three strided stages, as many enlargements back to half the image, one logit a place. */
export function randomUnet(seed: number): RandomUnet {
	const random = randomNumbers(seed);
	const pick = <T>(values: T[]): T => values[Math.floor(random() * values.length)];
	const depth = pick([2, 3]);
	const channels = pick([1, 3]);
	const unit = 2 ** depth;
	const [height, width] = [pick([1, 2, 3]) * unit, pick([1, 2, 3]) * unit];
	const layers: Layer[] = [];
	const depths = new Map([['', channels]]);
	const convolution = (from: string, out: number, side: 1 | 3, stride: 1 | 2, relu = true) => {
		const name = `convolution ${layers.length}`;
		const inputs = depths.get(from)!;
		const count = side * side * inputs * out;
		const spread = Math.sqrt(6 / (side * side * inputs));
		const weights = Float32Array.from({ length: count }, () => (2 * random() - 1) * spread);
		const biases = Float32Array.from({ length: out }, () => random() - 0.4);
		layers.push({ op: 'convolution', name, from, side, stride, out, relu, weights, biases });
		depths.set(name, out);
		return name;
	};
	const skips: string[] = [];
	let last = '';
	for (let stage = 0; stage < depth; stage++) {
		const width = pick([8, 16, 24]);
		last = convolution(last, width, 3, 2);
		if (random() < 0.7) last = convolution(last, width, 3, 1);
		skips.push(last);
	}
	skips.pop();
	while (skips.length > 0) {
		const enlarged = `enlarged ${layers.length}`;
		layers.push({ op: 'enlargement', name: enlarged, from: last });
		depths.set(enlarged, depths.get(last)!);
		if (random() < 0.2) {
			// Upsampling that a convolution reads as it is.
			skips.pop();
			last = convolution(enlarged, 8, 3, 1);
			continue;
		}
		const joined = `joined ${layers.length}`;
		const from = [enlarged, skips.pop()!];
		layers.push({ op: 'concatenation', name: joined, from });
		depths.set(
			joined,
			from.reduce((sum, name) => sum + depths.get(name)!, 0)
		);
		last = convolution(joined, pick([8, 16]), 3, 1);
	}
	convolution(last, 1, 1, 1, false);
	const mean = Array.from({ length: channels }, () => 0.3 + 0.4 * random());
	const std = Array.from({ length: channels }, () => 0.2 + 0.1 * random());
	return { height, width, channels, mean, std, layers };
}

export const outputOf = ({ layers }: RandomUnet) => layers[layers.length - 1].name;

/** All maps in floats. @param pixels uint8, height x width x channels. */
export function floatMaps(net: RandomUnet, pixels: Uint8Array): Map<string, Map3> {
	const { height, width, channels, mean, std } = net;
	const values = Float64Array.from(
		pixels,
		(pixel, i) => (pixel / 255 - mean[i % channels]) / std[i % channels]
	);
	const maps = new Map<string, Map3>([['', { height, width, channels, values }]]);
	for (const layer of net.layers) {
		maps.set(
			layer.name,
			layer.op === 'convolution'
				? convolved(maps.get(layer.from)!, layer, layer.weights, (sum, o) => {
						const value = sum + layer.biases[o];
						return layer.relu ? Math.max(0, value) : value;
					})
				: moved(layer, maps)
		);
	}
	return maps;
}

/** The model with the ranges that some images give. */
export function unetModel(
	net: RandomUnet,
	images: Uint8Array[],
	int16: ReadonlySet<string> = new Set()
): MapModel {
	const peaks = new Map<string, number[]>();
	for (const image of images) {
		for (const [name, { channels, values }] of floatMaps(net, image)) {
			const found = peaks.get(name) ?? Array.from({ length: channels }, () => 1e-3);
			values.forEach((value, i) => {
				found[i % channels] = Math.max(found[i % channels], value);
			});
			peaks.set(name, found);
		}
	}
	const ranges = Object.fromEntries(
		net.layers
			.filter(({ op, name }) => op === 'convolution' && name !== outputOf(net))
			.map(({ name }) => {
				const largest = Math.max(...peaks.get(name)!);
				const bytes = peaks
					.get(name)!
					.map((peak) => Math.min(255, Math.floor(-16 * Math.log2(peak / largest))));
				const channels = Buffer.from(bytes).toString('base64');
				return [name, { largest, channels, ...(int16.has(name) ? { int16: true } : {}) }];
			})
	);
	const { width, height, channels, mean, std } = net;
	return {
		...graphOf(net),
		input: { name: 'image', width, height, channels: channels as 1 | 3, mean, std },
		output: outputOf(net),
		activations: { images: images.length, ranges }
	};
}

/** The output as the int8 engine must compute it, by its definition in docs/engine.md. */
export function integerOutput(net: RandomUnet, model: MapModel, pixels: Uint8Array): number[] {
	const { height, width, channels, mean, std } = net;
	const { ranges } = model.activations!;
	const rangeOf = new Map<string, number[]>();
	const levelsOf = new Map<string, number>();
	const largest = Math.max(
		...mean.map((centre, c) => Math.max(centre / std[c], (1 - centre) / std[c]))
	);
	rangeOf.set(
		'',
		Array.from({ length: channels }, () => Math.fround(largest))
	);
	levelsOf.set('', 2047);
	const image = Float64Array.from(pixels, (pixel, i) =>
		Math.round(((pixel / 255 - mean[i % channels]) / std[i % channels]) * (2047 / largest))
	);
	const maps = new Map<string, Map3>([['', { height, width, channels, values: image }]]);
	let output: number[] = [];
	for (const layer of net.layers) {
		if (layer.op !== 'convolution') {
			const sources = layer.op === 'enlargement' ? [layer.from] : layer.from;
			maps.set(layer.name, moved(layer, maps));
			rangeOf.set(
				layer.name,
				sources.flatMap((name) => rangeOf.get(name)!)
			);
			levelsOf.set(layer.name, levelsOf.get(sources[0])!);
			continue;
		}
		const source = maps.get(layer.from)!;
		const levels = levelsOf.get(layer.from)!;
		const { out, side } = layer;
		const count = side * side * source.channels;
		const most =
			levels === 127 ? 127 : Math.min(32767, Math.floor((2 ** 31 - 1) / (count * levels)));
		const scaled = layer.weights.map(
			(weight, i) => weight * rangeOf.get(layer.from)![Math.floor(i / out) % source.channels]
		);
		const peak = Float32Array.from({ length: out }, (_, o) =>
			scaled.reduce(
				(found, weight, i) => (i % out === o ? Math.max(found, Math.abs(weight)) : found),
				0
			)
		);
		const steps = peak.map((value) => value / most);
		const whole = scaled.map((weight, i) =>
			steps[i % out] > 0 ? Math.floor(weight * (1 / steps[i % out]) + 0.5) : 0
		);
		const scales = steps.map((step) => step / levels);
		const result = convolved(source, layer, whole, (sum, o) => {
			const value = Math.fround(Math.fround(Math.fround(sum) * scales[o]) + layer.biases[o]);
			return layer.relu ? Math.max(0, value) : value;
		});
		if (layer.name === model.output) {
			output = [...result.values];
			continue;
		}
		const { largest: most7, channels: bytes, int16 } = ranges[layer.name];
		const codes = [...Buffer.from(bytes, 'base64')];
		const own = codes.map((code) => Math.fround(most7 * 2 ** (-code / 16)));
		const ownLevels = int16 ? 2047 : 127;
		rangeOf.set(layer.name, own);
		levelsOf.set(layer.name, ownLevels);
		maps.set(layer.name, {
			...result,
			values: result.values.map((value, i) =>
				narrowed(value, Math.fround(ownLevels / own[i % out]), ownLevels)
			)
		});
	}
	return output;
}

function convolved(
	source: Map3,
	{ side, stride, out }: Convolution,
	weights: Float32Array,
	finish: (sum: number, channel: number) => number
): Map3 {
	const padding = (side - 1) / 2;
	const [height, width] = [source.height, source.width].map(
		(size) => Math.floor((size + 2 * padding - side) / stride) + 1
	);
	const values = new Float64Array(height * width * out);
	values.forEach((_, i) => {
		const [y, x, o] = [Math.floor(i / (width * out)), Math.floor(i / out) % width, i % out];
		let sum = 0;
		for (let r = 0; r < side; r++) {
			for (let s = 0; s < side; s++) {
				const [fromY, fromX] = [y * stride + r - padding, x * stride + s - padding];
				if (fromY < 0 || fromY >= source.height || fromX < 0 || fromX >= source.width) continue;
				for (let c = 0; c < source.channels; c++) {
					sum +=
						source.values[(fromY * source.width + fromX) * source.channels + c] *
						weights[((r * side + s) * source.channels + c) * out + o];
				}
			}
		}
		values[i] = finish(sum, o);
	});
	return { height, width, channels: out, values };
}

function moved(layer: Enlargement | Concatenation, maps: Map<string, Map3>): Map3 {
	const [sources, factor] = layer.op === 'enlargement' ? [[layer.from], 2] : [layer.from, 1];
	const parts = sources.map((name) => maps.get(name)!);
	const [height, width] = [parts[0].height * factor, parts[0].width * factor];
	const values: number[] = [];
	for (let y = 0; y < height; y++) {
		for (let x = 0; x < width; x++) {
			for (const part of parts) {
				const from = (Math.floor(y / factor) * part.width + Math.floor(x / factor)) * part.channels;
				values.push(...part.values.subarray(from, from + part.channels));
			}
		}
	}
	const channels = parts.reduce((sum, part) => sum + part.channels, 0);
	return { height, width, channels, values: Float64Array.from(values) };
}

const text = (value: string) => ({ s: Buffer.from(value).toString('base64') });
const list = (values: number[]) => ({ list: { i: values.map(String) } });

/** The graph in the form that the exporter writes. */
function graphOf(net: RandomUnet): Pick<MapModel, 'topology' | 'weights'> {
	const constants: { name: string; shape: number[]; values: Float32Array | Int32Array }[] = [];
	const constant = (name: string, shape: number[], values: Float32Array | Int32Array) => {
		constants.push({ name, shape, values });
		const kind = { type: values instanceof Float32Array ? 'DT_FLOAT' : 'DT_INT32' };
		const dim = shape.map((size) => ({ size: String(size) }));
		const tensor = { dtype: kind.type, tensorShape: { dim } };
		nodes.push({ name, op: 'Const', attr: { dtype: kind, value: { tensor } } });
		return name;
	};
	const float = { type: 'DT_FLOAT' };
	const dim = [-1, -1, -1, net.channels].map((size) => ({ size: String(size) }));
	const nodes: object[] = [
		{ name: 'image', op: 'Placeholder', attr: { dtype: float, shape: { shape: { dim } } } }
	];
	const sizes = new Map([['', { height: net.height, width: net.width, channels: net.channels }]]);
	const read = (name: string) => name || 'image';
	for (const layer of net.layers) {
		if (layer.op === 'convolution') {
			const { name, from, side, stride, out, relu, weights, biases } = layer;
			const { height, width, channels } = sizes.get(from)!;
			const weight = constant(`${name} weight`, [side, side, channels, out], weights);
			const bias = constant(`${name} bias`, [out], biases);
			const pad = (side - 1) / 2;
			const fused = ['BiasAdd', ...(relu ? ['Relu'] : [])];
			nodes.push({
				name,
				op: '_FusedConv2D',
				input: [read(from), weight, bias],
				attr: {
					T: float,
					strides: list([1, stride, stride, 1]),
					dilations: list([1, 1, 1, 1]),
					data_format: text('NHWC'),
					padding: text(pad > 0 ? 'EXPLICIT' : 'VALID'),
					explicit_paddings: list(pad > 0 ? [0, 0, pad, pad, pad, pad, 0, 0] : []),
					fused_ops: { list: { s: fused.map((each) => text(each).s) } },
					num_args: { i: '1' },
					epsilon: { f: 0 }
				}
			});
			sizes.set(name, {
				height: Math.ceil(height / stride),
				width: Math.ceil(width / stride),
				channels: out
			});
		} else if (layer.op === 'enlargement') {
			const { name, from } = layer;
			const { height, width, channels } = sizes.get(from)!;
			const [tall, wide] = [2 * height, 2 * width];
			const size = constant(`${name} size`, [2], Int32Array.of(tall, wide));
			nodes.push({
				name,
				op: 'ResizeNearestNeighbor',
				input: [from, size],
				attr: { T: float, align_corners: { b: false }, half_pixel_centers: { b: false } }
			});
			sizes.set(name, { height: tall, width: wide, channels });
		} else {
			const { name, from } = layer;
			const axis = constant(`${name} axis`, [], Int32Array.of(3));
			const parts = from.map((each) => sizes.get(each)!);
			nodes.push({
				name,
				op: 'ConcatV2',
				input: [...from, axis],
				attr: { T: float, Tidx: { type: 'DT_INT32' }, N: { i: String(from.length) } }
			});
			const channels = parts.reduce((sum, part) => sum + part.channels, 0);
			sizes.set(name, { ...parts[0], channels });
		}
	}
	const bytes = constants.flatMap(({ values }) => [...new Uint8Array(values.buffer)]);
	const topology = JSON.stringify({
		format: 'graph-model',
		modelTopology: { node: nodes, library: {}, versions: { producer: 1 } },
		weightsManifest: [
			{
				paths: ['shard-1.bin'],
				weights: constants.map(({ name, shape, values }) => ({
					name,
					shape,
					dtype: values instanceof Float32Array ? 'float32' : 'int32'
				}))
			}
		]
	});
	return { topology, weights: Uint8Array.from(bytes).buffer };
}
