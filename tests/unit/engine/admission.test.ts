/** The lane's worker: what it takes to be let near an image. */
import { beforeEach, describe, expect, it } from 'vitest';
import { sentenceOf } from '../../../src/lib/problems/messages';
import { LaneServer, type LaneParts } from '../../../src/lib/engine/lane-server';
import type { Admission, Reading } from '../../../src/lib/engine/protocol';
import { ADMISSION_TOLERANCE, DISTANCE_TOLERANCE } from '../../../src/lib/base/limits';
import type { Outcome } from '../../../src/lib/problems/problems';
import { MODEL } from '../helpers/lanes';
import { exampleManifest } from '../helpers/manifest';
import { RECOGNITION } from '../helpers/small-model';

/** What stands for TensorFlow.js and the graphics drivers. */
const engine = {
	renderer: '' as string | null,
	half: false,
	/** Added to every reference logit. */
	error: 0,
	/** What is read as the distance. */
	distance: null as number | null,
	startFailure: null as Error | null,
	reads: 0,
	transferred: [] as unknown[]
};

const PARTS: LaneParts = {
	rendererOf: () => Promise.resolve(engine.renderer),
	loadTensorFlow: () =>
		Promise.resolve({
			startBackend: () =>
				engine.startFailure ? Promise.reject(engine.startFailure) : Promise.resolve(),
			isHalfPrecision: () => engine.half,
			Network: { load: () => Promise.resolve(network) }
		}),
	transfer: (value, buffers) => {
		engine.transferred = buffers;
		return value;
	}
};
const network = {
	read(pixels: Uint8Array, count: number): Promise<Reading[]> {
		engine.reads++;
		const vectors = [
			[0, [1, -1]],
			[255, [-2, 2.5]]
		] as const;
		const logits = vectors.find(([first]) => first === pixels[0])?.[1] ?? [0, 0];
		const isMixed = pixels[0] === 0 && pixels[1] === 255;
		const expected = isMixed ? [0.25, 0] : logits;
		const reading = () => ({
			logits: Float32Array.from(expected, (logit) => logit + engine.error),
			distance: engine.distance
		});
		return Promise.resolve(Array.from({ length: count }, reading));
	}
};
const newLane = () => new LaneServer(PARTS);

async function open(
	given: { allowSoftware?: boolean; manifest?: typeof MODEL.manifest } = {}
): Promise<Outcome<Admission>> {
	const { allowSoftware = false, manifest = MODEL.manifest } = given;
	return newLane().open({ backend: 'webgl', model: { ...MODEL, manifest }, allowSoftware });
}

const fateOf = (outcome: Outcome<Admission>) => (outcome.ok ? 'admitted' : outcome.problem.code);

beforeEach(() => {
	Object.assign(engine, {
		renderer: 'Apple M2',
		half: false,
		error: 0,
		distance: null,
		startFailure: null,
		reads: 0
	});
});

describe('a lane', () => {
	it('that gives the reference logits is admitted, and tells how fast it is', async () => {
		const outcome = await open();
		expect(outcome).toMatchObject({
			value: { difference: 0, half: false, renderer: 'Apple M2' }
		});
		// The first image warms up and is not timed.
		expect(engine.reads).toBe(3);
		expect(outcome.ok && Number.isFinite(outcome.value.millisecondsPerImage)).toBe(true);
	});

	it('that is a little off is admitted, within what the documents say', async () => {
		expect(ADMISSION_TOLERANCE).toEqual({ full: 0.05, half: 0.2, integer: 0.1 });
		engine.error = 0.0499;
		expect(fateOf(await open())).toBe('admitted');
		engine.error = -0.0499;
		expect(fateOf(await open())).toBe('admitted');
	});

	it.each([0.0501, -0.0501, 3, NaN, Infinity])('that is off by %d is refused', async (error) => {
		engine.error = error;
		const outcome = await open();
		expect(fateOf(outcome)).toBe('backend-wrong');
	});

	it('in half precision may be off a little more, and no more than that', async () => {
		engine.half = true;
		engine.error = 0.199;
		expect(await open()).toMatchObject({ value: { half: true } });
		engine.error = 0.201;
		expect(fateOf(await open())).toBe('backend-wrong');
	});

	describe('of a model with a distance', () => {
		/** Every reference distance is 10. */
		const manifest = exampleManifest({ recognition: RECOGNITION });
		manifest.classifier.outputs.distance = 'distance';
		for (const vector of manifest.referenceVectors) vector.distance = 10;

		it('is admitted when that is right too, within what the documents say', async () => {
			expect(DISTANCE_TOLERANCE).toEqual({ full: 0.02, half: 0.1, integer: 0.1 });
			for (const distance of [10, 10.199, 9.801]) {
				engine.distance = distance;
				expect(fateOf(await open({ manifest }))).toBe('admitted');
			}
		});

		it.each([10.201, 9.799, 0, NaN, Infinity, null])(
			'is refused for a distance of %d',
			async (distance) => {
				engine.distance = distance;
				expect(fateOf(await open({ manifest }))).toBe('backend-wrong');
			}
		);

		it('in half precision may be off more, and no more than that', async () => {
			engine.half = true;
			engine.distance = 10.99;
			expect(fateOf(await open({ manifest }))).toBe('admitted');
			engine.distance = 11.01;
			const outcome = await open({ manifest });
			expect(!outcome.ok && sentenceOf(outcome.problem)).toContain('(off by 0.10)');
		});

		it('is refused for its logits all the same', async () => {
			engine.distance = 10;
			engine.error = 0.06;
			expect(fateOf(await open({ manifest }))).toBe('backend-wrong');
		});
	});

	it('that is refused says by how much it is off', async () => {
		engine.error = 0.75;
		const outcome = await open();
		expect(!outcome.ok && sentenceOf(outcome.problem)).toBe(
			'WebGL (graphics chip) gives wrong figures on this device (off by 0.75).'
		);
	});

	it('that is refused reads nothing', async () => {
		const service = newLane();
		engine.error = 3;
		await service.open({ backend: 'webgl', model: MODEL, allowSoftware: false });
		await expect(service.read(Uint8Array.of(1, 2, 3, 4), 1)).rejects.toThrow('not open');
	});

	it('without its backend is absent', async () => {
		engine.renderer = null;
		expect(fateOf(await open())).toBe('backend-absent');
		expect(engine.reads).toBe(0);
	});

	it('on a software renderer is refused unless it is asked for', async () => {
		engine.renderer = 'ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device))';
		expect(fateOf(await open())).toBe('backend-software');
		expect(engine.reads).toBe(0);
		expect(fateOf(await open({ allowSoftware: true }))).toBe('admitted');
	});

	it('whose backend does not start says why, in few words', async () => {
		engine.startFailure = new Error('no adapter '.repeat(100));
		const outcome = await open();
		expect(fateOf(outcome)).toBe('backend-failed');
		expect(!outcome.ok && sentenceOf(outcome.problem).length).toBeLessThan(300);
	});

	it('whose reference vectors are not in order is refused', async () => {
		const manifest = exampleManifest();
		manifest.referenceVectors[0].pixels = manifest.referenceVectors[0].pixels.slice(4);
		expect(fateOf(await open({ manifest }))).toBe('backend-failed');
	});

	it('reads when it is open, and hands its results over without copying', async () => {
		const service = newLane();
		await service.open({ backend: 'webgl', model: MODEL, allowSoftware: false });
		const readings = await service.read(Uint8Array.of(255, 0, 0, 0), 2);
		expect(readings).toHaveLength(2);
		expect([...readings[0].logits]).toEqual([-2, 2.5]);
		expect(engine.transferred).toEqual(readings.map(({ logits }) => logits.buffer));
	});
});
