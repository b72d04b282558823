// Reads a TensorFlow.js graph model from the disk: its nodes, its weights made floats again.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from './problem.ts';
import { readShards } from './shards.ts';

/** A node's attribute as TensorFlow writes it: texts in base64, whole numbers in decimals. */
interface Attribute {
	s?: string;
	b?: boolean;
	list?: { s?: string[]; i?: (string | number)[] };
}

interface WeightSpec {
	name: string;
	shape: number[];
	dtype: string;
	quantization?: { dtype: string; scale: number; min: number };
}

/** `model.json`, as far as it is read. */
interface ModelFile {
	format: string;
	modelTopology: {
		node: { name: string; op: string; input?: string[]; attr?: Record<string, Attribute> }[];
	};
	weightsManifest: { paths: string[]; weights: WeightSpec[] }[];
}

interface Weight {
	shape: number[];
	data: Float32Array | Int32Array;
}

export interface GraphNode {
	name: string;
	op: string;
	/** names of nodes, without ports and control inputs */
	inputs: string[];
	/** as in the file; read it with `attributesOf` */
	attr: Record<string, Attribute>;
}

export type GraphModel = { nodes: GraphNode[]; weights: Map<string, Weight> };

/**
 * @param folder of model.json and its shards
 * @throws {Problem} when it is no graph model or holds a type that is not read
 */
export async function readGraphModel(folder: string): Promise<GraphModel> {
	const model = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8')) as ModelFile;
	if (model.format !== 'graph-model') {
		throw new Problem(`${join(folder, 'model.json')} is no TensorFlow.js graph model.`);
	}
	const weights: Map<string, Weight> = new Map();
	for (const group of model.weightsManifest) {
		const bytes = Buffer.concat(await readShards(folder, group.paths));
		let offset = 0;
		for (const spec of group.weights) {
			const { data, byteLength } = readWeight(bytes.subarray(offset), spec);
			weights.set(spec.name, { shape: spec.shape, data });
			offset += byteLength;
		}
	}
	const nodes = model.modelTopology.node.map((node) => ({
		name: node.name,
		op: node.op,
		inputs: (node.input ?? [])
			.filter((name) => !name.startsWith('^'))
			.map((name) => name.replace(/:0$/, '')),
		attr: node.attr ?? {}
	}));
	return { nodes, weights };
}

/** Readers of a node's attributes, which TensorFlow writes as base64 and decimal text. */
export function attributesOf(node: GraphNode) {
	const list = (name: string) => node.attr[name]?.list ?? {};
	const decode = (text: string) => Buffer.from(text, 'base64').toString();
	return {
		text: (name: string): string => decode(node.attr[name]?.s ?? ''),
		texts: (name: string): string[] => (list(name).s ?? []).map(decode),
		numbers: (name: string): number[] => (list(name).i ?? []).map(Number),
		flag: (name: string): boolean => node.attr[name]?.b === true
	};
}

/**
 * One weight at the start of `bytes`; quantised ones become floats by the format's own rule,
 * `value * scale + min`.
 */
function readWeight(
	bytes: Buffer,
	{ name, shape, dtype, quantization }: WeightSpec
): { data: Float32Array | Int32Array; byteLength: number } {
	const count = shape.reduce((product, size) => product * size, 1);
	const stored = quantization?.dtype ?? dtype;
	if (quantization && (stored === 'uint8' || stored === 'uint16')) {
		const { scale, min } = quantization;
		const size = stored === 'uint8' ? 1 : 2;
		const data = Float32Array.from({ length: count }, (_, i) => {
			const value = size === 1 ? bytes.readUInt8(i) : bytes.readUInt16LE(2 * i);
			return value * scale + min;
		});
		return { data, byteLength: size * count };
	}
	if (!quantization && dtype === 'float32') {
		const data = Float32Array.from({ length: count }, (_, i) => bytes.readFloatLE(4 * i));
		return { data, byteLength: 4 * count };
	}
	if (!quantization && dtype === 'int32') {
		const data = Int32Array.from({ length: count }, (_, i) => bytes.readInt32LE(4 * i));
		return { data, byteLength: 4 * count };
	}
	throw new Problem(`The weight ${name} is stored as ${stored}, which the bench does not read.`);
}
