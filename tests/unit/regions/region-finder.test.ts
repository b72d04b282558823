import { describe, expect, it } from 'vitest';
import { Lifeline } from '../../../src/lib/engine/lifeline';
import { failed, succeeded, type Outcome } from '../../../src/lib/problems/problems';
import type { LungCrop } from '../../../src/lib/regions/lungs/find';
import { RegionFinder, type RegionWorker } from '../../../src/lib/regions/region-finder';
import type { RegionModel } from '../../../src/lib/regions/region-model';

const MODEL: RegionModel = {
	finder: {
		topology: '{}',
		weights: new ArrayBuffer(0),
		input: { name: 'input', width: 112, height: 112, channels: 1, mean: [0.5], std: [0.25] },
		output: 'outline'
	},
	crop: { smoothing: 4, margin: 6, reach: 4, percentiles: [1, 99] },
	size: 8,
	references: []
};

const FOUND: LungCrop = {
	region: { outlines: [], notes: [], box: [0, 0, 1, 1], turnedBack: 0 },
	pixels: new Uint8Array(64),
	shape: [0, 0, 1, 1, 1, 0.5]
};

type Find = (film: Uint8Array, aspect: number) => Promise<LungCrop>;

/** Workers that answer as the test says, one after the other. */
function workers(finds: Find[], opened: Outcome<null> | Error = succeeded(null)) {
	const started: { ended: boolean; exact: boolean[] }[] = [];
	const start = (): RegionWorker => {
		const state = { ended: false, exact: [] as boolean[] };
		const find = finds[started.length];
		started.push(state);
		const lifeline = new Lifeline();
		return {
			lifeline,
			service: {
				open: (_, exact) => {
					state.exact.push(exact);
					return opened instanceof Error ? Promise.reject(opened) : Promise.resolve(opened);
				},
				find
			},
			end: () => {
				state.ended = true;
				lifeline.cut(new Error('ended'));
			}
		};
	};
	return { started, start };
}

const answer: Find = () => Promise.resolve(FOUND);
const die: Find = () => Promise.reject(new Error('out of memory'));

describe('a region finder', () => {
	it('starts one worker for all images', async () => {
		const { started, start } = workers([answer]);
		const finder = new RegionFinder(MODEL, true, start);
		expect(started).toHaveLength(0);
		finder.warmUp();
		const found = await Promise.all([1, 2].map((aspect) => finder.find(new Uint8Array(4), aspect)));
		expect(found).toEqual([succeeded(FOUND), succeeded(FOUND)]);
		expect(started).toEqual([{ ended: false, exact: [true] }]);
	});

	it('gives the image to the worker with its shape', async () => {
		const given: unknown[] = [];
		const { start } = workers([
			(film, aspect) => {
				given.push([...film], aspect);
				return Promise.resolve(FOUND);
			}
		]);
		await new RegionFinder(MODEL, false, start).find(Uint8Array.of(1, 2), 1.5);
		expect(given).toEqual([[1, 2], 1.5]);
	});

	it('tries an image again with another worker, and once only', async () => {
		const { started, start } = workers([die, answer]);
		const finder = new RegionFinder(MODEL, false, start);
		expect(await finder.find(new Uint8Array(4), 1)).toEqual(succeeded(FOUND));
		expect(started.map(({ ended }) => ended)).toEqual([true, false]);
		const twice = workers([die, die, answer]);
		const second = new RegionFinder(MODEL, false, twice.start);
		expect(await second.find(new Uint8Array(4), 1)).toEqual(failed('image-not-finished'));
		expect(await second.find(new Uint8Array(4), 1)).toEqual(succeeded(FOUND));
	});

	it('says why it cannot be opened', async () => {
		const wrong = failed('backend-wrong', { backend: 'wasm', difference: 0 });
		const { started, start } = workers([answer], wrong);
		expect(await new RegionFinder(MODEL, true, start).find(new Uint8Array(4), 1)).toEqual(wrong);
		expect(started[0].ended).toBe(true);
		const broken = workers([answer], new Error('no memory'));
		const found = await new RegionFinder(MODEL, false, broken.start).find(new Uint8Array(4), 1);
		expect(found).toEqual(failed('backend-failed', { backend: 'int8', detail: 'no memory' }));
	});

	it('ends its worker when it is closed, and what is under way with it', async () => {
		const { started, start } = workers([() => new Promise(() => undefined)]);
		const finder = new RegionFinder(MODEL, false, start);
		const finding = finder.find(new Uint8Array(4), 1);
		finder.close();
		expect(await finding).toEqual(failed('image-not-finished'));
		expect(started).toEqual([{ ended: true, exact: [false] }]);
		expect(await finder.find(new Uint8Array(4), 1)).toEqual(failed('image-not-finished'));
	});
});
