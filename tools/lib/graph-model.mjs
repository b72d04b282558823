// @ts-check
// Reads a TensorFlow.js graph model from the disk: its nodes, its weights made floats again.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from './problem.mjs';
import { readShards } from './shards.mjs';

/**
 * @typedef {object} Weight
 * @property {number[]} shape
 * @property {Float32Array | Int32Array} data
 *
 * @typedef {object} GraphNode
 * @property {string} name
 * @property {string} op
 * @property {string[]} inputs names of nodes, without ports and control inputs
 * @property {Record<string, any>} attr as in the file; read it with `attributesOf`
 *
 * @typedef {{ nodes: GraphNode[], weights: Map<string, Weight> }} GraphModel
 */

/**
 * @param {string} folder of model.json and its shards
 * @returns {Promise<GraphModel>}
 * @throws {Problem} when it is no graph model or holds a type that is not read
 */
export async function readGraphModel(folder) {
	const model = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8'));
	if (model.format !== 'graph-model') {
		throw new Problem(`${join(folder, 'model.json')} is no TensorFlow.js graph model.`);
	}
	/** @type {Map<string, Weight>} */
	const weights = new Map();
	for (const group of model.weightsManifest) {
		const bytes = Buffer.concat(await readShards(folder, group.paths));
		let offset = 0;
		for (const spec of group.weights) {
			const { data, byteLength } = readWeight(bytes.subarray(offset), spec);
			weights.set(spec.name, { shape: spec.shape, data });
			offset += byteLength;
		}
	}
	const nodes = model.modelTopology.node.map((/** @type {any} */ node) => ({
		name: node.name,
		op: node.op,
		inputs: (node.input ?? [])
			.filter((/** @type {string} */ name) => !name.startsWith('^'))
			.map((/** @type {string} */ name) => name.replace(/:0$/, '')),
		attr: node.attr ?? {}
	}));
	return { nodes, weights };
}

/**
 * Readers of a node's attributes, which TensorFlow writes as base64 and decimal text.
 * @param {GraphNode} node
 */
export function attributesOf(node) {
	/** @param {string} name */
	const list = (name) => node.attr[name]?.list ?? {};
	/** @param {string} text */
	const decode = (text) => Buffer.from(text, 'base64').toString();
	return {
		/** @param {string} name @returns {string} */
		text: (name) => decode(node.attr[name]?.s ?? ''),
		/** @param {string} name @returns {string[]} */
		texts: (name) => (list(name).s ?? []).map(decode),
		/** @param {string} name @returns {number[]} */
		numbers: (name) => (list(name).i ?? []).map(Number),
		/** @param {string} name @returns {boolean} */
		flag: (name) => node.attr[name]?.b === true
	};
}

/**
 * One weight at the start of `bytes`; quantised ones become floats by the format's own rule,
 * `value * scale + min`.
 * @param {Buffer} bytes
 * @param {{ name: string, shape: number[], dtype: string, quantization?: { dtype: string, scale: number, min: number } }} spec
 * @returns {{ data: Float32Array | Int32Array, byteLength: number }}
 */
function readWeight(bytes, { name, shape, dtype, quantization }) {
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
