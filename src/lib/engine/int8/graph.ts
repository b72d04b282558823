/**
 * A graph model's nodes and weights as the integer engine reads them: one weight at a time,
 * so that a package is never widened to floats as a whole.
 */
import type { ModelPackage } from '../../models/store';

export interface GraphNode {
	name: string;
	op: string;
	/** Names of the nodes that it reads. */
	inputs: string[];
	attributes: Record<string, Attribute>;
}

interface Attribute {
	s?: string;
	b?: boolean;
	list?: { s?: string[]; i?: string[] };
}

interface WeightEntry {
	name: string;
	shape: number[];
	dtype: 'float32' | 'int32';
	quantization?: { dtype: 'uint8' | 'uint16'; scale: number; min: number };
}

/** A constant, its values row after row. */
export interface Weight {
	shape: number[];
	values: Float32Array;
}

/** What a graph holds that this engine does not read; another backend may. */
export class UnknownGraph extends Error {}

export class Graph {
	/** In an order in which each node comes after those that it reads. */
	readonly nodes: GraphNode[];
	private readonly byName: Map<string, GraphNode>;
	private readonly entries = new Map<string, WeightEntry & { offset: number }>();

	/** @throws UnknownGraph where the nodes are in no order of execution. */
	constructor(private readonly model: Pick<ModelPackage, 'topology' | 'weights'>) {
		const json = JSON.parse(model.topology) as {
			modelTopology: {
				node: { name: string; op: string; input?: string[]; attr?: GraphNode['attributes'] }[];
			};
			weightsManifest: { weights: WeightEntry[] }[];
		};
		this.nodes = json.modelTopology.node.map(({ name, op, input = [], attr = {} }) => ({
			name,
			op,
			inputs: input.filter((text) => !text.startsWith('^')).map((text) => text.replace(/:0$/, '')),
			attributes: attr
		}));
		this.byName = new Map(this.nodes.map((node) => [node.name, node]));
		const seen = new Set<string>();
		for (const { name, inputs } of this.nodes) {
			if (!inputs.every((input) => seen.has(input))) throw new UnknownGraph(`order of ${name}`);
			seen.add(name);
		}
		let offset = 0;
		for (const entry of json.weightsManifest.flatMap((group) => group.weights)) {
			this.entries.set(entry.name, { ...entry, offset });
			offset += bytesOf(entry);
		}
	}

	/** @throws UnknownGraph where there is none. */
	node(name: string): GraphNode {
		const node = this.byName.get(name);
		if (!node) throw new UnknownGraph(`no node ${name}`);
		return node;
	}

	/** Nodes that read a node. */
	readersOf(name: string): GraphNode[] {
		return this.nodes.filter(({ inputs }) => inputs.includes(name));
	}

	/** A constant's shape. @throws UnknownGraph where there is no such constant. */
	shapeOf(name: string): number[] {
		return this.entry(name).shape;
	}

	/**
	 * A constant's values: code * scale + min, rounded once, as TensorFlow.js does.
	 * @throws UnknownGraph where there is no such constant or it is of another type.
	 */
	weight(name: string): Weight {
		const entry = this.entry(name);
		const { shape, offset, dtype, quantization } = entry;
		const bytes = this.model.weights.slice(offset, offset + bytesOf(entry));
		if (dtype === 'int32') return { shape, values: Float32Array.from(new Int32Array(bytes)) };
		if (!quantization) return { shape, values: new Float32Array(bytes) };
		const { scale, min } = quantization;
		const codes = quantization.dtype === 'uint8' ? new Uint8Array(bytes) : new Uint16Array(bytes);
		const values = new Float32Array(codes.length);
		for (let i = 0; i < codes.length; i++) values[i] = codes[i] * scale + min;
		return { shape, values };
	}

	private entry(name: string) {
		const entry = this.entries.get(name);
		if (!entry) throw new UnknownGraph(`no weight ${name}`);
		return entry;
	}
}

function bytesOf({ name, shape, quantization }: WeightEntry): number {
	const size = { uint8: 1, uint16: 2, none: 4 }[quantization?.dtype ?? 'none'];
	if (size === undefined) throw new UnknownGraph(`type of ${name}`);
	return shape.reduce((product, side) => product * side, size);
}

/** A text attribute, '' where there is none. */
export function textOf(node: GraphNode, name: string): string {
	return atob(node.attributes[name]?.s ?? '');
}

/** A list of texts. */
export function textsOf(node: GraphNode, name: string): string[] {
	return (node.attributes[name]?.list?.s ?? []).map((text) => atob(text));
}

/** A list of whole numbers. */
export function numbersOf(node: GraphNode, name: string): number[] {
	return (node.attributes[name]?.list?.i ?? []).map(Number);
}

export function flagOf(node: GraphNode, name: string): boolean {
	return node.attributes[name]?.b === true;
}
