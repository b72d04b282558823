// The ONNX file format, as far as the bench writes it.
import proto from 'onnx-proto';

const { onnx } = proto;
const FLOAT = 1;
const INT64 = 7;
/** The newest operator set that onnx-proto 8 (ONNX 1.10) knows. */
const OPSET = 15;
const IR_VERSION = 8;

export interface OnnxNode {
	op: string;
	inputs: string[];
	output: string;
	attributes?: Record<string, number | number[] | string>;
}

export type OnnxTensor = {
	name: string;
	dims: readonly number[];
	data: Float32Array | BigInt64Array;
};

/** a text is a size that may vary */
export type OnnxValue = { name: string; dims: (string | number)[] };

/**
 * @param graph.nodes in the order of computation
 * @param graph.tensors the constants
 * @returns the file
 */
export function encodeOnnx({
	nodes,
	tensors,
	input,
	outputs
}: {
	nodes: readonly OnnxNode[];
	tensors: readonly OnnxTensor[];
	input: OnnxValue;
	outputs: readonly OnnxValue[];
}): Uint8Array {
	const message = onnx.ModelProto.create({
		irVersion: IR_VERSION,
		producerName: 'fieldlens bench',
		opsetImport: [{ domain: '', version: OPSET }],
		graph: {
			name: 'graph',
			node: nodes.map(encodeNode),
			initializer: tensors.map(encodeTensor),
			input: [encodeValue(input)],
			output: outputs.map(encodeValue)
		}
	});
	return onnx.ModelProto.encode(message).finish();
}

function encodeTensor({ name, dims, data }: OnnxTensor) {
	return {
		name,
		dims: [...dims],
		dataType: data instanceof Float32Array ? FLOAT : INT64,
		rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
	};
}

function encodeNode({ op, inputs, output, attributes = {} }: OnnxNode) {
	const { INT, INTS, STRING } = onnx.AttributeProto.AttributeType;
	return {
		opType: op,
		name: output,
		input: inputs,
		output: [output],
		attribute: Object.entries(attributes).map(([name, value]) => {
			if (typeof value === 'number') return { name, type: INT, i: value };
			if (typeof value === 'string') return { name, type: STRING, s: Buffer.from(value) };
			return { name, type: INTS, ints: value };
		})
	};
}

function encodeValue({ name, dims }: OnnxValue) {
	const dim = dims.map((size) =>
		typeof size === 'string' ? { dimParam: size } : { dimValue: size }
	);
	return { name, type: { tensorType: { elemType: FLOAT, shape: { dim } } } };
}
