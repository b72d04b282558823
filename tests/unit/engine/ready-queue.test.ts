import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReadyQueue } from '../../../src/lib/engine/ready-queue';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Whether a promise has settled after all that can run has run. */
async function isSettled(work: Promise<unknown>): Promise<boolean> {
	let settled = false;
	void work.then(() => (settled = true));
	await turn();
	return settled;
}

describe('the queue of ready images', () => {
	it('gives what there is, first come first served, never more than asked for', async () => {
		const queue = new ReadyQueue<number>(10);
		for (const item of [1, 2, 3, 4, 5]) await queue.put(item);
		expect(await queue.take(3)).toEqual([1, 2, 3]);
		expect(await queue.take(3)).toEqual([4, 5]);
		expect(queue.length).toBe(0);
	});

	it('lets a taker wait until there is something', async () => {
		const queue = new ReadyQueue<number>(2);
		const first = queue.take(8);
		const second = queue.take(8);
		expect(await isSettled(first)).toBe(false);
		await queue.put(1);
		expect(await first).toEqual([1]);
		expect(await isSettled(second)).toBe(false);
		await queue.put(2);
		expect(await second).toEqual([2]);
	});

	it('lets a putter wait until there is room', async () => {
		const queue = new ReadyQueue<number>(2);
		await queue.put(1);
		const full = queue.put(2);
		expect(await isSettled(full)).toBe(false);
		expect(await queue.take(1)).toEqual([1]);
		expect(await isSettled(full)).toBe(true);
		expect(queue.length).toBe(1);
	});

	it('takes images back at its front, however full it is', async () => {
		const queue = new ReadyQueue<number>(1);
		void queue.put(3);
		queue.putBack([1, 2]);
		expect(await queue.take(8)).toEqual([1, 2, 3]);
		queue.putBack([]);
		expect(queue.length).toBe(0);
	});

	it('gives what comes back to a lane that waits', async () => {
		const queue = new ReadyQueue<number>(1);
		const waiting = queue.take(1);
		queue.putBack([7]);
		expect(await waiting).toEqual([7]);
	});

	it('lets all putters go when it is cleared, and gives nothing of before', async () => {
		const queue = new ReadyQueue<number>(1);
		const putters = [queue.put(1), queue.put(2), queue.put(3)];
		await turn();
		queue.clear();
		await Promise.all(putters);
		expect(queue.length).toBe(0);
		const next = queue.take(8);
		void queue.put(4);
		expect(await next).toEqual([4]);
	});

	it('loses nothing, doubles nothing and stays bounded, whoever comes first', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.integer({ min: 1, max: 5 }),
				fc.integer({ min: 1, max: 4 }),
				fc.array(fc.record({ most: fc.integer({ min: 1, max: 8 }), back: fc.nat(3) }), {
					minLength: 1,
					maxLength: 6
				}),
				fc.integer({ min: 0, max: 40 }),
				fc.scheduler(),
				async (capacity, feeders, lanes, count, schedule) => {
					const queue = new ReadyQueue<number>(capacity);
					const read: number[] = [];
					let next = 0;
					let longest = 0;
					const feeder = async () => {
						while (next < count) {
							const item = next++;
							await schedule.schedule(Promise.resolve());
							const put = queue.put(item);
							longest = Math.max(longest, queue.length);
							await put;
						}
					};
					const lane = async ({ most, back }: { most: number; back: number }) => {
						let toReturn = back;
						for (;;) {
							const items = await queue.take(most);
							await schedule.schedule(Promise.resolve());
							if (toReturn > 0) {
								toReturn--;
								queue.putBack(items);
							} else {
								read.push(...items);
							}
						}
					};
					for (const behaviour of lanes) void lane(behaviour);
					const fed = Promise.all(Array.from({ length: feeders }, feeder));
					await schedule.waitIdle();
					await fed;
					await schedule.waitIdle();
					expect(read.sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
					const returned = lanes.reduce((sum, { most, back }) => sum + most * back, 0);
					expect(longest).toBeLessThanOrEqual(capacity - 1 + feeders + returned);
				}
			),
			{ numRuns: 60 }
		);
	});
});
