import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unpack } from '../../../src/lib/models/unpack';
import { exampleManifest } from '../helpers/manifest';

const GRAPH = Buffer.from('{"format":"graph-model"}');

/** What is made of shards that the manifest says unpack to `lengths`. */
function unpacked(shards: readonly Uint8Array[], lengths: readonly number[]) {
	const files = [
		{ path: 'model.json', bytes: GRAPH.length, sha256: '' },
		...shards.map((shard, i) => ({
			path: `shard-${i + 1}.bin`,
			bytes: shard.length,
			sha256: '',
			encoding: 'deflate-raw' as const,
			unpackedBytes: lengths[i]
		}))
	];
	const parts = [GRAPH, ...shards].map((bytes) => new Uint8Array(bytes).buffer);
	return unpack(exampleManifest({ files }), parts);
}

const shard = fc.uint8Array({ minLength: 1, maxLength: 5000 });

describe('packed shards', () => {
	it('come back as they were, one after the other', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(shard, { minLength: 1, maxLength: 4 }), async (shards) => {
				const found = await unpacked(
					shards.map((bytes) => deflateRawSync(bytes)),
					shards.map(({ length }) => length)
				);
				expect(found).toMatchObject({ ok: true, classifier: { topology: GRAPH.toString() } });
				expect(found.ok && Buffer.from(found.classifier.weights)).toEqual(Buffer.concat(shards));
			})
		);
	});

	it('that are cut off anywhere are refused by name', async () => {
		await fc.assert(
			fc.asyncProperty(shard, fc.double({ min: 0, max: 1, noNaN: true }), async (bytes, share) => {
				const packed = deflateRawSync(bytes);
				const short = packed.subarray(0, Math.floor(share * (packed.length - 1)));
				const found = await unpacked([deflateRawSync(bytes), short], [bytes.length, bytes.length]);
				expect(found).toEqual({ ok: false, file: 'shard-2.bin' });
			})
		);
	});

	it('of another length than was said are refused', async () => {
		const other = fc.integer({ min: 1, max: 6000 });
		await fc.assert(
			fc.asyncProperty(shard, other, async (bytes, length) => {
				fc.pre(length !== bytes.length);
				const found = await unpacked([deflateRawSync(bytes)], [length]);
				expect(found).toEqual({ ok: false, file: 'shard-1.bin' });
			})
		);
	});

	it('whose bytes were changed never come back as another length, nor throw', async () => {
		await fc.assert(
			fc.asyncProperty(shard, fc.nat(), fc.integer({ min: 1, max: 255 }), async (bytes, at, by) => {
				const packed = Uint8Array.from(deflateRawSync(bytes));
				packed[at % packed.length] ^= by;
				const found = await unpacked([packed], [bytes.length]);
				if (found.ok) expect(found.classifier.weights.byteLength).toBe(bytes.length);
				else expect(found.file).toBe('shard-1.bin');
			})
		);
	});

	it('that would fill the memory are not unpacked past what was said', async () => {
		const bomb = deflateRawSync(new Uint8Array(64 * 1024 * 1024));
		const stream = DecompressionStream;
		let made = 0;
		class Counting extends stream {
			constructor(format: CompressionFormat) {
				super(format);
				const count = new TransformStream<Uint8Array, Uint8Array>({
					transform: (chunk, controller) => {
						made += chunk.length;
						controller.enqueue(chunk);
					}
				});
				const { readable } = this;
				Object.defineProperty(this, 'readable', { value: readable.pipeThrough(count) });
			}
		}
		globalThis.DecompressionStream = Counting;
		try {
			expect(await unpacked([bomb], [1000])).toEqual({ ok: false, file: 'shard-1.bin' });
		} finally {
			globalThis.DecompressionStream = stream;
		}
		expect(made).toBeGreaterThan(0);
		expect(made).toBeLessThan(4 * 1024 * 1024);
	});
});

describe('shards that are not packed', () => {
	it('are taken as they are', async () => {
		const files = [
			{ path: 'model.json', bytes: GRAPH.length, sha256: '' },
			{ path: 'shard-1.bin', bytes: 3, sha256: '' }
		];
		const parts = [GRAPH, Uint8Array.of(1, 2, 3)].map((bytes) => new Uint8Array(bytes).buffer);
		const found = await unpack(exampleManifest({ files }), parts);
		expect(found).toMatchObject({ ok: true });
		expect(found.ok && [...new Uint8Array(found.classifier.weights)]).toEqual([1, 2, 3]);
	});
});
