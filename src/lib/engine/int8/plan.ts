/**
 * From a graph to the steps of the integer engine: a folded residual network, of which
 * convolutions, maximum and sums are for the kernel, and the rest (mean, classes, distance)
 * for `head.ts`. A graph that is anything else is refused, and another backend reads it.
 */
import { UnknownGraph, type Graph, type GraphNode } from './graph';
import {
	convolutionOf,
	enlargedBy,
	joinOf,
	poolOf,
	sumOf,
	type JoinPart,
	type MapShape,
	type Step
} from './steps';

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
