/**
 * The end of a network in float32: means of maps, classes, and the distance from the training
 * images. A few small operations, on buffers that are made once.
 */
import { flagOf, textsOf, UnknownGraph, type GraphNode } from './graph';

/** Values of a shape, one image; [height, width, channels] for a map. */
export interface Tensor {
	shape: number[];
	values: Float32Array;
}

/** Computes its nodes in order. */
export class Head {
	private readonly tensors = new Map<string, Tensor>();
	private readonly work: (() => void)[] = [];

	/**
	 * @param given constants, and the maps that the kernel makes: views that stay valid.
	 * @throws UnknownGraph for an operation or a shape that is not read here.
	 */
	constructor(nodes: GraphNode[], given: Map<string, Tensor>) {
		for (const [name, tensor] of given) this.tensors.set(name, tensor);
		const read = (name: string): Tensor => {
			const found = this.tensors.get(name);
			if (!found) throw new UnknownGraph(`no values of ${name}`);
			return found;
		};
		for (const node of nodes) {
			const { output, run } = operation(node, node.inputs.map(read));
			this.tensors.set(node.name, output);
			this.work.push(run);
		}
	}

	run(): void {
		for (const step of this.work) step();
	}

	/** The values of a node after `run`; the next run writes over them. */
	values(name: string): Float32Array {
		const tensor = this.tensors.get(name);
		if (!tensor) throw new UnknownGraph(`no output ${name}`);
		return tensor.values;
	}
}

interface Operation {
	output: Tensor;
	run: () => void;
}

function operation(node: GraphNode, inputs: Tensor[]): Operation {
	const [first, second, third] = inputs;
	const keep = flagOf(node, 'keep_dims');
	switch (node.op) {
		case 'Mean':
			return mean(first, second, keep);
		case 'Sum':
			return total(first, second, keep);
		case 'Abs':
		case 'Square':
		case 'Sqrt':
			return each(first, node.op);
		case 'ClipByValue':
			return clipped(first, second.values[0], third.values[0]);
		case 'AddV2':
		case 'Sub':
		case 'Mul':
			return pairs(first, second, node.op);
		case 'ConcatV2':
			return joined(inputs.slice(0, -1));
		case 'MatMul':
			return product(node, first, second, null);
		case '_FusedMatMul':
			if (textsOf(node, 'fused_ops').join(' ') !== 'BiasAdd') break;
			return product(node, first, second, third);
	}
	throw new UnknownGraph(`${node.op} ${node.name}`);
}

function empty(shape: number[]): Tensor {
	return { shape, values: new Float32Array(shape.reduce((size, side) => size * side, 1)) };
}

/** Mean over height and width of a map. */
function mean({ shape, values }: Tensor, axes: Tensor, keep: boolean): Operation {
	if (shape.length !== 4 || shape[0] !== 1 || axes.values.join() !== '1,2') {
		throw new UnknownGraph('a mean that is not over height and width');
	}
	const [, height, width, channels] = shape;
	const output = empty(keep ? [1, 1, 1, channels] : [1, channels]);
	const sums = new Float64Array(channels);
	const run = () => {
		sums.fill(0);
		for (let i = 0; i < values.length; i += channels) {
			for (let c = 0; c < channels; c++) sums[c] += values[i + c];
		}
		for (let c = 0; c < channels; c++) output.values[c] = sums[c] / (height * width);
	};
	return { output, run };
}

/** Sum of a row. */
function total({ shape, values }: Tensor, axes: Tensor, keep: boolean): Operation {
	if (shape.length !== 2 || shape[0] !== 1 || axes.values.join() !== '1') {
		throw new UnknownGraph('a sum that is not over a row');
	}
	const output = empty(keep ? [1, 1] : [1]);
	const run = () => {
		output.values[0] = values.reduce((sum, value) => sum + value, 0);
	};
	return { output, run };
}

/** A loop for each operation: a call a value would take ten times as long. */
function each({ shape, values }: Tensor, op: 'Abs' | 'Square' | 'Sqrt'): Operation {
	const output = empty(shape);
	const found = output.values;
	const run = () => {
		if (op === 'Abs') {
			for (let i = 0; i < found.length; i++) found[i] = Math.abs(values[i]);
		} else if (op === 'Square') {
			for (let i = 0; i < found.length; i++) found[i] = values[i] * values[i];
		} else {
			for (let i = 0; i < found.length; i++) found[i] = Math.sqrt(values[i]);
		}
	};
	return { output, run };
}

function clipped({ shape, values }: Tensor, least: number, most: number): Operation {
	const output = empty(shape);
	const found = output.values;
	const run = () => {
		for (let i = 0; i < found.length; i++) found[i] = Math.min(Math.max(values[i], least), most);
	};
	return { output, run };
}

/** Sum, difference or product; sides of 1 in the second tensor are repeated. */
function pairs(first: Tensor, second: Tensor, op: 'AddV2' | 'Sub' | 'Mul'): Operation {
	const sides = [1, 1, 1, 1, ...first.shape].slice(-4);
	const others = [1, 1, 1, 1, ...second.shape].slice(-4);
	if (first.shape.length > 4 || others.some((side, i) => side !== 1 && side !== sides[i])) {
		throw new UnknownGraph('two shapes that do not go together');
	}
	const strides = [0, 0, 0, 0];
	for (let axis = 3, stride = 1; axis >= 0; axis--) {
		strides[axis] = others[axis] === 1 ? 0 : stride;
		stride *= others[axis];
	}
	const output = empty(first.shape);
	const run = () => {
		let i = 0;
		for (let a = 0; a < sides[0]; a++) {
			for (let b = 0; b < sides[1]; b++) {
				for (let c = 0; c < sides[2]; c++, i += sides[3]) {
					const row = a * strides[0] + b * strides[1] + c * strides[2];
					pairRow(op, first.values, i, second.values, row, strides[3], output.values, sides[3]);
				}
			}
		}
	};
	return { output, run };
}

/** The innermost loop, one for each operation, as in `each`. */
function pairRow(
	op: 'AddV2' | 'Sub' | 'Mul',
	first: Float32Array,
	at: number,
	second: Float32Array,
	row: number,
	stride: number,
	output: Float32Array,
	count: number
): void {
	if (op === 'AddV2') {
		for (let i = 0; i < count; i++) output[at + i] = first[at + i] + second[row + i * stride];
	} else if (op === 'Sub') {
		for (let i = 0; i < count; i++) output[at + i] = first[at + i] - second[row + i * stride];
	} else {
		for (let i = 0; i < count; i++) output[at + i] = first[at + i] * second[row + i * stride];
	}
}

/** Rows one after the other. */
function joined(parts: Tensor[]): Operation {
	if (!parts.every(({ shape }) => shape.length === 2 && shape[0] === 1)) {
		throw new UnknownGraph('parts that are no rows');
	}
	const output = empty([1, parts.reduce((sum, { values }) => sum + values.length, 0)]);
	const run = () => {
		let at = 0;
		for (const { values } of parts) {
			output.values.set(values, at);
			at += values.length;
		}
	};
	return { output, run };
}

/** A row times a matrix, with a bias where there is one. */
function product(node: GraphNode, row: Tensor, matrix: Tensor, bias: Tensor | null): Operation {
	const transposed = flagOf(node, 'transpose_b');
	const [height, width] = matrix.shape;
	const [size, count] = transposed ? [width, height] : [height, width];
	const fits =
		matrix.shape.length === 2 &&
		row.shape.length === 2 &&
		row.values.length === size &&
		(bias === null || bias.values.length === count) &&
		!flagOf(node, 'transpose_a');
	if (!fits) throw new UnknownGraph(`product ${node.name}`);
	const output = empty([1, count]);
	const sums = new Float64Array(count);
	// In the order of the matrix's memory: it is larger than the fast cache.
	const run = () => {
		sums.fill(0);
		if (bias) sums.set(bias.values);
		for (let y = 0; y < height; y++) {
			const line = y * width;
			if (transposed) {
				let sum = sums[y];
				for (let x = 0; x < width; x++) sum += row.values[x] * matrix.values[line + x];
				sums[y] = sum;
			} else {
				for (let x = 0; x < width; x++) sums[x] += row.values[y] * matrix.values[line + x];
			}
		}
		output.values.set(sums);
	};
	return { output, run };
}
