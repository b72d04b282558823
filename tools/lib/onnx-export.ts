// Writes a TensorFlow.js graph model as an ONNX file with the same float weights, so that
// another engine can be measured on them. Images become NCHW, as ONNX has them.
import { attributesOf } from './graph-model.ts';
import { encodeOnnx } from './onnx-file.ts';
import { slidingOf, toOihw } from './onnx-layout.ts';
import { Problem } from './problem.ts';
import type { GraphModel, GraphNode } from './graph-model.ts';
import type { OnnxNode, OnnxTensor, OnnxValue } from './onnx-file.ts';

/**
 * @param names the graph's input node and the output nodes that are wanted, with their
 *   sizes in the file, channels second
 * @returns the file
 * @throws {Problem} for an operation that is not known here
 */
export function toOnnx(
	graph: GraphModel,
	{ input, outputs }: { input: OnnxValue; outputs: OnnxValue[] }
): Uint8Array {
	const writer = new GraphWriter(graph);
	const needed = nodesFor(
		graph,
		outputs.map(({ name }) => name)
	);
	for (const node of graph.nodes) if (needed.has(node.name)) writer.add(node);
	return encodeOnnx({
		nodes: writer.nodes,
		tensors: writer.tensors,
		input,
		outputs
	});
}

/**
 * The nodes that some outputs are computed from, and these themselves: what the graph says
 * besides (how unlike its training images an image is) is not asked of the other engine.
 * @returns names
 */
function nodesFor({ nodes }: GraphModel, outputs: readonly string[]): Set<string> {
	const inputsOf = new Map(nodes.map((node) => [node.name, node.inputs]));
	const waiting = [...outputs];
	const needed: Set<string> = new Set();
	for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
		if (needed.has(name)) continue;
		needed.add(name);
		waiting.push(...(inputsOf.get(name) ?? []));
	}
	return needed;
}

/** Translates node after node, in the order of the graph, which is that of computation. */
class GraphWriter {
	nodes: OnnxNode[] = [];
	tensors: OnnxTensor[] = [];
	/** Nodes whose value is an image, [batch, channels, height, width] here. */
	images = new Set();

	constructor(readonly graph: GraphModel) {}

	add(node: GraphNode) {
		const translate = TRANSLATIONS[node.op];
		if (!translate) {
			throw new Problem(`The bench cannot write the operation ${node.op} (${node.name}) as ONNX.`);
		}
		translate(this, node);
	}

	weightOf(node: GraphNode, place: number) {
		const name = node.inputs[place] ?? '';
		const weight = this.graph.weights.get(name);
		if (!weight) throw new Problem(`${node.name}: input ${place} (${name}) is no constant.`);
		return weight;
	}

	isImage(name: string | undefined) {
		return this.images.has(name);
	}

	/**
	 * @returns the name
	 */
	addTensor(name: string, dims: readonly number[], data: Float32Array | BigInt64Array): string {
		this.tensors.push({ name, dims, data });
		return name;
	}

	/** The node's main step, then its fused ones, the last of which carries the node's name. */
	addWithActivation(node: GraphNode, main: Omit<OnnxNode, 'output'>) {
		const fused = attributesOf(node).texts('fused_ops');
		const after = fused.filter((name) => name !== 'BiasAdd');
		if (after.some((name) => name !== 'Relu') || after.length > 1) {
			throw new Problem(
				`${node.name}: the fused operations ${fused.join(', ')} are not known here.`
			);
		}
		const output = after.length > 0 ? `${node.name}/linear` : node.name;
		this.nodes.push({ ...main, output });
		if (after.length > 0) this.nodes.push({ op: 'Relu', inputs: [output], output: node.name });
	}
}

const TRANSLATIONS: Record<string, (writer: GraphWriter, node: GraphNode) => void> = {
	Placeholder: (writer, node) => writer.images.add(node.name),
	// Written by the operations that use them, in the layout that they need.
	Const: () => {},
	Conv2D: addConvolution,
	_FusedConv2D: addConvolution,
	MatMul: addProduct,
	_FusedMatMul: addProduct,
	Relu: (writer, node) => addPlain(writer, node, 'Relu'),
	Identity: (writer, node) => addPlain(writer, node, 'Identity'),
	Add: addSum,
	AddV2: addSum,
	BiasAdd: addSum,
	MaxPool: (writer, node) => addPool(writer, node, 'MaxPool'),
	AvgPool: (writer, node) => addPool(writer, node, 'AveragePool'),
	Pad: addPadding,
	Mean: addMean
};

function addConvolution(writer: GraphWriter, node: GraphNode) {
	const { shape, data } = writer.weightOf(node, 1);
	const kernel = writer.addTensor(`${node.name}/kernel`, ...toOihw(shape, data));
	const inputs = [node.inputs[0] ?? '', kernel];
	if (node.inputs[2] !== undefined) inputs.push(addBias(writer, node));
	const [, high = 1, wide = 1] = attributesOf(node).numbers('dilations');
	writer.addWithActivation(node, {
		op: 'Conv',
		inputs,
		attributes: {
			...slidingOf(node),
			dilations: [high, wide],
			kernel_shape: shape.slice(0, 2)
		}
	});
	writer.images.add(node.name);
}

function addProduct(writer: GraphWriter, node: GraphNode) {
	const attributes = attributesOf(node);
	const { shape, data } = writer.weightOf(node, 1);
	const matrix = writer.addTensor(`${node.name}/matrix`, shape, Float32Array.from(data));
	const inputs = [node.inputs[0] ?? '', matrix];
	if (node.inputs[2] !== undefined) inputs.push(addBias(writer, node));
	writer.addWithActivation(node, {
		op: 'Gemm',
		inputs,
		attributes: {
			transA: Number(attributes.flag('transpose_a')),
			transB: Number(attributes.flag('transpose_b'))
		}
	});
}

function addSum(writer: GraphWriter, node: GraphNode) {
	const isImage = node.inputs.some((name) => writer.isImage(name));
	const inputs = node.inputs.map((name, place) => {
		const weight = writer.graph.weights.get(name);
		if (!weight) return name;
		// Along the channels, which come second here and last there.
		const dims = isImage && weight.shape.length === 1 ? [...weight.shape, 1, 1] : weight.shape;
		return writer.addTensor(`${node.name}/${place}`, dims, Float32Array.from(weight.data));
	});
	writer.nodes.push({ op: 'Add', inputs, output: node.name });
	if (isImage) writer.images.add(node.name);
}

function addPool(writer: GraphWriter, node: GraphNode, op: string) {
	const [, high = 1, wide = 1] = attributesOf(node).numbers('ksize');
	const attributes = { ...slidingOf(node), kernel_shape: [high, wide] };
	writer.nodes.push({ op, inputs: node.inputs, output: node.name, attributes });
	writer.images.add(node.name);
}

function addPadding(writer: GraphWriter, node: GraphNode) {
	const { data } = writer.weightOf(node, 1);
	const order = writer.isImage(node.inputs[0])
		? [0, 3, 1, 2]
		: [...data.keys()].slice(data.length / 2);
	const pads = [0, 1].flatMap((side) => order.map((axis) => BigInt(data[2 * axis + side] ?? 0)));
	const name = writer.addTensor(`${node.name}/pads`, [pads.length], BigInt64Array.from(pads));
	writer.nodes.push({ op: 'Pad', inputs: [node.inputs[0] ?? '', name], output: node.name });
	if (writer.isImage(node.inputs[0])) writer.images.add(node.name);
}

function addMean(writer: GraphWriter, node: GraphNode) {
	const axes = [...writer.weightOf(node, 1).data];
	if (!writer.isImage(node.inputs[0]) || axes.join() !== '1,2') {
		throw new Problem(`${node.name}: only a mean over an image's height and width is known here.`);
	}
	const keepdims = Number(attributesOf(node).flag('keep_dims'));
	writer.nodes.push({
		op: 'ReduceMean',
		inputs: [node.inputs[0] ?? ''],
		output: node.name,
		attributes: { axes: [2, 3], keepdims }
	});
	if (keepdims) writer.images.add(node.name);
}

function addPlain(writer: GraphWriter, node: GraphNode, op: string) {
	writer.nodes.push({ op, inputs: node.inputs, output: node.name });
	if (writer.isImage(node.inputs[0])) writer.images.add(node.name);
}

function addBias(writer: GraphWriter, node: GraphNode) {
	const { shape, data } = writer.weightOf(node, 2);
	return writer.addTensor(`${node.name}/bias`, shape, Float32Array.from(data));
}
