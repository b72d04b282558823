import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { soon } from '../../helpers/soon';
import { isGpu, type Backend } from '../../../src/lib/engine/backends';
import { LanePool, type Job } from '../../../src/lib/engine/pool';
import { ReadyQueue } from '../../../src/lib/engine/ready-queue';
import { GPU_BATCHES_IN_FLIGHT, MAX_ATTEMPTS } from '../../../src/lib/base/limits';
import { problem, type Problem } from '../../../src/lib/problems/problems';
import {
	FakeDevice,
	FakeMemory,
	imageOf,
	MODEL,
	readingOf,
	type FakeBackend,
	type FakeLane
} from '../helpers/lanes';

const turn = () => new Promise((resolve) => setImmediate(resolve));
/** Wait until everything that can happen has happened. */
async function settled(): Promise<void> {
	for (let i = 0; i < 20; i++) await turn();
}

const cannotOpen = () => problem('backend-failed', { backend: 'webgl', detail: 'no memory' });
const dies = () => {
	throw new Error('the device was lost');
};

/** A pool on a device of two cores, and everything that came of it. */
class Workshop {
	readonly queue = new ReadyQueue<Job>(4);
	readonly device: FakeDevice;
	readonly pool: LanePool;
	/** What each image came to: its reading's backend, or its problem's code. */
	readonly results = new Map<number, string[]>();
	readonly choices: Backend[] = [];
	readonly ends: Problem[] = [];

	constructor(
		backends: Partial<Record<Backend, FakeBackend>>,
		{ forced = null as Backend | null, cores = 2, memory = new FakeMemory() } = {}
	) {
		this.device = new FakeDevice(backends);
		this.pool = new LanePool(
			MODEL,
			forced,
			this.queue,
			this.device.open,
			{
				onChoice: ({ backend }) => this.choices.push(backend),
				onEnd: (ended) => this.ends.push(ended)
			},
			{ device: { cores, memoryGigabytes: 8 }, memory }
		);
	}

	/** Put images in the queue as the feeders do, without waiting. */
	add(...ids: number[]): this {
		for (const id of ids) {
			void this.queue.put({
				pixels: imageOf(id),
				count: 1,
				attempts: 0,
				done: (outcome, backend) => {
					const [reading] = outcome.ok ? outcome.value : [];
					const right = String(reading?.logits) === String(readingOf(id).logits);
					const result = outcome.ok ? (right ? backend : 'a wrong reading') : outcome.problem.code;
					this.results.set(id, [...(this.results.get(id) ?? []), result]);
				}
			});
		}
		return this;
	}

	addUpTo(count: number): this {
		return this.add(...Array.from({ length: count }, (_, id) => id));
	}

	/** Images by what they came to; each must have come to one thing only. */
	get fates(): Record<string, number[]> {
		const fates: Record<string, number[]> = {};
		for (const [id, results] of [...this.results].sort(([a], [b]) => a - b)) {
			expect(results, `results of image ${id}`).toHaveLength(1);
			(fates[results[0]] ??= []).push(id);
		}
		return fates;
	}

	async run(): Promise<this> {
		await this.pool.start();
		await settled();
		return this;
	}
}

/** A graphics chip whose batches end when the test says so. */
class FakeChip {
	/** Ids of what every batch that came through held, batch after batch. */
	readonly read: number[] = [];
	private readonly pending: { ids: number[]; end: (error?: Error) => void }[] = [];
	readonly backend: FakeBackend;

	constructor(renderer = '') {
		this.backend = {
			millisecondsPerImage: 9,
			renderer,
			beforeRead: (_, ids) =>
				new Promise((resolve, reject) => {
					this.pending.push({ ids, end: (error) => (error ? reject(error) : resolve()) });
				})
		};
	}

	get inFlight(): number[][] {
		return this.pending.map(({ ids }) => ids);
	}

	finish(i: number): void {
		const [{ ids, end }] = this.pending.splice(i, 1);
		this.read.push(...ids);
		end();
	}

	async finishAll(): Promise<void> {
		while (this.pending.length > 0) {
			this.finish(0);
			await settled();
		}
	}

	/** The device is lost: one batch says so first, and no other ever ends by itself. */
	lose(i: number): void {
		const [{ end }] = this.pending.splice(i, 1);
		this.pending.length = 0;
		end(new Error('the graphics device was lost'));
	}
}

beforeEach(() => {
	vi.stubGlobal('navigator', { userAgent: 'A browser' });
});
afterEach(() => {
	vi.unstubAllGlobals();
});

const upTo = (count: number) => Array.from({ length: count }, (_, id) => id);

describe('lanes', () => {
	it('read all images, each exactly once, with as many lanes as the processor takes', async () => {
		const shop = await new Workshop({ wasm: { millisecondsPerImage: 9 } }, { cores: 5 })
			.addUpTo(50)
			.run();
		expect(shop.fates).toEqual({ wasm: upTo(50) });
		expect(shop.device.openLanes).toHaveLength(4);
		expect(shop.device.openLanes.every(({ batches }) => batches.length > 0)).toBe(true);
		expect(shop.device.lanes.flatMap(({ batches }) => batches).every(({ length }) => length === 1));
		expect(shop.choices).toEqual(['wasm']);
	});

	it('go on with images that come later', async () => {
		const shop = await new Workshop({ wasm: { millisecondsPerImage: 9 } }).addUpTo(3).run();
		shop.add(3, 4, 5, 6, 7);
		await settled();
		expect(shop.fates).toEqual({ wasm: upTo(8) });
	});

	it('on the graphics chip are one, with batches whose sizes are powers of two', async () => {
		const shop = await new Workshop({ webgpu: { millisecondsPerImage: 9 } }).addUpTo(23).run();
		expect(shop.fates).toEqual({ webgpu: upTo(23) });
		expect(shop.device.lanes).toHaveLength(1);
		const sizes = shop.device.lanes[0].batches.map(({ length }) => length);
		expect(sizes).toEqual([8, 8, 4, 2, 1]);
	});

	it('give each image of a batch its own reading', async () => {
		const shop = await new Workshop({ webgl: { millisecondsPerImage: 9 } }).addUpTo(300).run();
		expect(shop.fates).toEqual({ webgl: upTo(300) });
	});

	it('read a job of several images at once, whatever computes them, and nothing beside it', async () => {
		for (const backend of ['wasm', 'webgpu'] as const) {
			const shop = new Workshop({ [backend]: { millisecondsPerImage: 9 } });
			const pixels = Uint8Array.from([10, 11, 12, 13].flatMap((id) => [...imageOf(id)]));
			const logits = new Promise((resolve) => {
				shop.add(0, 1, 2);
				void shop.queue.put({
					pixels,
					count: 4,
					attempts: 0,
					done: (outcome) => resolve(outcome.ok && outcome.value.map(({ logits: [each] }) => each))
				});
				shop.add(3);
			});
			await shop.run();
			expect(await logits).toEqual([10, 11, 12, 13]);
			expect(shop.fates).toEqual({ [backend]: upTo(4) });
			const batches = shop.device.lanes.flatMap((lane) => lane.batches);
			expect(batches).toContainEqual([10, 11, 12, 13]);
		}
	});

	it('on a software renderer take one image at a time', async () => {
		const backends = { webgl: { millisecondsPerImage: 9, renderer: 'SwiftShader' } };
		const shop = await new Workshop(backends, { forced: 'webgl' }).addUpTo(9).run();
		expect(shop.fates).toEqual({ webgl: upTo(9) });
		expect(shop.device.lanes[0].batches).toHaveLength(9);
	});

	it('are fewer where the memory is too small for all', async () => {
		let opened = 0;
		const refusal = () => (opened++ === 0 ? null : cannotOpen());
		const shop = await new Workshop({ wasm: { millisecondsPerImage: 9, refusal } }, { cores: 5 })
			.addUpTo(10)
			.run();
		expect(shop.fates).toEqual({ wasm: upTo(10) });
		expect(shop.device.openLanes).toHaveLength(1);
		expect(shop.ends).toEqual([]);
	});
});

describe('a lane that dies', () => {
	it('is closed and replaced, and its images are read again', async () => {
		let reads = 0;
		const beforeRead = () => (reads++ === 1 ? dies() : undefined);
		const shop = await new Workshop({ webgpu: { millisecondsPerImage: 9, beforeRead } })
			.addUpTo(20)
			.run();
		expect(shop.fates).toEqual({ webgpu: upTo(20) });
		expect(shop.device.lanes.map(({ closed }) => closed)).toEqual([true, false]);
		expect(shop.choices).toEqual(['webgpu']);
	});

	it('on the processor does not stop the others', async () => {
		let reads = 0;
		const beforeRead = () => (++reads % 7 === 0 ? dies() : undefined);
		const shop = await new Workshop({ wasm: { millisecondsPerImage: 9, beforeRead } }, { cores: 4 })
			.addUpTo(60)
			.run();
		expect(shop.fates).toEqual({ wasm: upTo(60) });
		expect(shop.device.openLanes).toHaveLength(3);
		expect(shop.device.lanes.length).toBeGreaterThan(8);
	});

	it('and cannot be replaced leaves the work to those that are left', async () => {
		let opened = 0;
		let reads = 0;
		const shop = await new Workshop(
			{
				wasm: {
					millisecondsPerImage: 9,
					refusal: () => (opened++ < 2 ? null : cannotOpen()),
					beforeRead: () => (reads++ === 3 ? dies() : undefined)
				}
			},
			{ cores: 2 }
		)
			.addUpTo(20)
			.run();
		expect(shop.fates).toEqual({ wasm: upTo(20) });
		expect(shop.device.openLanes).toHaveLength(1);
		expect(shop.ends).toEqual([]);
	});
});

describe('on the graphics chip', () => {
	it('two batches are in flight, never three, and the rest waits', async () => {
		const chip = new FakeChip();
		const shop = await new Workshop({ webgpu: chip.backend }).addUpTo(30).run();
		expect(chip.inFlight).toEqual([upTo(8), upTo(16).slice(8)]);
		expect(shop.queue.length).toBe(14);
		chip.finish(0);
		await settled();
		// What is read back makes room for the next one; the order does not matter.
		expect(chip.inFlight).toEqual([upTo(16).slice(8), upTo(24).slice(16)]);
		chip.finish(1);
		await settled();
		expect(shop.fates).toEqual({ webgpu: [...upTo(8), ...upTo(24).slice(16)] });
		await chip.finishAll();
		expect(shop.fates).toEqual({ webgpu: upTo(30) });
		expect(shop.device.lanes).toHaveLength(1);
	});

	it('of software two images are in flight, each by itself', async () => {
		const chip = new FakeChip('SwiftShader');
		const shop = await new Workshop({ webgl: chip.backend }, { forced: 'webgl' }).addUpTo(5).run();
		expect(chip.inFlight).toEqual([[0], [1]]);
		await chip.finishAll();
		expect(shop.fates).toEqual({ webgl: upTo(5) });
	});

	it('images that come one by one do not wait for each other', async () => {
		const chip = new FakeChip();
		const shop = await new Workshop({ webgpu: chip.backend }).add(0).run();
		shop.add(1);
		await settled();
		expect(chip.inFlight).toEqual([[0], [1]]);
		await chip.finishAll();
		expect(shop.fates).toEqual({ webgpu: [0, 1] });
	});

	it.each([0, 1])(
		'a loss takes both batches, and all their images are read again: %d',
		async (i) => {
			const chip = new FakeChip();
			const shop = await new Workshop({ webgpu: chip.backend }).addUpTo(20).run();
			chip.lose(i);
			await settled();
			expect(shop.results.size).toBe(0);
			expect(shop.device.lanes.map(({ closed }) => closed)).toEqual([true, false]);
			await chip.finishAll();
			expect(shop.fates).toEqual({ webgpu: upTo(20) });
			// One loss is one death.
			expect(shop.device.lanes).toHaveLength(2);
			expect(shop.choices).toEqual(['webgpu']);
		}
	);

	it('what came out before a loss stays, and is not read twice', async () => {
		const chip = new FakeChip();
		const shop = await new Workshop({ webgpu: chip.backend }).addUpTo(16).run();
		chip.finish(1);
		await settled();
		chip.lose(0);
		await settled();
		expect(shop.fates).toEqual({ webgpu: upTo(16).slice(8) });
		await chip.finishAll();
		expect(shop.fates).toEqual({ webgpu: upTo(16) });
		expect(chip.read.filter((id) => id >= 8)).toHaveLength(8);
	});

	it('what was in a dying lane is read with nothing beside it', async () => {
		const chip = new FakeChip();
		const shop = await new Workshop({ webgpu: chip.backend }).addUpTo(20).run();
		chip.lose(0);
		await settled();
		const lost = new Set(upTo(16));
		const seen: number[][] = [];
		while (chip.inFlight.length > 0) {
			if (chip.inFlight.some((ids) => ids.some((id) => lost.has(id)))) {
				expect(chip.inFlight).toHaveLength(1);
				seen.push(...chip.inFlight);
			}
			chip.finish(0);
			await settled();
		}
		expect(seen.map(({ length }) => length)).toEqual(upTo(16).map(() => 1));
		expect(shop.fates).toEqual({ webgpu: upTo(20) });
	});

	it('what was in a dying lane waits until nothing else is in flight', async () => {
		const chip = new FakeChip();
		let reads = 0;
		const beforeRead: FakeBackend['beforeRead'] = (lane, ids) =>
			reads++ === 0 ? dies() : chip.backend.beforeRead?.(lane, ids);
		const shop = await new Workshop({ webgpu: { ...chip.backend, beforeRead } }).addUpTo(16).run();
		// The first eight died at once, when the next ones were taken but not begun.
		expect(chip.inFlight).toEqual([upTo(16).slice(8)]);
		expect(shop.queue.length).toBe(7);
		chip.finish(0);
		await settled();
		expect(chip.inFlight).toEqual([[0]]);
		await chip.finishAll();
		expect(shop.fates).toEqual({ webgpu: upTo(16) });
	});

	it('an image that kills the lane is named, and nothing that was in flight beside it', async () => {
		const chip = new FakeChip();
		const shop = await new Workshop({
			webgpu: chip.backend,
			wasm: { millisecondsPerImage: 90 }
		})
			.addUpTo(16)
			.run();
		// It kills after a while, as a hanging driver does: the other batch is long enqueued.
		for (let i = 0; i < 40 && chip.inFlight.length > 0; i++) {
			const at = chip.inFlight.findIndex((ids) => ids.includes(11));
			if (at >= 0) chip.lose(at);
			else chip.finish(0);
			await settled();
		}
		expect(shop.fates['image-not-finished']).toEqual([11]);
		expect(shop.results.size).toBe(16);
	});

	it('a pool that is closed leaves both batches in the queue', async () => {
		const chip = new FakeChip();
		const shop = await new Workshop({ webgpu: chip.backend }).addUpTo(20).run();
		shop.pool.close();
		await settled();
		expect(shop.device.openLanes).toEqual([]);
		expect(shop.results.size).toBe(0);
		const jobs = await shop.queue.take(30);
		expect(jobs.map(({ pixels }) => pixels[0]).sort((a, b) => a - b)).toEqual(upTo(20));
		expect(jobs.every(({ attempts }) => attempts === 0)).toBe(true);
	});
});

describe('a backend that dies twice', () => {
	it('gives way to the next, with all its images', async () => {
		let reads = 0;
		// The first batch is read; the second dies, and one image of it reads well alone.
		const dying = [false, true, false, true];
		const beforeRead = () => (dying[reads++] ? dies() : undefined);
		const shop = await new Workshop({
			webgpu: { millisecondsPerImage: 1, beforeRead },
			webgl: { millisecondsPerImage: 2 }
		})
			.addUpTo(20)
			.run();
		expect(shop.choices).toEqual(['webgpu', 'webgl']);
		expect(shop.fates).toEqual({
			webgpu: upTo(9),
			'image-not-finished': [9],
			webgl: upTo(20).slice(10)
		});
		expect(shop.device.openLanes.map(({ backend }) => backend)).toEqual(['webgl']);
	});

	it('gives way although it was asked for', async () => {
		const shop = await new Workshop(
			{
				webgpu: { millisecondsPerImage: 1, beforeRead: dies },
				wasm: { millisecondsPerImage: 50 }
			},
			{ forced: 'webgpu' }
		)
			.add(0)
			.run();
		shop.add(1, 2);
		await settled();
		expect(shop.choices).toEqual(['webgpu', 'wasm']);
		expect(shop.fates).toEqual({ 'image-not-finished': [0], wasm: [1, 2] });
	});

	it('gives way at once where it cannot even be opened again', async () => {
		let opened = 0;
		const shop = await new Workshop({
			webgpu: {
				millisecondsPerImage: 1,
				refusal: () => (opened++ === 0 ? null : cannotOpen()),
				beforeRead: dies
			},
			wasm: { millisecondsPerImage: 50 }
		})
			.addUpTo(10)
			.run();
		expect(shop.choices).toEqual(['webgpu', 'wasm']);
		expect(shop.fates).toEqual({ wasm: upTo(10) });
		// Once at the start and once after its death, not a third time.
		expect(shop.device.tried.filter((backend) => backend === 'webgpu')).toHaveLength(2);
	});
});

describe('an image that kills lanes', () => {
	const poison = (...ids: number[]) => ({
		millisecondsPerImage: 9,
		beforeRead: (_: unknown, batch: number[]) =>
			batch.some((id) => ids.includes(id)) ? dies() : undefined
	});

	it('is named after two, and the rest goes on', async () => {
		expect(MAX_ATTEMPTS).toBe(2);
		const shop = await new Workshop({ wasm: poison(5, 11) }, { cores: 3 }).addUpTo(20).run();
		expect(shop.fates).toEqual({
			'image-not-finished': [5, 11],
			wasm: upTo(20).filter((id) => id !== 5 && id !== 11)
		});
		expect(shop.device.openLanes).toHaveLength(2);
	});

	it('is named alone, not with the images that were in its batch', async () => {
		const shop = await new Workshop({
			webgpu: poison(5),
			wasm: { millisecondsPerImage: 90 }
		})
			.addUpTo(20)
			.run();
		expect(shop.fates['image-not-finished']).toEqual([5]);
		expect(shop.results.size).toBe(20);
	});

	it('only because its batch is too large for the memory is read all the same', async () => {
		const beforeRead = (_: unknown, batch: number[]) => (batch.length > 4 ? dies() : undefined);
		const shop = await new Workshop({
			webgpu: { millisecondsPerImage: 9, beforeRead },
			wasm: { millisecondsPerImage: 90 }
		})
			.addUpTo(20)
			.run();
		expect(Object.keys(shop.fates).every((fate) => fate === 'webgpu' || fate === 'wasm')).toBe(
			true
		);
		expect(shop.results.size).toBe(20);
	});
});

describe('where every backend fails', () => {
	it('at the start, the reasons are given and nothing is lost', async () => {
		const shop = new Workshop({}).addUpTo(3);
		expect(await shop.pool.start()).toMatchObject({ problem: { code: 'no-engine' } });
		await settled();
		expect(shop.results.size).toBe(0);
		expect(shop.queue.length).toBe(3);
		expect(shop.choices).toEqual([]);
	});

	it('on the way, the end is told once, and what waits stays', async () => {
		let opened = 0;
		const shop = await new Workshop({
			webgl: {
				millisecondsPerImage: 9,
				refusal: () => (opened++ === 0 ? null : cannotOpen()),
				beforeRead: dies
			}
		})
			.addUpTo(10)
			.run();
		expect(shop.ends.map(({ code }) => code)).toEqual(['no-engine']);
		expect(shop.results.size).toBe(0);
		expect(shop.queue.length).toBe(10);
	});

	it('again and again, without one image read, reading stops with a reason', async () => {
		const mortal = { millisecondsPerImage: 9, beforeRead: dies };
		const shop = await new Workshop({ webgpu: mortal, webgl: mortal, wasm: mortal }, { cores: 3 })
			.addUpTo(12)
			.run();
		await soon(() => expect(shop.ends.map(({ code }) => code)).toEqual(['reading-stopped']));
		// Those that were in two dying lanes are named; the rest waits for another try.
		expect(shop.results.size).toBeGreaterThan(0);
		expect(shop.results.size + shop.queue.length).toBe(12);
		expect(shop.device.openLanes).toEqual([]);
	});
});

describe('a pool that is closed', () => {
	it('during work closes its lanes and leaves the rest in the queue', async () => {
		let go: () => void = () => undefined;
		const held = new Promise<void>((resolve) => (go = resolve));
		const shop = await new Workshop({ wasm: { millisecondsPerImage: 9, beforeRead: () => held } })
			.addUpTo(6)
			.run();
		shop.pool.close();
		expect(shop.device.openLanes).toEqual([]);
		go();
		await settled();
		// What was in the lanes is no result any more, and no reproach either.
		expect(shop.results.size).toBe(0);
		const jobs = await shop.queue.take(8);
		expect(jobs.map(({ attempts }) => attempts)).toEqual([0, 0, 0, 0, 0, 0]);
	});

	it('while a lane dies does not count that against its images', async () => {
		let fail: () => void = () => undefined;
		const held = new Promise<void>((_, reject) => (fail = () => reject(new Error('terminated'))));
		const shop = await new Workshop({ webgpu: { millisecondsPerImage: 9, beforeRead: () => held } })
			.addUpTo(2)
			.run();
		shop.pool.close();
		fail();
		await settled();
		expect(shop.results.size).toBe(0);
		const jobs = await shop.queue.take(8);
		expect(jobs.map(({ attempts }) => attempts)).toEqual([0, 0]);
		expect(shop.device.lanes).toHaveLength(1);
		expect(shop.ends).toEqual([]);
	});

	it('while it starts keeps no lane', async () => {
		const shop = new Workshop({ wasm: { millisecondsPerImage: 9 } }, { cores: 5 }).addUpTo(5);
		const started = shop.pool.start();
		shop.pool.close();
		await started;
		await settled();
		expect(shop.device.openLanes).toEqual([]);
		expect(shop.choices).toEqual([]);
		expect(shop.queue.length).toBe(5);
	});

	it('while its other lanes open keeps none of them', async () => {
		const shop = new Workshop({ wasm: { millisecondsPerImage: 9 } }, { cores: 5 });
		await shop.pool.start();
		shop.pool.close();
		await settled();
		expect(shop.device.openLanes).toEqual([]);
		shop.addUpTo(3);
		await settled();
		expect(shop.results.size).toBe(0);
		expect(shop.queue.length).toBe(3);
	});
});

describe('whatever fails', () => {
	it('every image ends exactly once, with its own reading or by name', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.record({
					images: fc.integer({ min: 0, max: 40 }),
					cores: fc.integer({ min: 1, max: 5 }),
					/** Which reads fail, over and over again, but not all. */
					failures: fc.array(fc.boolean(), { minLength: 3, maxLength: 12 }),
					/** Which lanes cannot be opened after the first. */
					refusals: fc.array(fc.boolean(), { maxLength: 12 }),
					backends: fc.subarray(['webgpu', 'webgl', 'wasm'] as const, { minLength: 1 })
				}),
				fc.scheduler(),
				async ({ images, cores, failures, refusals, backends }, schedule) => {
					let reads = 0;
					let opens = 0;
					const inFlight = new Map<FakeLane, number>();
					const tooMany: FakeLane[] = [];
					const beforeRead = async (lane: FakeLane) => {
						const now = (inFlight.get(lane) ?? 0) + 1;
						inFlight.set(lane, now);
						if (now > (isGpu(lane.backend) ? GPU_BATCHES_IN_FLIGHT : 1)) tooMany.push(lane);
						await schedule.schedule(Promise.resolve());
						inFlight.set(lane, (inFlight.get(lane) ?? 0) - 1);
						if (failures[reads++ % failures.length]) dies();
					};
					const refusal = () => (opens++ > 0 && refusals[opens] ? cannotOpen() : null);
					const backend = { millisecondsPerImage: 9, beforeRead, refusal };
					const shop = new Workshop(Object.fromEntries(backends.map((name) => [name, backend])), {
						cores
					}).addUpTo(images);
					const started = await shop.pool.start();
					expect(started.ok).toBe(true);
					for (let i = 0; i < 200 && shop.results.size < images; i++) {
						await schedule.waitIdle();
						await turn();
					}
					expect(Object.keys(shop.fates)).not.toContain('a wrong reading');
					expect(tooMany).toEqual([]);
					if (shop.ends.length === 0) {
						expect(shop.results.size).toBe(images);
					} else {
						// No lane is left: what has not ended still waits, none is lost.
						expect(shop.results.size + shop.queue.length).toBe(images);
					}
					shop.pool.close();
					await schedule.waitIdle();
					await turn();
					expect(shop.device.openLanes).toEqual([]);
				}
			),
			{ numRuns: 150 }
		);
	});
});
