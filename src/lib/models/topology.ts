/**
 * What a model's graph may hold. A package from elsewhere may give wrong scores, and nothing
 * more: only the operations that the exporter writes, every size known before anything is
 * allocated for it.
 */
import * as v from 'valibot';
import { failed, succeeded, type Outcome } from '../problems/problems';
import type { NetworkFiles } from './unpack';

/** What `fieldlens_training/package/topology.py` writes, and the parts of what it writes as one. */
const OPERATIONS = [
	'Abs',
	'AddV2',
	'ClipByValue',
	'ConcatV2',
	'Const',
	'Conv2D',
	'MatMul',
	'MaxPool',
	'Mean',
	'Mul',
	'Pad',
	'Placeholder',
	'Relu',
	'ResizeNearestNeighbor',
	'Sqrt',
	'Square',
	'Sub',
	'Sum',
	'_FusedConv2D',
	'_FusedMatMul'
] as const;

const MAX_NODES = 4096;
/** Sides of a map after it is enlarged. */
const MAX_SIDE = 1024;
/** Other whole numbers of a graph are axes and paddings; a padding of millions would fill the memory. */
const MAX_WHOLE = 16;

const name = v.pipe(v.string(), v.regex(/^[\w ./:^-]{1,200}$/));
const whole = v.pipe(
	v.string(),
	v.regex(/^-?\d{1,2}$/),
	v.check((text) => Math.abs(Number(text)) <= MAX_WHOLE, 'is too large')
);

const node = v.object({
	name,
	op: v.picklist(OPERATIONS),
	input: v.optional(v.pipe(v.array(name), v.maxLength(64)), []),
	attr: v.optional(
		v.record(
			v.string(),
			v.looseObject({ list: v.optional(v.looseObject({ i: v.optional(v.array(whole)) })) })
		),
		{}
	)
});

const weight = v.object({
	name,
	shape: v.pipe(
		v.array(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1 << 24))),
		v.maxLength(4)
	),
	dtype: v.picklist(['float32', 'int32']),
	quantization: v.optional(
		v.object({
			dtype: v.picklist(['uint8', 'uint16', 'float16']),
			scale: v.optional(v.pipe(v.number(), v.finite())),
			min: v.optional(v.pipe(v.number(), v.finite()))
		})
	)
});

const topologySchema = v.object({
	format: v.literal('graph-model'),
	modelTopology: v.looseObject({ node: v.pipe(v.array(node), v.maxLength(MAX_NODES)) }),
	weightsManifest: v.pipe(
		v.array(v.object({ weights: v.pipe(v.array(weight), v.maxLength(MAX_NODES)) })),
		v.maxLength(8)
	)
});

const BYTES = { float32: 4, int32: 4, uint8: 1, uint16: 2, float16: 2 } as const;

/** Both networks of a package, as `checkTopology` checks each. */
export function checkNetworks({
	classifier,
	region
}: {
	classifier: NetworkFiles;
	region: NetworkFiles | null;
}): Outcome<number> {
	const checked = checkTopology(classifier.topology, classifier.weights);
	return checked.ok && region ? checkTopology(region.topology, region.weights) : checked;
}

/**
 * Check a package's `model.json` against its weights, before an engine sees either.
 * @param text the file's text.
 * @param weights all shards in order, one after the other.
 * @returns the number of operations, or `model-foreign` with what is wrong.
 */
export function checkTopology(text: string, weights: ArrayBuffer): Outcome<number> {
	let json: unknown;
	try {
		json = JSON.parse(text);
	} catch {
		return foreign('model.json is no JSON');
	}
	const parsed = v.safeParse(topologySchema, json);
	if (!parsed.success) {
		const issue = parsed.issues[0];
		return foreign(`${v.getDotPath(issue) ?? 'model.json'}: ${issue.message}`);
	}
	const { modelTopology, weightsManifest } = parsed.output;
	const names = new Set(modelTopology.node.map((node) => node.name));
	if (names.size !== modelTopology.node.length) return foreign('a name is there twice');
	for (const { name, input } of modelTopology.node) {
		// `name:0` and `^name` are ways to name an output and an order.
		const missing = input.find((source) => !names.has(source.replace(/^\^|:\d+$/g, '')));
		if (missing !== undefined) return foreign(`${name} reads ${missing}, which is not there`);
	}
	const sides = new Set(
		modelTopology.node.flatMap(({ op, input }) => (op === 'ResizeNearestNeighbor' ? input[1] : []))
	);
	let offset = 0;
	for (const { name, shape, dtype, quantization } of weightsManifest.flatMap(
		(group) => group.weights
	)) {
		const count = shape.reduce((product, side) => product * side, 1);
		const bytes = count * BYTES[quantization?.dtype ?? dtype];
		if (offset + bytes > weights.byteLength) return foreign(`${name} is longer than its file`);
		if (dtype === 'int32') {
			if (quantization) return foreign(`${name} has rounded whole numbers`);
			const values = new Int32Array(weights.slice(offset, offset + bytes));
			const most = sides.has(name) ? MAX_SIDE : MAX_WHOLE;
			if (values.some((value) => Math.abs(value) > most)) {
				return foreign(`${name} has a whole number that is too large`);
			}
		}
		offset += bytes;
	}
	if (offset !== weights.byteLength) return foreign('the weights are longer than they say');
	return succeeded(modelTopology.node.length);
}

function foreign(detail: string): Outcome<never> {
	return failed('model-foreign', { detail });
}
