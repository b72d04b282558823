import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sentenceOf } from '../../../src/lib/problems/messages';
import type { Backend } from '../../../src/lib/engine/backends';
import { chooseBackend, choiceMemory, thisDevice } from '../../../src/lib/engine/choice';
import { problem } from '../../../src/lib/problems/problems';
import { FakeDevice, FakeMemory, MODEL, type FakeBackend } from '../helpers/lanes';
import { exampleManifest } from '../helpers/manifest';

const DEVICE = { cores: 2, memoryGigabytes: 8 };
const takes = (millisecondsPerImage: number): FakeBackend => ({ millisecondsPerImage });
const wrong: FakeBackend = {
	millisecondsPerImage: 1,
	refusal: () => problem('backend-wrong', { backend: 'webgl', difference: 3 })
};

let memory: FakeMemory;

async function choose(
	device: FakeDevice,
	forced: Backend | null = null,
	options: Parameters<typeof chooseBackend>[3] = {}
) {
	return chooseBackend(MODEL, forced, device.open, { device: DEVICE, memory, ...options });
}

async function chosen(...given: Parameters<typeof choose>) {
	const outcome = await choose(...given);
	if (!outcome.ok) throw new Error(sentenceOf(outcome.problem));
	return outcome.value;
}

const fates = (trials: { backend: Backend; problem: { code: string } | null }[]) =>
	trials.map(({ backend, problem }) => `${backend} ${problem?.code ?? 'admitted'}`);

beforeEach(() => {
	memory = new FakeMemory();
	vi.stubGlobal('navigator', { userAgent: 'A browser', hardwareConcurrency: 6 });
});
afterEach(() => {
	vi.unstubAllGlobals();
});

describe('the choice', () => {
	it('is the fastest, and the lanes of the others are closed', async () => {
		const device = new FakeDevice({ webgpu: takes(30), webgl: takes(9), wasm: takes(40) });
		const choice = await chosen(device);
		expect(choice).toMatchObject({ backend: 'webgl', lanes: 1 });
		expect(choice.reason).toBe('fastest');
		expect(device.tried).toEqual(['webgpu', 'webgl', 'int8', 'wasm']);
		expect(device.openLanes.map(({ backend }) => backend)).toEqual(['webgl']);
		expect(fates(choice.trials)).toEqual([
			'webgpu admitted',
			'webgl admitted',
			'int8 backend-absent',
			'wasm admitted'
		]);
		choice.first.lane.close();
		expect(device.openLanes).toEqual([]);
	});

	it('counts that the processor has several lanes', async () => {
		// One lane takes 40 ms an image, two side by side 20 ms.
		const device = new FakeDevice({ webgl: takes(30), wasm: takes(40) });
		const choice = await chosen(device);
		expect(choice).toMatchObject({ backend: 'wasm', lanes: 2 });
		expect(choice.trials.map((trial) => trial.millisecondsPerImage)).toEqual([null, 30, null, 20]);
	});

	it('on the processor is the fast way where it reads correctly; the exact one is not even tried', async () => {
		const device = new FakeDevice({ int8: takes(40), wasm: takes(300) });
		const choice = await chosen(device);
		expect(choice).toMatchObject({ backend: 'int8', lanes: 2 });
		expect(choice.reason).toBe('no-graphics');
		expect(device.tried).toEqual(['webgpu', 'webgl', 'int8']);
	});

	it('on the processor is the exact way where the fast one is off', async () => {
		const device = new FakeDevice({ int8: wrong, wasm: takes(300) });
		expect((await chosen(device)).backend).toBe('wasm');
	});

	it('has more lanes in the same memory where each takes less', async () => {
		const device = { cores: 8, memoryGigabytes: 1 };
		const fake = new FakeDevice({ int8: takes(40), wasm: takes(300) });
		expect((await chosen(fake, null, { device })).lanes).toBe(6);
		expect((await chosen(fake, 'wasm', { device })).lanes).toBe(1);
	});

	it('is the first tried where two are equally fast', async () => {
		const device = new FakeDevice({ webgpu: takes(20), webgl: takes(20) });
		expect((await chosen(device)).backend).toBe('webgpu');
		expect(device.openLanes).toHaveLength(1);
	});

	it('is never one that gives wrong figures, however fast', async () => {
		const device = new FakeDevice({ webgpu: wrong, wasm: takes(900) });
		const choice = await chosen(device);
		expect(choice.backend).toBe('wasm');
		expect(fates(choice.trials)).toEqual([
			'webgpu backend-wrong',
			'webgl backend-absent',
			'int8 backend-absent',
			'wasm admitted'
		]);
		expect(choice.reason).toBe('no-graphics');
	});

	it('is never a software renderer, unless it is asked for', async () => {
		const software = { millisecondsPerImage: 1, renderer: 'SwiftShader' };
		const device = new FakeDevice({ webgl: software, wasm: takes(100) });
		expect((await chosen(device)).backend).toBe('wasm');
		expect(await chosen(device, 'webgl')).toMatchObject({
			backend: 'webgl',
			reason: 'chosen'
		});
	});

	it('may be the only way that works', async () => {
		const choice = await chosen(new FakeDevice({ webgl: takes(20) }));
		expect(choice.reason).toBe('only');
	});

	it('names what was tried where nothing works', async () => {
		const outcome = await choose(new FakeDevice({ webgpu: wrong }));
		expect(outcome).toMatchObject({ ok: false, problem: { code: 'no-engine' } });
		const sentence = outcome.ok ? '' : sentenceOf(outcome.problem);
		expect(sentence).toContain('gives wrong figures');
		expect(sentence).toContain('WebGL (graphics chip) is not there');
		expect(sentence).toContain('WebAssembly, exact (processor) is not there');
		expect(memory.choices.size).toBe(0);
	});
});

describe('a backend that is asked for', () => {
	it('is taken without trying the others, even where it is slow', async () => {
		const device = new FakeDevice({ webgpu: takes(1), wasm: takes(1000) });
		const choice = await chosen(device, 'wasm');
		expect(choice).toMatchObject({ backend: 'wasm', reason: 'chosen' });
		expect(device.tried).toEqual(['wasm']);
	});

	it('is not remembered as the best', async () => {
		const device = new FakeDevice({ webgpu: takes(1), wasm: takes(1000) });
		await chosen(device, 'wasm');
		expect((await chosen(device)).backend).toBe('webgpu');
	});

	it('and is absent gives way, and both are listed', async () => {
		const device = new FakeDevice({ wasm: takes(50) });
		const choice = await chosen(device, 'webgpu');
		expect(choice.backend).toBe('wasm');
		expect(fates(choice.trials)).toEqual([
			'webgpu backend-absent',
			'webgl backend-absent',
			'int8 backend-absent',
			'wasm admitted'
		]);
		expect(device.tried).toEqual(['webgpu', 'webgl', 'int8', 'wasm']);
	});

	it('and gives wrong figures is refused all the same', async () => {
		const choice = await chosen(new FakeDevice({ webgpu: wrong, wasm: takes(50) }), 'webgpu');
		expect(choice.backend).toBe('wasm');
	});
});

describe('a choice that was made before', () => {
	it('is used again without trying the others', async () => {
		const device = new FakeDevice({ webgpu: takes(30), webgl: takes(9), wasm: takes(40) });
		const first = await chosen(device);
		device.requests.length = 0;
		const second = await chosen(device);
		expect(device.tried).toEqual(['webgl']);
		expect(second).toMatchObject({ backend: 'webgl', reason: first.reason });
	});

	it('is kept with its figures', async () => {
		await chosen(new FakeDevice({ wasm: takes(40) }));
		const [kept] = memory.choices.values();
		expect(kept).toMatchObject({ backend: 'wasm', millisecondsPerImage: 20 });
		expect(kept.key).toContain(
			'example@1.2.3 by webgpu/webgl/int8/wasm on 2 cores, 8 GB, A browser'
		);
		expect(new Date(kept.measuredAt).toISOString()).toBe(kept.measuredAt);
	});

	it('and does not work any more gives way, and each is listed and tried once', async () => {
		await chosen(new FakeDevice({ webgpu: takes(1), wasm: takes(40) }));
		const device = new FakeDevice({ webgl: takes(70), wasm: takes(40) });
		const choice = await chosen(device);
		expect(choice.backend).toBe('wasm');
		expect(device.tried).toEqual(['webgpu', 'webgl', 'int8', 'wasm']);
		expect(fates(choice.trials)).toEqual([
			'webgpu backend-absent',
			'webgl admitted',
			'int8 backend-absent',
			'wasm admitted'
		]);
		device.requests.length = 0;
		await chosen(device);
		expect(device.tried).toEqual(['wasm']);
	});

	it('of a name that is no backend is made anew', async () => {
		await chosen(new FakeDevice({ wasm: takes(40) }));
		for (const kept of memory.choices.values()) kept.backend = 'abacus';
		expect((await chosen(new FakeDevice({ wasm: takes(40) }))).backend).toBe('wasm');
	});

	it.each([
		['another version of the model', { model: { version: '2.0.0' } }],
		['another model', { model: { id: 'other' } }],
		['a device with more cores', { device: { cores: 8, memoryGigabytes: 8 } }],
		['another browser', { agent: 'Another browser' }]
	])(
		'does not hold for %s',
		async (_, { model = {}, device = DEVICE, agent = 'A browser' }: Other) => {
			await chosen(new FakeDevice({ wasm: takes(40) }));
			vi.stubGlobal('navigator', { userAgent: agent });
			const fake = new FakeDevice({ webgpu: takes(1), wasm: takes(40) });
			const other = { ...MODEL, manifest: exampleManifest(model) };
			const outcome = await chooseBackend(other, null, fake.open, { device, memory });
			expect(outcome).toMatchObject({ value: { backend: 'webgpu' } });
		}
	);

	interface Other {
		model?: { version?: string; id?: string };
		device?: typeof DEVICE;
		agent?: string;
	}
});

describe('a backend that died twice', () => {
	it('is left out', async () => {
		const device = new FakeDevice({ webgpu: takes(1), webgl: takes(50), wasm: takes(40) });
		const choice = await chosen(device, null, { excluded: ['webgpu'] });
		expect(choice.backend).toBe('wasm');
		expect(device.tried).not.toContain('webgpu');
	});

	it('is left out even where it is remembered as the best', async () => {
		const device = new FakeDevice({ webgpu: takes(1), wasm: takes(40) });
		await chosen(device);
		expect((await chosen(device, null, { excluded: ['webgpu'] })).backend).toBe('wasm');
	});

	it('on the processor gives way to the exact one', async () => {
		const device = new FakeDevice({ int8: takes(40), wasm: takes(300) });
		expect((await chosen(device, null, { excluded: ['int8'] })).backend).toBe('wasm');
	});

	it('is better than nothing at all', async () => {
		const fast = new FakeDevice({ int8: takes(40) });
		expect((await chosen(fast, null, { excluded: ['int8'] })).backend).toBe('int8');
		const device = new FakeDevice({ wasm: takes(40) });
		expect((await chosen(device, null, { excluded: ['wasm'] })).backend).toBe('wasm');
	});
});

describe('without storage', () => {
	it('the choice is made each time', async () => {
		// There is no IndexedDB in this test.
		const device = new FakeDevice({ wasm: takes(40) });
		const given = { device: DEVICE, memory: choiceMemory };
		expect((await chosen(device, null, given)).backend).toBe('wasm');
		expect((await chosen(device, null, given)).backend).toBe('wasm');
	});
});

describe('this device', () => {
	it('is what the browser tells', () => {
		expect(thisDevice()).toEqual({ cores: 6, memoryGigabytes: undefined });
		vi.stubGlobal('navigator', { hardwareConcurrency: 0, deviceMemory: 8 });
		expect(thisDevice()).toEqual({ cores: 2, memoryGigabytes: 8 });
	});
});
