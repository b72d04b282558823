/**
 * From a graph to the steps of the integer engine: a folded residual network, of which
 * convolutions, maximum and sums are for the kernel, and the rest (mean, classes, distance)
 * for `head.ts`. A graph that is anything else is refused, and another backend reads it.
 */
import { flagOf, Graph, numbersOf, textOf, textsOf, UnknownGraph, type GraphNode } from './graph';
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

interface JoinPart {
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

/** All of a network but its constants' values; can be sent to another worker. */
export interface Plan {
	image: MapShape;
	steps: Step[];
	/** What the kernel does not compute, in order of execution. */
	head: GraphNode[];
	/** Of all maps that the steps make. */
	shapes: Map<string, MapShape>;
	/** Shapes of the constants that the head reads. */
	constants: Map<string, number[]>;
}

/**
 * @param outputs names of nodes that are wanted.
 * @throws UnknownGraph
 */
export function planOf(graph: Graph, image: MapShape, outputs: string[]): Plan {
	const needed = neededFor(graph, outputs);
	const steps: Step[] = [];
	const head: GraphNode[] = [];
	const shapes = new Map<string, MapShape>();
	let input = '';
	/** Maps that joins read twice as large as they are, by the name of the enlarged one. */
	const enlarged = new Map<string, JoinPart>();
	/** Nodes that are part of a step before. */
	const made = new Set<string>();

	const shapeOf = (name: string): MapShape => {
		const shape = name === input ? image : shapes.get(name);
		if (!shape) throw new UnknownGraph(`${name} is no map`);
		return shape;
	};

	const partOf = (name: string): JoinPart | null => {
		const input = shapes.get(name);
		return enlarged.get(name) ?? (input ? { source: name, factor: 1, input } : null);
	};
	const join = (name: string, parts: JoinPart[]) => {
		const step = joinOf(name, parts);
		shapes.set(name, step.output);
		steps.push(step);
	};

	for (const node of graph.nodes.filter(({ name }) => needed.has(name))) {
		if (node.op === 'Placeholder') {
			input = node.name;
		} else if (node.op === 'Const' || made.has(node.name)) {
			continue;
		} else if (node.op === '_FusedConv2D') {
			const source = node.inputs[0];
			const step = convolutionOf(graph, node, shapeOf(source));
			step.source = source === input ? '' : source;
			const sum = sumOf(graph, node.name, needed);
			if (sum && shapes.has(sum.other)) {
				if (step.relu) throw new UnknownGraph(`${node.name} is rectified before its sum`);
				step.name = sum.name;
				step.residual = sum.other;
				step.relu = true;
				made.add(sum.node).add(sum.name);
			}
			shapes.set(step.name, step.output);
			steps.push(step);
		} else if (node.op === 'Pad') {
			const step = poolOf(graph, node, shapeOf(node.inputs[0]), needed);
			made.add(step.name);
			shapes.set(step.name, step.output);
			steps.push(step);
		} else if (node.op === 'ResizeNearestNeighbor') {
			const part = enlargedBy(graph, node, shapeOf(node.inputs[0]));
			enlarged.set(node.name, part);
			const readers = graph.readersOf(node.name).filter(({ name }) => needed.has(name));
			if (!readers.every(({ op }) => op === 'ConcatV2')) join(node.name, [part]);
		} else if (node.op === 'ConcatV2' && node.inputs.some((name) => partOf(name))) {
			const parts = node.inputs.slice(0, -1).map(partOf);
			const axis = graph.weight(node.inputs.at(-1) ?? '').values.join();
			if (!parts.every((part) => part !== null) || (axis !== '3' && axis !== '-1')) {
				throw new UnknownGraph(`concatenation ${node.name}`);
			}
			join(node.name, parts);
		} else {
			head.push(node);
		}
	}
	check(steps, shapes, head, outputs);
	return { image, steps, head, shapes, constants: constantsOf(graph, head) };
}

function constantsOf(graph: Graph, head: GraphNode[]): Map<string, number[]> {
	const names = head.flatMap(({ inputs }) => inputs);
	return new Map(
		names
			.filter((name) => graph.node(name).op === 'Const')
			.map((name) => [name, graph.shapeOf(name)])
	);
}

function neededFor(graph: Graph, outputs: string[]): Set<string> {
	const needed = new Set<string>();
	const waiting = [...outputs];
	for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
		if (needed.has(name)) continue;
		needed.add(name);
		waiting.push(...graph.node(name).inputs);
	}
	return needed;
}

function convolutionOf(graph: Graph, node: GraphNode, input: MapShape): ConvolutionStep {
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
function sumOf(graph: Graph, name: string, needed: Set<string>) {
	const readers = graph.readersOf(name).filter((reader) => needed.has(reader.name));
	const [sum] = readers;
	if (readers.length !== 1 || sum.op !== 'AddV2') return null;
	const relus = graph.readersOf(sum.name).filter((reader) => needed.has(reader.name));
	if (relus.length !== 1 || relus[0].op !== 'Relu') return null;
	const [first, second] = sum.inputs;
	if (first === second) throw new UnknownGraph(`sum ${sum.name}`);
	return { node: sum.name, name: relus[0].name, other: first === name ? second : first };
}

function poolOf(graph: Graph, node: GraphNode, input: MapShape, needed: Set<string>): PoolStep {
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

function enlargedBy(graph: Graph, node: GraphNode, input: MapShape): JoinPart {
	const [source, size] = node.inputs;
	const sides = graph.weight(size).values.join();
	const plain =
		sides === `${2 * input.height},${2 * input.width}` && !flagOf(node, 'align_corners');
	if (!plain) throw new UnknownGraph(`enlargement ${node.name}`);
	return { source, factor: 2, input };
}

function joinOf(name: string, parts: JoinPart[]): JoinStep {
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

/** What the kernel takes for granted. */
function check(
	steps: Step[],
	shapes: Map<string, MapShape>,
	head: GraphNode[],
	outputs: string[]
): void {
	/** Maps without negative values, which alone can be whole numbers. */
	const rectified = new Set<string>();
	/** Maps that are there as floats. */
	const wide = new Set<string>();
	const needWide = (name: string, reader: string) => {
		if (!wide.has(name)) throw new UnknownGraph(`${reader} reads ${name}`);
	};
	for (const step of steps) {
		const { name, output } = step;
		if (step.kind === 'join') {
			const unknown = step.parts.find(({ source }) => !rectified.has(source));
			if (unknown) throw new UnknownGraph(`${name} reads ${unknown.source}`);
			rectified.add(name);
			continue;
		}
		const { source, input } = step;
		if (step.kind === 'pool') needWide(source, name);
		wide.add(name);
		if (step.kind === 'pool' || (step.relu && step.filters === output.channels)) {
			rectified.add(name);
		}
		if (step.kind === 'convolution' && source === '') {
			if (!step.relu || step.residual !== null) throw new UnknownGraph(`first convolution ${name}`);
			continue;
		}
		if (input.channels % 4 !== 0 || !rectified.has(source)) {
			throw new UnknownGraph(`${name} reads ${source}`);
		}
		if (step.kind === 'convolution' && step.residual !== null) {
			needWide(step.residual, name);
			const other = shapes.get(step.residual);
			const same = other?.height === output.height && other.width === output.width;
			if (!same || other.channels !== output.channels) throw new UnknownGraph(`sum ${name}`);
		}
	}
	const fused = new Set(steps.map(({ name }) => name));
	/** Maps that have channels which are none of the network's. */
	const filled = new Set(
		steps.flatMap((step) =>
			step.kind === 'convolution' && step.filters < step.output.channels ? [step.name] : []
		)
	);
	for (const { op, name, inputs } of head) {
		if (op === 'Placeholder' || fused.has(name)) throw new UnknownGraph(`${op} ${name}`);
		for (const input of inputs) {
			if (!shapes.has(input)) continue;
			needWide(input, name);
			if (filled.has(input)) throw new UnknownGraph(`${name} reads ${input}`);
		}
	}
	for (const name of outputs) if (shapes.has(name)) needWide(name, 'an output');
}
