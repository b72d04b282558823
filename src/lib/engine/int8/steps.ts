/** The steps of the integer engine, each made from the nodes of a graph that it stands for. */
import {
	flagOf,
	numbersOf,
	textOf,
	textsOf,
	UnknownGraph,
	type Graph,
	type GraphNode
} from './graph';
import { TILE_CHANNELS } from './kernel';

/** A map's shape, NHWC with one image. */
export interface MapShape {
	height: number;
	width: number;
	channels: number;
}

export interface ConvolutionStep {
	kind: 'convolution';
	/** The name that readers of the result use: that of the sum's ReLU where there is one. */
	name: string;
	/** The input, '' for the image. */
	source: string;
	/** A map that is added before the ReLU. */
	residual: string | null;
	/** Constants of [rows, columns, in, out] and [out]. */
	weight: string;
	bias: string;
	rows: number;
	columns: number;
	stride: number;
	padding: number;
	relu: boolean;
	/** Output channels that the constants have; the output's others, up to a multiple of 8, are 0. */
	filters: number;
	input: MapShape;
	output: MapShape;
}

export interface PoolStep {
	kind: 'pool';
	name: string;
	source: string;
	input: MapShape;
	output: MapShape;
}

/** Maps side by side in one, channel after channel, each enlarged where it is smaller. */
export interface JoinStep {
	kind: 'join';
	name: string;
	parts: JoinPart[];
	output: MapShape;
}

export interface JoinPart {
	source: string;
	/** Pixels of the output along each side that repeat one of the part: nearest neighbour. */
	factor: 1 | 2;
	input: MapShape;
}

export type Step = ConvolutionStep | PoolStep | JoinStep;

/** The maps that a step reads as whole numbers; '' is the image. */
export function narrowSources(step: Step): string[] {
	if (step.kind === 'join') return step.parts.map(({ source }) => source);
	return step.kind === 'convolution' ? [step.source] : [];
}

export function convolutionOf(graph: Graph, node: GraphNode, input: MapShape): ConvolutionStep {
	const [, weight, bias] = node.inputs;
	const shape = graph.shapeOf(weight);
	const [rows, columns, channels, out] = shape;
	const [, stride, across] = numbersOf(node, 'strides');
	const explicit = textOf(node, 'padding') === 'EXPLICIT';
	const pads = explicit ? numbersOf(node, 'explicit_paddings').slice(2, 6) : [0, 0, 0, 0];
	const operations = textsOf(node, 'fused_ops').join(' ');
	const plain =
		node.inputs.length === 3 &&
		shape.length === 4 &&
		channels === input.channels &&
		stride === across &&
		(stride === 1 || stride === 2) &&
		(explicit || textOf(node, 'padding') === 'VALID') &&
		pads.every((pad) => pad === pads[0] && pad >= 0 && pad < rows && pad < columns) &&
		numbersOf(node, 'dilations').every((dilation) => dilation === 1) &&
		textOf(node, 'data_format') === 'NHWC' &&
		(operations === 'BiasAdd' || operations === 'BiasAdd Relu');
	const side = (size: number, kernel: number) =>
		Math.floor((size + 2 * pads[0] - kernel) / stride) + 1;
	const output = {
		height: side(input.height, rows),
		width: side(input.width, columns),
		channels: Math.ceil(out / TILE_CHANNELS) * TILE_CHANNELS
	};
	if (!plain || output.height < 1 || output.width < 1) {
		throw new UnknownGraph(`convolution ${node.name}`);
	}
	return {
		kind: 'convolution',
		name: node.name,
		source: '',
		residual: null,
		weight,
		bias,
		rows,
		columns,
		stride,
		padding: pads[0],
		relu: operations.endsWith('Relu'),
		filters: out,
		input,
		output
	};
}

/** The sum of two maps and its ReLU, where a convolution's result goes there and nowhere else. */
export function sumOf(graph: Graph, name: string, needed: Set<string>) {
	const readers = graph.readersOf(name).filter((reader) => needed.has(reader.name));
	const [sum] = readers;
	if (readers.length !== 1 || sum.op !== 'AddV2') return null;
	const relus = graph.readersOf(sum.name).filter((reader) => needed.has(reader.name));
	if (relus.length !== 1 || relus[0].op !== 'Relu') return null;
	const [first, second] = sum.inputs;
	if (first === second) throw new UnknownGraph(`sum ${sum.name}`);
	return { node: sum.name, name: relus[0].name, other: first === name ? second : first };
}

export function poolOf(
	graph: Graph,
	node: GraphNode,
	input: MapShape,
	needed: Set<string>
): PoolStep {
	const amounts = [...graph.weight(node.inputs[1]).values].join(' ');
	const readers = graph.readersOf(node.name).filter((reader) => needed.has(reader.name));
	const [reader] = readers;
	const plain =
		amounts === '0 0 1 1 1 1 0 0' &&
		readers.length === 1 &&
		reader.op === 'MaxPool' &&
		numbersOf(reader, 'ksize').join() === '1,3,3,1' &&
		numbersOf(reader, 'strides').join() === '1,2,2,1' &&
		textOf(reader, 'padding') === 'VALID';
	if (!plain) throw new UnknownGraph(`pooling after ${node.name}`);
	const output = {
		height: Math.ceil(input.height / 2),
		width: Math.ceil(input.width / 2),
		channels: input.channels
	};
	return { kind: 'pool', name: reader.name, source: node.inputs[0], input, output };
}

export function enlargedBy(graph: Graph, node: GraphNode, input: MapShape): JoinPart {
	const [source, size] = node.inputs;
	const sides = graph.weight(size).values.join();
	const plain =
		sides === `${2 * input.height},${2 * input.width}` && !flagOf(node, 'align_corners');
	if (!plain) throw new UnknownGraph(`enlargement ${node.name}`);
	return { source, factor: 2, input };
}

export function joinOf(name: string, parts: JoinPart[]): JoinStep {
	const sizes = parts.map(({ input, factor }) => ({
		height: factor * input.height,
		width: factor * input.width
	}));
	const [{ height, width }] = sizes;
	if (!sizes.every((size) => size.height === height && size.width === width)) {
		throw new UnknownGraph(`concatenation ${name}`);
	}
	const channels = parts.reduce((sum, { input }) => sum + input.channels, 0);
	return { kind: 'join', name, parts, output: { height, width, channels } };
}
