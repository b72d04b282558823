import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DECODE_TIMEOUT_MS } from '../../../src/lib/base/limits';
import type { Prepared } from '../../../src/lib/formats/decode';
import { Decoders } from '../../../src/lib/formats/decoders';
import { succeeded, type Outcome } from '../../../src/lib/problems/problems';

/** A worker whose answers the test gives. */
class FakeWorker {
	static all: FakeWorker[] = [];
	terminated = false;
	onerror: ((event: ErrorEvent) => unknown) | null = null;
	readonly asked: { file: File; answer: (outcome: Outcome<Prepared>) => void }[] = [];

	constructor() {
		FakeWorker.all.push(this);
	}

	prepare(file: File): Promise<Outcome<Prepared>> {
		return new Promise((answer) => this.asked.push({ file, answer }));
	}

	picture(_file: File, side: number): Promise<Outcome<Blob>> {
		return Promise.resolve(succeeded(new Blob([`${side}`])));
	}

	filmIn(): Promise<Outcome<null>> {
		return Promise.resolve(succeeded(null));
	}

	terminate() {
		this.terminated = true;
	}

	die() {
		this.onerror?.(new Event('error') as ErrorEvent);
	}
}

function newDecoders(count: number): Decoders {
	return new Decoders(count, () => {
		const worker = new FakeWorker();
		return { worker, service: worker };
	});
}

const RULE = { width: 2, height: 2, channels: 1 } as const;
const film = (name: string) => new File(['x'], name);
const image = (name: string): Outcome<Prepared> =>
	succeeded({
		pixels: new TextEncoder().encode(name),
		width: 1,
		height: 1,
		thumbnail: new Blob(),
		facts: null,
		corners: null,
		source: { size: 1, modified: 0, sha256: '' }
	});
const settled = () => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
	FakeWorker.all = [];
});
afterEach(() => {
	vi.useRealTimers();
});

describe('decode workers', () => {
	it('are started when they are needed, and no more than allowed', async () => {
		const decoders = newDecoders(2);
		expect(FakeWorker.all).toHaveLength(0);
		const images = ['a', 'b', 'c'].map((name) => decoders.prepare(film(name), RULE));
		await settled();
		expect(FakeWorker.all).toHaveLength(2);
		expect(FakeWorker.all.map(({ asked }) => asked.length)).toEqual([1, 1]);

		FakeWorker.all[1].asked[0].answer(image('b'));
		expect(await images[1]).toEqual(image('b'));
		await settled();
		expect(FakeWorker.all[1].asked[1].file.name).toBe('c');
		FakeWorker.all[1].asked[1].answer(image('c'));
		FakeWorker.all[0].asked[0].answer(image('a'));
		expect(await Promise.all(images)).toEqual([image('a'), image('b'), image('c')]);
	});

	it('make pictures to look at too', async () => {
		const made = await newDecoders(1).picture(film('a'), 4096);
		expect(made.ok && (await made.value.text())).toBe('4096');
	});

	it('are used again', async () => {
		const decoders = newDecoders(2);
		decoders.warmUp();
		decoders.warmUp();
		for (const name of ['a', 'b', 'c']) {
			const prepared = decoders.prepare(film(name), RULE);
			await settled();
			FakeWorker.all[0].asked.at(-1).answer(image(name));
			expect(await prepared).toEqual(image(name));
		}
		expect(FakeWorker.all).toHaveLength(1);
	});

	it('are replaced when they die, and the image is named', async () => {
		const decoders = newDecoders(1);
		const first = decoders.prepare(film('a'), RULE);
		const second = decoders.prepare(film('b'), RULE);
		await settled();
		FakeWorker.all[0].die();
		expect(await first).toMatchObject({ ok: false, problem: { code: 'image-not-opened' } });
		await settled();
		expect(FakeWorker.all).toHaveLength(2);
		expect(FakeWorker.all[0].terminated).toBe(true);
		FakeWorker.all[1].asked[0].answer(image('b'));
		expect(await second).toEqual(image('b'));

		// And with nothing waiting, when the next image comes.
		const third = decoders.prepare(film('c'), RULE);
		await settled();
		FakeWorker.all[1].die();
		await third;
		const fourth = decoders.prepare(film('d'), RULE);
		await settled();
		expect(FakeWorker.all).toHaveLength(3);
		FakeWorker.all[2].asked[0].answer(image('d'));
		expect(await fourth).toEqual(image('d'));
	});

	it('are replaced when they hang, and the image is named', async () => {
		vi.useFakeTimers();
		const decoders = newDecoders(1);
		const hung = decoders.prepare(film('a'), RULE);
		await vi.advanceTimersByTimeAsync(DECODE_TIMEOUT_MS - 1);
		expect(FakeWorker.all[0].terminated).toBe(false);
		await vi.advanceTimersByTimeAsync(1);
		expect(await hung).toMatchObject({ ok: false, problem: { code: 'image-not-opened' } });
		expect(FakeWorker.all[0].terminated).toBe(true);
	});

	it('end when they are closed: the idle at once, the busy after their image', async () => {
		const decoders = newDecoders(2);
		const busy = decoders.prepare(film('a'), RULE);
		const other = decoders.prepare(film('b'), RULE);
		await settled();
		FakeWorker.all[1].asked[0].answer(image('b'));
		await other;
		decoders.close();
		expect(FakeWorker.all.map(({ terminated }) => terminated)).toEqual([false, true]);
		FakeWorker.all[0].asked[0].answer(image('a'));
		expect(await busy).toEqual(image('a'));
		expect(FakeWorker.all[0].terminated).toBe(true);
	});
});
