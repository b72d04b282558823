import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sentenceOf } from '../../../src/lib/problems/messages';
import { checkTopology } from '../../../src/lib/models/topology';
import { readShards } from '../../../tools/lib/shards';

const MODELS = join(import.meta.dirname, '../../../static/models');
const SHIPPED = (
	JSON.parse(readFileSync(join(MODELS, 'index.json'), 'utf8')) as { models: string[] }
).models;
const PACKAGE = join(MODELS, SHIPPED[0]);

interface Graph {
	format: string;
	modelTopology: { node: { name: string; op: string; input?: string[]; attr?: object }[] };
	weightsManifest: {
		paths: string[];
		weights: { name: string; shape: number[]; dtype: string; quantization?: object }[];
	}[];
}

const text = readFileSync(join(PACKAGE, 'model.json'), 'utf8');
const graph = () => JSON.parse(text) as Graph;
const weights = await weightsOf(PACKAGE, graph());

async function weightsOf(folder: string, { weightsManifest }: Graph): Promise<ArrayBuffer> {
	const all = Buffer.concat(await readShards(folder, weightsManifest[0].paths));
	return all.buffer.slice(all.byteOffset, all.byteOffset + all.byteLength);
}

/** What is said of the shipped graph after a change. */
function said(change: (graph: Graph) => void, bytes = weights): string {
	const changed = graph();
	change(changed);
	const checked = checkTopology(JSON.stringify(changed), bytes);
	return checked.ok ? 'good' : `${checked.problem.code} ${sentenceOf(checked.problem)}`;
}

describe('a graph', () => {
	it.each(SHIPPED)('that ships is good: %s', async (id) => {
		const folder = join(MODELS, id);
		const text = readFileSync(join(folder, 'model.json'), 'utf8');
		const shipped = await weightsOf(folder, JSON.parse(text) as Graph);
		expect(checkTopology(text, shipped).ok).toBe(true);
	});

	it('with an operation that the exporter does not write is refused by its place', () => {
		expect(said(({ modelTopology }) => (modelTopology.node[3].op = 'WhileLoop'))).toMatch(
			/model-foreign .*modelTopology\.node\.3\.op/
		);
	});

	it('that reads what is not there is refused', () => {
		expect(said(({ modelTopology }) => (modelTopology.node[1].input = ['elsewhere']))).toContain(
			'reads elsewhere, which is not there'
		);
	});

	it('with two operations of one name is refused', () => {
		expect(
			said(({ modelTopology }) => (modelTopology.node[1].name = modelTopology.node[0].name))
		).toContain('a name is there twice');
	});

	it.each([
		['more weights than there are bytes', (shape: number[]) => (shape[0] *= 2)],
		['fewer', (shape: number[]) => (shape[0] -= 1)],
		['a side that is no number', (shape: unknown[]) => (shape[0] = '9')],
		['a side below nothing', (shape: number[]) => (shape[0] = -1)],
		['a side without end', (shape: number[]) => (shape[0] = 1e12)]
	])('with %s is refused before anything is allocated', (_, change) => {
		expect(said(({ weightsManifest }) => change(weightsManifest[0].weights[0].shape))).toMatch(
			/^model-foreign/
		);
	});

	it('with a padding that would fill the memory is refused', () => {
		const huge = weights.slice(0);
		let offset = 0;
		for (const { shape, dtype, quantization } of graph().weightsManifest[0].weights) {
			const count = shape.reduce((product, side) => product * side, 1);
			if (dtype === 'int32') {
				new DataView(huge).setInt32(offset, 1 << 30, true);
				break;
			}
			offset += count * (quantization ? 1 : 4);
		}
		expect(said(() => undefined, huge)).toContain('a whole number that is too large');
		const padded = said(({ modelTopology }) => {
			const attr = modelTopology.node.find(({ op }) => op === '_FusedConv2D')!.attr as {
				explicit_paddings: { list: { i: string[] } };
			};
			attr.explicit_paddings.list.i[2] = '99';
		});
		expect(padded).toMatch(/model-foreign .*explicit_paddings.*is too large/);
	});

	it.each(['', '{}', '[]', 'null', '{"format":"layers-model"}', text.slice(0, -1)])(
		'that is %j is refused',
		(broken) => {
			expect(checkTopology(broken, new ArrayBuffer(0))).toMatchObject({
				ok: false,
				problem: { code: 'model-foreign' }
			});
		}
	);

	it('never throws, whatever it is', () => {
		fc.assert(
			fc.property(fc.json(), fc.uint8Array(), (json, bytes) => {
				expect(typeof checkTopology(json, new Uint8Array(bytes).buffer).ok).toBe('boolean');
			})
		);
	});
});
