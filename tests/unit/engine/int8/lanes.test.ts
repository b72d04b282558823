/** Lanes that share one copy of the weights, each in a worker of its own. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { joinLane, openLane } from '../../../../src/lib/engine/int8/lanes';
import { IntegerNetwork } from '../../../../src/lib/engine/int8/network';
import { referenceImages, type ReferenceImage } from '../../../../src/lib/engine/reference';
import type { Reading } from '../../../../src/lib/engine/protocol';
import { SHARED_LANES } from '../../../../src/lib/base/limits';
import { loadKernel, servedModule, VARIANTS } from '../../helpers/kernels';
import { shippedPackage } from '../../helpers/shipped';

const ID = 'malaria-resnet34';
const { manifest } = shippedPackage(ID);
let images: ReferenceImage[];
/** What a lane with weights of its own reads. */
let expected: Reading[];

beforeAll(async () => {
	images = await referenceImages(manifest);
	const network = IntegerNetwork.load(shippedPackage(ID), await loadKernel('relaxed'));
	expected = readAll(network);
});

beforeEach(() => {
	vi.stubGlobal('fetch', (url: string) => Promise.resolve(new Response(servedModule(url).bytes)));
	vi.stubGlobal('navigator', { userAgent: 'a browser', hardwareConcurrency: 2 });
});
afterEach(() => {
	vi.unstubAllGlobals();
});

const readAll = (network: IntegerNetwork) => images.map(({ pixels }) => network.read(pixels, 1)[0]);

describe('where workers may share memory', () => {
	it('lanes read with one copy of the weights, taking turns, to the same bits', async () => {
		const first = await openLane(shippedPackage(ID), true);
		expect(first.kernel?.variant).toBe(first.packed!.variant);
		const { memory } = first.packed!;
		const before = memory.buffer.byteLength;
		const second = await joinLane(manifest, first.packed!);
		expect(memory.buffer).toBeInstanceOf(SharedArrayBuffer);
		expect(memory.buffer.byteLength - before).toBe(second.reader.bytes.maps);
		const readings = images.map(({ pixels }) => {
			const [one] = first.reader.read(pixels, 1);
			const [other] = second.reader.read(pixels, 1);
			expect(other).toEqual(one);
			return one;
		});
		expect(readings).toEqual(expected);
	});

	it.each(VARIANTS)(
		'the weights of the %s module are those of a lane alone',
		async (variant) => {
			const kernel = await loadKernel(variant, true);
			const packed = IntegerNetwork.pack(shippedPackage(ID), kernel, 2);
			const [one, other] = [0, 1].map(() => IntegerNetwork.start(manifest, packed, kernel));
			const { pixels } = images[0];
			expect(one.read(pixels, 1)).toEqual([expected[0]]);
			expect(other.read(pixels, 1)).toEqual([expected[0]]);
			expect(() => IntegerNetwork.start(manifest, packed, kernel)).toThrow(RangeError);
		},
		60_000
	);

	it('a lane does not start on weights of another module', async () => {
		const kernel = await loadKernel('relaxed', true);
		const packed = IntegerNetwork.pack(shippedPackage(ID), kernel, 2);
		const plain = await loadKernel('plain', true);
		expect(() => IntegerNetwork.start(manifest, packed, plain)).toThrow('another module');
	});
});

describe('elsewhere', () => {
	it('a lane packs its own weights', async () => {
		const { reader, packed } = await openLane(shippedPackage(ID), false);
		expect(packed).toBeUndefined();
		expect(readAll(reader)).toEqual(expected);
	});

	it('so it does where the shared memory cannot be reserved', async () => {
		const { Memory } = WebAssembly;
		vi.stubGlobal('WebAssembly', {
			...Object.fromEntries(
				(['validate', 'compile', 'Instance'] as const).map((name) => [name, WebAssembly[name]])
			),
			Memory: function (descriptor: WebAssembly.MemoryDescriptor) {
				if (descriptor.shared && descriptor.maximum! > 100) throw new RangeError('no room');
				return new Memory(descriptor);
			}
		});
		const { reader, packed } = await openLane(shippedPackage(ID), true);
		expect(packed).toBeUndefined();
		expect(readAll(reader)).toEqual(expected);
	});
});

it('has room for all lanes that a page may open, dead ones among them', async () => {
	const { packed } = await openLane(shippedPackage(ID), true);
	for (let lane = 1; lane < SHARED_LANES; lane++) await joinLane(manifest, packed!);
	await expect(joinLane(manifest, packed!)).rejects.toThrow(RangeError);
});

it('a loaded network lets its package go', async () => {
	setFlagsFromString('--expose-gc');
	const collect = runInNewContext('gc') as () => void;
	const load = async () => {
		const model = shippedPackage(ID);
		const network = IntegerNetwork.load(model, await loadKernel('plain'));
		return { network, weights: new WeakRef(model.weights) };
	};
	const { network, weights } = await load();
	await new Promise((resolve) => setTimeout(resolve));
	collect();
	expect(weights.deref()).toBeUndefined();
	expect(readAll(network)).toEqual(expected);
});
