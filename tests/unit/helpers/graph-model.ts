/** A graph model that is small enough to work out by hand. */

const float = { type: 'DT_FLOAT' };
const integer = { type: 'DT_INT32' };
const text = (value: string) => ({ s: Buffer.from(value).toString('base64') });
const shapeOf = (shape: number[]) => ({ dim: shape.map((size) => ({ size: String(size) })) });

export interface SmallGraph {
	/** Side of the input, pixels. */
	size: number;
	channels: 1 | 3;
	/** channels x 3, row by row. */
	kernel: number[];
	/** 3 x 2, row by row. */
	classWeights: number[];
}

/** Three features = x * kernel (rectified) at every pixel; logits = their means * classWeights. */
export function graphModelOf({ size, channels, kernel, classWeights }: SmallGraph): {
	topology: string;
	weights: ArrayBuffer;
} {
	const constants: [string, number[], number[], 'float32' | 'int32'][] = [
		['kernel', [1, 1, channels, 3], kernel, 'float32'],
		['axes', [2], [1, 2], 'int32'],
		['classes', [3, 2], classWeights, 'float32']
	];
	const constantNodes = constants.map(([name, shape, , dtype]) => {
		const kind = dtype === 'int32' ? integer : float;
		const tensor = { dtype: kind.type, tensorShape: shapeOf(shape) };
		return { name, op: 'Const', attr: { dtype: kind, value: { tensor } } };
	});
	const placeholder = { dtype: float, shape: { shape: shapeOf([-1, size, size, channels]) } };
	const node = (name: string, op: string, input: string[], attr: object = {}) => ({
		name,
		op,
		input,
		attr: { T: float, ...attr }
	});
	const nodes = [
		{ name: 'input', op: 'Placeholder', attr: placeholder },
		...constantNodes,
		node('convolved', 'Conv2D', ['input', 'kernel'], {
			strides: { list: { i: ['1', '1', '1', '1'] } },
			dilations: { list: { i: ['1', '1', '1', '1'] } },
			padding: text('VALID'),
			data_format: text('NHWC')
		}),
		node('features', 'Relu', ['convolved']),
		node('mean', 'Mean', ['features', 'axes'], { keep_dims: { b: false }, Tidx: integer }),
		node('logits', 'MatMul', ['mean', 'classes'], {
			transpose_a: { b: false },
			transpose_b: { b: false }
		})
	];
	const topology = JSON.stringify({
		format: 'graph-model',
		modelTopology: { node: nodes, library: {}, versions: { producer: 1 } },
		weightsManifest: [
			{
				paths: ['shard-1.bin'],
				weights: constants.map(([name, shape, , dtype]) => ({ name, shape, dtype }))
			}
		]
	});
	const bytes = constants.flatMap(([, , values, dtype]) => [
		...new Uint8Array(
			(dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values)).buffer
		)
	]);
	return { topology, weights: Uint8Array.from(bytes).buffer };
}
