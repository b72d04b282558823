import { afterEach, describe, expect, it, vi } from 'vitest';
import { sentenceOf } from '../../../src/lib/problems/messages';
import { openLane, type Lane, type LaneWorker } from '../../../src/lib/engine/lane';
import type { PackedNetwork } from '../../../src/lib/engine/int8/weights';
import type { Admission, LaneRequest, Reading } from '../../../src/lib/engine/protocol';
import {
	FORCED_OPEN_TIMEOUT_MS,
	OPEN_TIMEOUT_MS,
	READ_TIMEOUT_MS,
	SHARED_LANES
} from '../../../src/lib/base/limits';
import { failed, succeeded, type Outcome } from '../../../src/lib/problems/problems';
import { MODEL, readingOf } from '../helpers/lanes';

interface Answer {
	resolve: (value: unknown) => void;
	reject: (reason: unknown) => void;
}

/** A worker whose answers the test gives. */
class FakeWorker extends EventTarget {
	static last: FakeWorker;
	terminated = false;
	readonly calls: { name: string; given: unknown[]; answer: Answer }[] = [];

	constructor() {
		super();
		FakeWorker.last = this;
	}

	call(name: string, ...given: unknown[]): Promise<unknown> {
		let resolve: (value: unknown) => void = () => undefined;
		let reject: (reason: unknown) => void = () => undefined;
		const promise = new Promise((yes, no) => {
			resolve = yes;
			reject = no;
		});
		this.calls.push({ name, given, answer: { resolve, reject } });
		return promise;
	}

	terminate() {
		this.terminated = true;
	}

	die(message = 'out of memory') {
		this.dispatchEvent(Object.assign(new Event('error', { cancelable: true }), { message }));
	}
}

function startFake(): LaneWorker {
	const worker = new FakeWorker();
	return {
		worker,
		service: {
			open: (request) => worker.call('open', request) as Promise<Outcome<Admission>>,
			join: (...given) => worker.call('join', ...given) as Promise<Outcome<Admission>>,
			read: (pixels, count) => worker.call('read', pixels, count) as Promise<Reading[]>
		}
	};
}

const REQUEST: LaneRequest = { backend: 'wasm', model: MODEL, allowSoftware: false };
const ADMISSION: Admission = {
	difference: 0.001,
	half: false,
	millisecondsPerImage: 50,
	renderer: ''
};

/** Open a lane; the worker answers with this. */
async function opened(answer: Outcome<Admission> = succeeded(ADMISSION)) {
	const opening = openLane(REQUEST, startFake);
	const worker = FakeWorker.last;
	worker.calls[0].answer.resolve(answer);
	return { worker, outcome: await opening };
}

async function readyLane() {
	const { worker, outcome } = await opened();
	if (!outcome.ok) throw new Error(sentenceOf(outcome.problem));
	return { worker, lane: outcome.value.lane };
}

afterEach(() => vi.useRealTimers());

describe('a lane', () => {
	it('is a worker that was admitted', async () => {
		const { worker, outcome } = await opened();
		expect(worker.calls[0]).toMatchObject({ name: 'open', given: [REQUEST] });
		expect(outcome).toMatchObject({ value: { admission: ADMISSION } });
		expect(worker.terminated).toBe(false);
	});

	it('that is not admitted is closed, and the reason is given', async () => {
		const refusal = failed('backend-wrong', { backend: 'webgl', difference: 7 });
		const { worker, outcome } = await opened(refusal);
		expect(outcome).toEqual(refusal);
		expect(worker.terminated).toBe(true);
	});

	it('that dies while it opens is closed, and the reason is given', async () => {
		const opening = openLane(REQUEST, startFake);
		FakeWorker.last.die('no memory left');
		const outcome = await opening;
		expect(outcome).toMatchObject({ problem: { code: 'backend-failed' } });
		expect(!outcome.ok && sentenceOf(outcome.problem)).toBe(
			'WebAssembly, exact (processor) could not start (no memory left).'
		);
		expect(FakeWorker.last.terminated).toBe(true);
	});

	it('that does not answer while it opens is closed', async () => {
		vi.useFakeTimers();
		const opening = openLane({ ...REQUEST, backend: 'webgpu' }, startFake);
		await vi.advanceTimersByTimeAsync(OPEN_TIMEOUT_MS);
		expect(await opening).toMatchObject({ problem: { code: 'backend-failed' } });
		expect(FakeWorker.last.terminated).toBe(true);
	});

	it('that the user insists on gets more time to open', async () => {
		vi.useFakeTimers();
		const opening = openLane({ ...REQUEST, allowSoftware: true }, startFake);
		await vi.advanceTimersByTimeAsync(FORCED_OPEN_TIMEOUT_MS - 1);
		expect(FakeWorker.last.terminated).toBe(false);
		await vi.advanceTimersByTimeAsync(1);
		expect(await opening).toMatchObject({ problem: { code: 'backend-failed' } });
	});

	it('reads a batch', async () => {
		const { worker, lane } = await readyLane();
		const readings: Reading[] = [readingOf(1), readingOf(2)];
		const reading = lane.read(Uint8Array.of(1, 2), 2);
		expect(worker.calls[1]).toMatchObject({ name: 'read', given: [Uint8Array.of(1, 2), 2] });
		worker.calls[1].answer.resolve(readings);
		expect(await reading).toEqual(readings);
	});

	it('that dies while it reads says so at once', async () => {
		const { worker, lane } = await readyLane();
		const reading = lane.read(Uint8Array.of(1), 1);
		worker.die('the graphics device was lost');
		await expect(reading).rejects.toThrow('the graphics device was lost');
		// And stays dead.
		await expect(lane.read(Uint8Array.of(1), 1)).rejects.toThrow('lost');
	});

	it('that died between two images says so at the next', async () => {
		const { worker, lane } = await readyLane();
		worker.die('');
		await new Promise((resolve) => setImmediate(resolve));
		await expect(lane.read(Uint8Array.of(1), 1)).rejects.toThrow('the worker stopped');
	});

	it('whose worker fails at an image says so', async () => {
		const { worker, lane } = await readyLane();
		const reading = lane.read(Uint8Array.of(1), 1);
		worker.calls[1].answer.reject(new Error('an output is not a number'));
		await expect(reading).rejects.toThrow('not a number');
	});

	it('that hangs is given up, a slow one later than a fast one', async () => {
		vi.useFakeTimers();
		const { lane } = await readyLane();
		let given = '';
		lane.read(Uint8Array.of(1), 1).catch((error: Error) => (given = error.name));
		await vi.advanceTimersByTimeAsync(READ_TIMEOUT_MS + 20 * 50 - 1);
		expect(given).toBe('');
		await vi.advanceTimersByTimeAsync(1);
		expect(given).toBe('TimeUp');
	});

	it('that is closed ends its worker', async () => {
		const { worker, lane } = await readyLane();
		lane.close();
		expect(worker.terminated).toBe(true);
	});

	it('that is closed keeps nobody waiting for what it was reading', async () => {
		const { lane } = await readyLane();
		const readings = [lane.read(Uint8Array.of(1), 1), lane.read(Uint8Array.of(2), 1)];
		lane.close();
		for (const reading of readings) await expect(reading).rejects.toThrow('closed');
		await expect(lane.read(Uint8Array.of(3), 1)).rejects.toThrow('closed');
	});

	it('reads a batch while another is in flight, and each gets its own answer', async () => {
		const { worker, lane } = await readyLane();
		const first = lane.read(Uint8Array.of(1), 1);
		const second = lane.read(Uint8Array.of(2), 1);
		expect(worker.calls.slice(1).map(({ given }) => given[0])).toEqual([
			Uint8Array.of(1),
			Uint8Array.of(2)
		]);
		worker.calls[2].answer.resolve([readingOf(2)]);
		worker.calls[1].answer.resolve([readingOf(1)]);
		expect(await Promise.all([first, second])).toEqual([[readingOf(1)], [readingOf(2)]]);
	});

	it('that dies at one batch fails the other too', async () => {
		const { worker, lane } = await readyLane();
		const readings = [lane.read(Uint8Array.of(1), 1), lane.read(Uint8Array.of(2), 1)];
		worker.die('the graphics device was lost');
		for (const reading of readings) await expect(reading).rejects.toThrow('lost');
	});
});

describe('lanes that share weights', () => {
	const packed = { variant: 'relaxed' } as PackedNetwork;
	const request: LaneRequest = { ...REQUEST, backend: 'int8' };

	/** Open a lane and say how the worker was asked. */
	async function openAs(answer: Outcome<Admission>, model = request.model) {
		const opening = openLane({ ...request, model }, startFake);
		const worker = FakeWorker.last;
		const [{ name, given, answer: reply }] = worker.calls;
		reply.resolve(answer);
		const outcome = await opening;
		return { name, given, outcome, close: () => outcome.ok && outcome.value.lane.close() };
	}
	const aModel = () => ({ ...MODEL });
	const packing = succeeded({ ...ADMISSION, packed });

	it('join what the first has packed, without being sent the package', async () => {
		const model = aModel();
		const first = await openAs(packing, model);
		expect(first.name).toBe('open');
		// What is noted of the way of reading does not hold the memory.
		expect(first.outcome).toEqual({
			ok: true,
			value: { lane: expect.anything() as Lane, admission: ADMISSION }
		});
		const second = await openAs(succeeded(ADMISSION), model);
		expect(second).toMatchObject({ name: 'join', given: [model.manifest, packed] });
		expect((await openAs(packing, aModel())).name).toBe('open');
	});

	it('pack anew once all have ended, however they end', async () => {
		const model = aModel();
		const first = await openAs(packing, model);
		const second = await openAs(succeeded(ADMISSION), model);
		first.close();
		first.close();
		const failing = await openAs(failed('backend-failed', { backend: 'int8', detail: '' }), model);
		expect(failing.name).toBe('join');
		second.close();
		expect((await openAs(packing, model)).name).toBe('open');
	});

	it('pack anew when the memory is full', async () => {
		const model = aModel();
		const names: string[] = [];
		for (let i = 0; i <= SHARED_LANES; i++) names.push((await openAs(packing, model)).name);
		const joins = Array.from({ length: SHARED_LANES - 1 }, () => 'join');
		expect(names).toEqual(['open', ...joins, 'open']);
	});

	it('are not those of other backends', async () => {
		const model = aModel();
		await openAs(packing, model);
		const opening = openLane({ ...request, model, backend: 'wasm' }, startFake);
		expect(FakeWorker.last.calls[0].name).toBe('open');
		FakeWorker.last.calls[0].answer.resolve(succeeded(ADMISSION));
		await opening;
	});
});
