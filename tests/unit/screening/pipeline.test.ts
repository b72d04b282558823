import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { soon } from '../../helpers/soon';
import { FIRST_CORNERS, type Corners, type FilmPlace } from '../../../src/lib/intake/corners';
import type { PixelRule } from '../../../src/lib/pixels/model-input';
import { EntryError, type Entry } from '../../../src/lib/intake/entries';
import type { Prepared } from '../../../src/lib/formats/decode';
import { factsOfImage } from '../../../src/lib/formats/facts';
import { failed, problem, succeeded, type Outcome } from '../../../src/lib/problems/problems';
import { probabilityOf } from '../../../src/lib/reading/score';
import { newRow, reasonOf, rowCategory } from '../../../src/lib/worklist/row';
import type { Backend } from '../../../src/lib/engine/backends';
import { ScreeningPipeline } from '../../../src/lib/screening/pipeline.svelte';
import type { DecoderPool } from '../../../src/lib/screening/reader';
import { ReadingEngine } from '../../../src/lib/screening/reading-engine.svelte';
import { Worklist } from '../../../src/lib/worklist/list.svelte';
import { FakeDevice, imageOf, MODEL, readingOf } from '../helpers/lanes';
import { FakeRecorder } from '../helpers/recorder';
import { fakeRegions, LUNGS, withRegion } from '../helpers/regions';
import { reviewOf } from '../helpers/rows';

/** What stands for the workers: the device's lanes, and the decoders. */
const world = {
	device: new FakeDevice({}),
	regions: fakeRegions(),
	/** What the decoders were asked for. */
	rules: [] as PixelRule[],
	decode: (file: File, marked: FilmPlace): Promise<Outcome<Prepared>> => {
		void marked;
		return Promise.reject(new Error(file.name));
	},
	/** Decoders at work now, and at most so far. */
	decoding: 0,
	mostDecoding: 0
};

const decoders: DecoderPool = {
	warmUp: () => undefined,
	close: () => undefined,
	async prepare(file, rule, marked) {
		world.rules.push(rule);
		world.mostDecoding = Math.max(world.mostDecoding, ++world.decoding);
		try {
			return await world.decode(file, marked);
		} finally {
			world.decoding--;
		}
	}
};

/** The pixels of `film 7.jpg` say 7. */
const numberOf = (name: string) => Number(/\d+/.exec(name)?.[0] ?? 0);
const decoded = (file: File, corners: Corners | null = null): Outcome<Prepared> =>
	succeeded({
		corners,
		pixels: imageOf(numberOf(file.name)),
		width: 640,
		height: 480,
		thumbnail: new Blob([file.name]),
		facts: null,
		source: { size: file.size, modified: file.lastModified, sha256: `sum of ${file.name}` }
	});

const opened: string[] = [];
function entry(path: string): Entry {
	return {
		path,
		open: () => {
			opened.push(path);
			return Promise.resolve(new File(['x'], path));
		}
	};
}
const films = (count: number, from = 0) =>
	Array.from({ length: count }, (_, i) => entry(`film ${from + i}.jpg`));

/** A promise that the test settles. */
function gate(): { passed: Promise<void>; open: () => void } {
	let open: () => void = () => undefined;
	const passed = new Promise<void>((resolve) => (open = resolve));
	return { passed, open };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
async function settled(): Promise<void> {
	for (let i = 0; i < 30; i++) await turn();
}

let worklist: Worklist;
let recorder: FakeRecorder;
let pipeline: ScreeningPipeline;

const add = (...entries: Entry[]) => pipeline.add({ entries, problems: [] });
const statuses = () => worklist.rows.map(({ status }) => status);
const countOf = (status: string) => statuses().filter((each) => each === status).length;
const untilDone = () => soon(() => expect(pipeline.state).toBe('done'));

async function started(forced: Backend | null = null) {
	await pipeline.useModel(MODEL, forced);
}

beforeEach(() => {
	vi.stubGlobal('navigator', { userAgent: 'A browser', hardwareConcurrency: 2 });
	world.device = new FakeDevice({ wasm: { millisecondsPerImage: 10 } });
	world.decode = (file) => Promise.resolve(decoded(file));
	world.decoding = world.mostDecoding = 0;
	world.regions = fakeRegions();
	world.rules = [];
	opened.length = 0;
	worklist = new Worklist();
	recorder = new FakeRecorder();
	const engine = new ReadingEngine({
		openLane: (request) => world.device.open(request),
		openDecoders: () => decoders,
		openRegion: (model, exact) => world.regions.open(model, exact)
	});
	pipeline = new ScreeningPipeline(engine, worklist, recorder);
});
afterEach(() => {
	pipeline.closeEngine();
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

describe('a screening', () => {
	it('gives every film a score, a picture and the time', async () => {
		await started();
		add(...films(25));
		expect(pipeline.state).toBe('running');
		await untilDone();
		expect(worklist.rows.map(({ path }) => path)).toEqual(films(25).map(({ path }) => path));
		for (const [i, row] of worklist.rows.entries()) {
			const { logits } = readingOf(i);
			expect(row).toMatchObject({ status: 'done', backend: 'wasm', width: 640, height: 480 });
			expect(row.probability).toBe(probabilityOf(logits, MODEL.manifest));
			expect(row.distance).toBe(i / 10);
			expect(await row.thumbnail?.text()).toBe(row.path);
			expect(new Date(row.time).toISOString()).toBe(row.time);
		}
		expect([worklist.total, worklist.finishedCount]).toEqual([25, 25]);
	});

	it('begins idle, and stays so where nothing was found, and says that', async () => {
		await started();
		add();
		expect(pipeline.state).toBe('idle');
		expect(pipeline.problems.map(({ code }) => code)).toEqual(['nothing-added']);
	});

	it('shows what could not be looked into', async () => {
		await started();
		const unreadable = problem('folder-unreadable', { path: 'stick' });
		pipeline.add({ entries: films(1), problems: [unreadable] });
		expect(pipeline.problems).toEqual([unreadable]);
		await untilDone();
	});

	it('keeps files that come before the model, and reads them when it is there', async () => {
		add(...films(5));
		await settled();
		expect([pipeline.state, pipeline.engine.state]).toEqual(['running', 'none']);
		expect(opened).toEqual([]);
		await started();
		expect(pipeline.engine.state).toBe('ready');
		await untilDone();
		expect(countOf('done')).toBe(5);
	});

	it('goes on with files that are added while it reads, and after it is done', async () => {
		await started();
		add(...films(3));
		add(...films(3, 3));
		await untilDone();
		add(...films(2, 6));
		expect(pipeline.state).toBe('running');
		await untilDone();
		expect(countOf('done')).toBe(8);
	});

	it('keeps two files of one path apart', async () => {
		await started();
		add(...films(1));
		add(...films(1));
		await untilDone();
		expect(worklist.rows.map(({ path }) => path)).toEqual(['film 0.jpg', 'film 0 (2).jpg']);
	});

	it('opens a file when its turn comes, and few at a time', async () => {
		const held = gate();
		world.device = new FakeDevice({
			wasm: { millisecondsPerImage: 10, beforeRead: () => held.passed }
		});
		await started();
		add(...films(500));
		await settled();
		expect(opened.length).toBeLessThan(10);
		held.open();
		await untilDone();
		expect(world.mostDecoding).toBe(1);
		expect(new Set(opened).size).toBe(500);
	});

	it('has a decoder for two lanes of the processor', async () => {
		vi.stubGlobal('navigator', { userAgent: 'A browser', hardwareConcurrency: 6 });
		world.decode = async (file) => {
			await turn();
			return decoded(file);
		};
		await started();
		const lanes = pipeline.engine.choice?.lanes ?? 0;
		expect(lanes).toBeGreaterThan(2);
		add(...films(60));
		await untilDone();
		expect(world.mostDecoding).toBe(Math.ceil(lanes / 2));
	});

	it('lets results wait to be kept together, but for the last one', async () => {
		await started();
		add(...films(5));
		await untilDone();
		const { commits } = recorder;
		expect(commits.map(({ canWait }) => canWait)).toEqual([true, true, true, true, false]);
		expect(commits.flatMap(({ ids }) => ids).sort()).toEqual([0, 1, 2, 3, 4]);
	});

	it('decodes ahead of a graphics chip, with several decoders', async () => {
		vi.stubGlobal('navigator', { userAgent: 'A browser', hardwareConcurrency: 8 });
		world.device = new FakeDevice({ webgpu: { millisecondsPerImage: 1 } });
		world.decode = async (file) => {
			await turn();
			return decoded(file);
		};
		await started();
		add(...films(100));
		await untilDone();
		expect(world.mostDecoding).toBe(4);
		expect(countOf('done')).toBe(100);
	});
});

describe('what a file says of itself', () => {
	const facts = { ...factsOfImage({ frames: 2, ownRange: false })!, age: 34 };

	it('is kept on its row', async () => {
		world.decode = (file) => {
			const outcome = decoded(file);
			return Promise.resolve(outcome.ok ? succeeded({ ...outcome.value, facts }) : outcome);
		};
		await started();
		add(...films(2));
		await untilDone();
		expect(worklist.rows[1]).toMatchObject({ facts, overruled: false });
	});
});

describe('a film that is marked in its photograph', () => {
	const corners = FIRST_CORNERS;

	it('is read again alone, and what a person said of it stays', async () => {
		const asked: FilmPlace[] = [];
		world.decode = (file, marked) => {
			asked.push(marked);
			return Promise.resolve(decoded(file, marked === 'find' ? null : marked));
		};
		await started();
		add(...films(2));
		await untilDone();
		const review = reviewOf('present');
		worklist.put({ ...worklist.rows[1], review });
		pipeline.crop(1, corners);
		expect(worklist.rows[1]).toMatchObject({ probability: null, map: null, thumbnail: null });
		expect(pipeline.state).toBe('running');
		await untilDone();
		expect(worklist.rows[1]).toMatchObject({ status: 'done', corners, review });
		expect(worklist.rows[1].probability).not.toBeNull();
		// The viewer and the print open the film alone, too.
		expect(worklist.rows[1].entry.corners).toEqual(corners);
		expect(worklist.rows[0].corners).toBeNull();
		pipeline.crop(1, null);
		await untilDone();
		expect(worklist.rows[1].corners).toBeNull();
		expect(asked).toEqual([null, null, corners, null]);
	});

	it('is found by the program in all photographs at once, but in what a person marked', async () => {
		const asked: FilmPlace[] = [];
		world.decode = (file, marked) => {
			asked.push(marked);
			// Of the third no film is found.
			const found = marked === 'find' && file.name !== 'film 2.jpg' ? corners : null;
			return Promise.resolve(decoded(file, marked === 'find' ? found : marked));
		};
		await started();
		add(...films(4));
		await untilDone();
		pipeline.crop(3, corners);
		await untilDone();
		expect(pipeline.photographs.map(({ id }) => id)).toEqual([0, 1, 2]);
		pipeline.findFilms(pipeline.photographs);
		expect(worklist.rows[0]).toMatchObject({ probability: null, findsFilm: true, corners: null });
		await untilDone();
		expect(asked.slice(5)).toEqual(['find', 'find', 'find']);
		expect(worklist.rows.map((row) => [row.findsFilm, row.corners])).toEqual([
			[true, corners],
			[true, corners],
			[true, null],
			[false, corners]
		]);
		// The viewer opens what was read: the film, or all of the picture.
		expect(worklist.rows.map(({ entry }) => entry.corners)).toEqual([
			corners,
			corners,
			null,
			corners
		]);
		expect(pipeline.photographs).toEqual([]);
		// What a person confirms is the person's.
		pipeline.crop(0, corners);
		await untilDone();
		expect(worklist.rows[0]).toMatchObject({ findsFilm: false, corners });
	});

	it('is not read while its row is, or where its file is not on the page', async () => {
		add(...films(1));
		expect(pipeline.canCrop(0)).toBe(false);
		pipeline.crop(0, corners);
		expect(worklist.rows[0].corners).toBeNull();
		pipeline.clear();
		worklist.load([{ ...newRow(0, entry('kept.jpg')), status: 'done', corners }]);
		worklist.finishLoading('own', false);
		expect(pipeline.canCrop(0)).toBe(false);
	});
});

describe('a film in a file that was not read', () => {
	it('can be marked only where the file has pixels', async () => {
		const problems = {
			'a.7z': problem('archive-not-read', { format: '7-Zip' }),
			'torn.jpg': problem('truncated-image'),
			'gone.jpg': problem('file-gone'),
			'grey.jpg': problem('no-colours')
		};
		world.decode = (file) =>
			Promise.resolve({ ok: false, problem: problems[file.name as keyof typeof problems] });
		await started();
		add(...Object.keys(problems).map((path) => entry(path)));
		await untilDone();
		expect(worklist.rows.map(({ id }) => pipeline.canCrop(id))).toEqual([
			false,
			false,
			false,
			true
		]);
	});
});

describe('a file that cannot be read', () => {
	it('and lies in an archive says what is wrong with the archive', async () => {
		await started();
		const locked = new EntryError(problem('archive-encrypted'));
		add({ path: 'a.zip/film 1.jpg', open: () => Promise.reject(locked) });
		await untilDone();
		expect(worklist.rows[0].problem).toEqual(problem('archive-encrypted'));
	});

	it('is left out or failed with its reason, and the rest goes on', async () => {
		world.decode = (file) => {
			if (file.name === 'notes.txt') return Promise.resolve(failed('not-an-image'));
			if (file.name === 'torn.jpg') return Promise.resolve(failed('truncated-image'));
			return Promise.resolve(decoded(file));
		};
		await started();
		const gone: Entry = { path: 'gone.jpg', open: () => Promise.reject(new DOMException('gone')) };
		add(entry('notes.txt'), ...films(1), entry('torn.jpg'), gone, ...films(1, 1));
		await untilDone();
		expect(statuses()).toEqual(['left-out', 'done', 'failed', 'failed', 'done']);
		expect(worklist.rows.map(({ problem }) => problem?.code)).toEqual([
			'not-an-image',
			undefined,
			'truncated-image',
			'file-gone',
			undefined
		]);
		expect(worklist.finishedCount).toBe(5);
	});

	it('is tried again when the user asks, and only that', async () => {
		let plugged = false;
		world.decode = (file) =>
			Promise.resolve(
				plugged || numberOf(file.name) % 2 === 0 ? decoded(file) : failed('image-not-opened')
			);
		await started();
		add(...films(6));
		await untilDone();
		expect(countOf('failed')).toBe(3);
		plugged = true;
		opened.length = 0;
		pipeline.retryFailed();
		expect(pipeline.state).toBe('running');
		await untilDone();
		expect(countOf('done')).toBe(6);
		expect(opened).toEqual(['film 1.jpg', 'film 3.jpg', 'film 5.jpg']);
		expect(worklist.rows.every((row) => row.problem === null)).toBe(true);
		expect(worklist.finishedCount).toBe(6);
		pipeline.retryFailed();
		expect(pipeline.state).toBe('done');
	});

	it('because it kills lanes is named, and the rest goes on', async () => {
		const beforeRead = (_: unknown, ids: number[]) => {
			if (ids.includes(2)) throw new Error('out of memory');
		};
		world.device = new FakeDevice({ wasm: { millisecondsPerImage: 10, beforeRead } });
		await started();
		add(...films(6));
		await untilDone();
		expect(statuses()).toEqual(['done', 'done', 'failed', 'done', 'done', 'done']);
		expect(worklist.rows[2].problem?.code).toBe('image-not-finished');
	});
});

describe('a pause', () => {
	it('opens no more files until it is over', async () => {
		await started();
		let reads = 0;
		world.decode = (file) => {
			if (++reads === 5) pipeline.pause();
			return Promise.resolve(decoded(file));
		};
		add(...films(20));
		await settled();
		expect(pipeline.state).toBe('paused');
		expect(opened).toHaveLength(5);
		expect(countOf('done')).toBe(5);
		expect(countOf('waiting')).toBe(15);
		pipeline.goOn();
		await untilDone();
		expect(countOf('done')).toBe(20);
	});

	it('holds for files that are added meanwhile', async () => {
		await started();
		world.decode = (file) => {
			if (numberOf(file.name) === 0) pipeline.pause();
			return Promise.resolve(decoded(file));
		};
		add(...films(3));
		await settled();
		add(...films(3, 3));
		await settled();
		expect([pipeline.state, opened.length]).toEqual(['paused', 1]);
		pipeline.goOn();
		await untilDone();
		expect(countOf('done')).toBe(6);
	});

	it('while the last images are read ends with them, and does not hold what comes later', async () => {
		const held = gate();
		world.device = new FakeDevice({
			wasm: { millisecondsPerImage: 10, beforeRead: () => held.passed }
		});
		await started();
		add(...films(1));
		await settled();
		pipeline.pause();
		expect(pipeline.state).toBe('paused');
		held.open();
		await untilDone();
		add(...films(3, 1));
		await untilDone();
		expect(countOf('done')).toBe(4);
	});

	it('of a screening that does not run is nothing', async () => {
		pipeline.pause();
		expect(pipeline.state).toBe('idle');
		pipeline.goOn();
		expect(pipeline.state).toBe('idle');
	});
});

describe('stopping', () => {
	it('keeps what is done and marks the rest', async () => {
		await started();
		world.decode = (file) => {
			if (numberOf(file.name) === 4) pipeline.stop();
			return Promise.resolve(decoded(file));
		};
		add(...films(10));
		await settled();
		expect(pipeline.state).toBe('done');
		expect(countOf('done') + countOf('stopped')).toBe(10);
		expect(countOf('stopped')).toBeGreaterThanOrEqual(6);
		expect(worklist.finishedCount).toBe(10);
		expect(worklist.rows.at(-1)?.time).toMatch(/^\d{4}-/);
		expect(opened).toHaveLength(5);
	});

	it('while paused ends the pause: what was stopped can be read after all', async () => {
		await started();
		world.decode = (file) => {
			if (numberOf(file.name) === 1) pipeline.pause();
			return Promise.resolve(decoded(file));
		};
		add(...films(6));
		await settled();
		pipeline.stop();
		expect(pipeline.state).toBe('done');
		world.decode = (file) => Promise.resolve(decoded(file));
		pipeline.retryFailed();
		await untilDone();
		expect(countOf('done')).toBe(6);
	});

	it('an image that is in a lane is stopped: its late result changes nothing', async () => {
		const held = gate();
		world.device = new FakeDevice({
			wasm: { millisecondsPerImage: 10, beforeRead: () => held.passed }
		});
		await started();
		add(...films(2));
		await settled();
		pipeline.stop();
		held.open();
		await settled();
		expect(statuses()).toEqual(['stopped', 'stopped']);
		expect(worklist.finishedCount).toBe(2);
	});

	it('of an empty list leaves it idle', () => {
		pipeline.stop();
		expect(pipeline.state).toBe('idle');
	});
});

describe('a new list', () => {
	it('forgets the old one, and late results of it go nowhere', async () => {
		const held = gate();
		world.device = new FakeDevice({
			wasm: {
				millisecondsPerImage: 10,
				beforeRead: (_, ids) => (ids[0] < 9 ? held.passed : undefined)
			}
		});
		await started();
		pipeline.add({ entries: films(4), problems: [problem('folder-unreadable', { path: 'a' })] });
		await settled();
		pipeline.clear();
		expect(pipeline).toMatchObject({ state: 'idle', problems: [], inFlight: 0 });
		expect(worklist).toMatchObject({ rows: [], total: 0, finishedCount: 0, unsaved: false });
		expect(pipeline.engine.state).toBe('ready');
		held.open();
		await settled();
		expect([worklist.total, worklist.unsaved]).toEqual([0, false]);
		add(...films(3, 9));
		await untilDone();
		expect(worklist.rows.map(({ probability }) => probability)).toEqual(
			[9, 10, 11].map((id) => probabilityOf(readingOf(id).logits, MODEL.manifest))
		);
	});

	it('may hold the same names', async () => {
		await started();
		add(...films(2));
		await untilDone();
		pipeline.clear();
		add(...films(2));
		await untilDone();
		expect(worklist.rows.map(({ path }) => path)).toEqual(['film 0.jpg', 'film 1.jpg']);
	});
});

describe('the pace', () => {
	it('of a list does not count the time between two lists', async () => {
		vi.useFakeTimers({ toFake: ['performance'] });
		world.decode = async (file) => {
			vi.advanceTimersByTime(100);
			return decoded(file);
		};
		await started();
		add(...films(10));
		await untilDone();
		expect(pipeline.progress.perMinute).toBeCloseTo(600, 0);
		vi.advanceTimersByTime(3_600_000);
		add(...films(10, 10));
		await untilDone();
		expect(pipeline.progress.perMinute).toBeCloseTo(600, 0);
		expect(pipeline.progress.median).toBe(100);
	});

	it('has no median before two images are read', async () => {
		expect(pipeline.progress.median).toBeNull();
		await started();
		add(...films(1));
		await untilDone();
		expect(pipeline.progress.median).toBeNull();
	});
});

describe('the engine', () => {
	it('that cannot start is told, and the files wait', async () => {
		world.device = new FakeDevice({});
		add(...films(3));
		await started();
		expect(pipeline.engine).toMatchObject({ state: 'failed', problem: { code: 'no-engine' } });
		expect(countOf('waiting')).toBe(3);
		world.device = new FakeDevice({ wasm: { millisecondsPerImage: 10 } });
		await started();
		expect(pipeline.engine).toMatchObject({ state: 'ready', problem: null });
		await untilDone();
		expect(countOf('done')).toBe(3);
	});

	it('that ends on the way is told, and a new one reads what is left', async () => {
		let opens = 0;
		world.device = new FakeDevice({
			wasm: {
				millisecondsPerImage: 10,
				refusal: () =>
					opens++ < 2 ? null : problem('backend-failed', { backend: 'wasm', detail: '' }),
				beforeRead: (_, [id]) => {
					if (id >= 3) throw new Error('out of memory');
				}
			}
		});
		await started();
		add(...films(8));
		await soon(() => expect(pipeline.engine.state).toBe('failed'));
		expect(pipeline.engine.problem?.code).toBe('no-engine');
		world.device = new FakeDevice({ wasm: { millisecondsPerImage: 10 } });
		await started();
		await untilDone();
		expect(countOf('done') + countOf('failed')).toBe(8);
		expect(countOf('done')).toBeGreaterThanOrEqual(6);
	});

	it('can be changed on the way: each image ends once, with its own score', async () => {
		const held = gate();
		world.device = new FakeDevice({
			webgpu: {
				millisecondsPerImage: 1,
				beforeRead: (_, ids) => (ids.includes(5) ? held.passed : undefined)
			},
			wasm: { millisecondsPerImage: 50 }
		});
		await started('webgpu');
		add(...films(20));
		await soon(() => expect(countOf('done')).toBeGreaterThan(0));
		expect(countOf('done')).toBeLessThan(20);
		await started('wasm');
		held.open();
		await untilDone();
		expect(pipeline.engine.choice?.backend).toBe('wasm');
		expect(worklist.finishedCount).toBe(20);
		expect(worklist.rows.map(({ probability }) => probability)).toEqual(
			films(20).map((_, id) => probabilityOf(readingOf(id).logits, MODEL.manifest))
		);
		expect(new Set(worklist.rows.map(({ backend }) => backend))).toEqual(
			new Set(['webgpu', 'wasm'])
		);
	});

	it('shows the way of reading in use', async () => {
		await started();
		expect(pipeline.engine.choice).toMatchObject({ backend: 'wasm', lanes: 2 });
		pipeline.closeEngine();
		expect(pipeline.engine).toMatchObject({ choice: null, state: 'none' });
		expect(world.device.openLanes).toEqual([]);
	});

	it('is that of the last call, however they overlap', async () => {
		const held = gate();
		world.device = new FakeDevice({
			webgpu: { millisecondsPerImage: 1 },
			wasm: { millisecondsPerImage: 50, beforeOpen: () => held.passed }
		});
		const first = pipeline.useModel(MODEL, 'webgpu');
		const second = pipeline.useModel(MODEL, 'wasm');
		await first;
		expect(pipeline.engine.state).toBe('starting');
		held.open();
		await second;
		expect(pipeline.engine.state).toBe('ready');
		await settled();
		expect(pipeline.engine.choice?.backend).toBe('wasm');
		expect(world.device.openLanes.every(({ backend }) => backend === 'wasm')).toBe(true);
	});
});

describe('files that were not read', () => {
	it('say why', () => {
		add(...films(2));
		expect(worklist.rows.map(reasonOf)).toEqual(['Not read yet.', 'Not read yet.']);
		pipeline.stop();
		expect(worklist.rows.map(reasonOf)[0]).toBe('Not read: the reading was stopped.');
	});
});

describe('a list that another tab works on', () => {
	beforeEach(() => {
		worklist.load([newRow(0, entry('kept.jpg'))]);
		worklist.finishLoading('following', true);
	});

	it('takes no files, and says so', () => {
		add(...films(1));
		expect(worklist.total).toBe(1);
		expect(pipeline.state).toBe('following');
		expect(pipeline.problems.map(({ code }) => code)).toEqual(['list-elsewhere']);
	});

	it('is not stopped, cropped or tried again here', () => {
		pipeline.stop();
		pipeline.retryFailed();
		pipeline.crop(0, FIRST_CORNERS);
		expect(statuses()).toEqual(['waiting']);
		expect(recorder.commits).toEqual([]);
	});
});

describe('folders that the browser can open again', () => {
	it('travel with their entries to the recorder', () => {
		const folder = { kind: 'directory', name: 'ward' } as FileSystemHandle;
		pipeline.add({ entries: films(2), problems: [], handles: [folder] });
		expect(recorder.handles).toEqual([folder]);
	});
});

it('prepares one field more where a model reads fields: the lanes have its cells to read', async () => {
	await pipeline.useModel(MODEL, null);
	const wanted = pipeline.engine.reader?.wanted ?? NaN;
	const { manifest } = MODEL;
	await pipeline.useModel({ ...MODEL, manifest: { ...manifest, task: 'malaria-cell' } }, null);
	expect(pipeline.engine.reader?.wanted).toBe(wanted + 1);
});

describe('a model that reads a region of the image', () => {
	const model = withRegion(MODEL, 2);

	it('reads the crop of the working film, and its rows say where it was', async () => {
		const crops = fakeRegions((film) =>
			// Another number than the film's, so that it is seen what the lanes were given.
			succeeded({ region: LUNGS, pixels: imageOf(film[0] + 100), shape: null })
		);
		world.regions = crops;
		await pipeline.useModel(model, null);
		add(...films(3));
		await untilDone();
		expect(crops.opened).toHaveLength(1);
		const [region] = crops.opened;
		expect(region).toMatchObject({ isWarm: true, isClosed: false, exact: false });
		expect(region.model).toMatchObject({
			size: 2,
			crop: { smoothing: 4, margin: 6, reach: 4, percentiles: [1, 99] }
		});
		expect(world.rules.every((rule) => rule.width === 224 && rule.channels === 1)).toBe(true);
		expect(region.films.map(({ aspect }) => aspect)).toEqual([640 / 480, 640 / 480, 640 / 480]);
		for (const [i, row] of worklist.rows.entries()) {
			expect(row.region).toEqual(LUNGS);
			const { logits } = readingOf(i + 100);
			expect(row.probability).toBe(probabilityOf(logits, model.manifest));
		}
	});

	it('has no category for a film without lungs', async () => {
		const region = { ...LUNGS, outlines: [], box: null, notes: ['no-lungs' as const] };
		world.regions = fakeRegions((film) => succeeded({ region, pixels: film, shape: null }));
		await pipeline.useModel(model, null);
		add(...films(1));
		await untilDone();
		const [row] = worklist.rows;
		const [point] = model.manifest.operatingPoints;
		expect(row.status).toBe('done');
		expect(rowCategory(row, point, model.manifest)).toBe('unrecognised');
		expect(rowCategory({ ...row, region: LUNGS }, point, model.manifest)).not.toBe('unrecognised');
	});

	it('reads a film again within outlines that a person drew, and as they are found', async () => {
		const crops = fakeRegions();
		world.regions = crops;
		await pipeline.useModel(model, null);
		add(...films(2));
		await untilDone();
		const drawn = LUNGS.outlines;
		pipeline.redraw(1, drawn);
		await untilDone();
		expect(crops.opened[0].films.map((film) => film.drawn)).toEqual([null, null, drawn]);
		expect(worklist.rows[1]).toMatchObject({ status: 'done', drawn });
		pipeline.redraw(1, null);
		await untilDone();
		expect(crops.opened[0].films.at(-1)?.drawn).toBeNull();
		expect(worklist.rows[1].drawn).toBeNull();
	});

	it('decodes the next file while the region of one is found', async () => {
		let isSecond: () => void = () => undefined;
		const second = new Promise<void>((resolve) => (isSecond = resolve));
		let decodes = 0;
		world.decode = (file) => {
			if (++decodes === 2) isSecond();
			return Promise.resolve(decoded(file));
		};
		await pipeline.useModel(model, null);
		vi.spyOn(world.regions.opened[0], 'find').mockImplementationOnce(async (film) => {
			await second;
			return succeeded({ region: LUNGS, pixels: film, shape: null });
		});
		add(...films(2));
		await untilDone();
		expect(countOf('done')).toBe(2);
	});

	it('says of a file why its region was not found', async () => {
		world.regions = fakeRegions(() => failed('image-not-finished'));
		await pipeline.useModel(model, null);
		add(...films(1));
		await untilDone();
		expect(worklist.rows[0].problem).toEqual(problem('image-not-finished'));
		expect(statuses()).toEqual(['failed']);
	});

	it('finds in floats where floats are asked for, and lets go of the worker', async () => {
		const { opened } = world.regions;
		await pipeline.useModel(model, 'wasm');
		pipeline.closeEngine();
		expect(opened).toMatchObject([{ exact: true, isClosed: true }]);
	});

	it('is refused where this program does not know what it looks for', async () => {
		const strange = structuredClone(model);
		strange.manifest.region!.output.finds = 'hearts';
		await pipeline.useModel(strange, null);
		expect(pipeline.engine.problem?.code).toBe('model-foreign');
		expect(world.regions.opened).toEqual([]);
	});

	it('leaves other models as they are: all of the image is read', async () => {
		await started();
		add(...films(1));
		await untilDone();
		expect(worklist.rows[0].region).toBeNull();
		expect(world.rules[0]).toMatchObject({ width: 2 });
		expect(world.regions.opened).toEqual([]);
	});
});

describe('the places that counted', () => {
	const anything = () => undefined;

	it('are looked for by many readings of one film, beside those of the list', async () => {
		await started();
		add(...films(3));
		await untilDone();
		const readings = () => world.device.lanes.flatMap(({ batches }) => batches.flat()).length;
		const before = readings();
		const done: number[] = [];
		const [film] = films(1, 7);
		const { signal } = new AbortController();
		// The stand-in reads a film by its number alone, which no blur of its one pixel changes.
		const found = await pipeline.engine.reader!.explain(film, signal, (count) => done.push(count));
		expect(found).toEqual(succeeded(null));
		// The film, four patches that its one pixel lies in, and five parts.
		expect(readings() - before).toBe(10);
		expect(done).toEqual(Array.from({ length: 10 }, (_, i) => i + 1));
		expect(statuses()).toEqual(['done', 'done', 'done']);
	});

	it('are not looked for in a file that cannot be read', async () => {
		await started();
		world.decode = () => Promise.resolve(failed('damaged-image'));
		const found = pipeline.engine.reader!.explain(
			films(1, 7)[0],
			new AbortController().signal,
			anything
		);
		expect(await found).toEqual(failed('damaged-image'));
	});

	it.each(['by the person', 'by the end of the list'])('are given up %s', async (by) => {
		const { passed, open } = gate();
		const wasm = { millisecondsPerImage: 10, beforeRead: () => passed };
		world.device = new FakeDevice({ wasm });
		await started();
		const asked = new AbortController();
		const found = pipeline.engine.reader!.explain(films(1, 7)[0], asked.signal, anything);
		const ended = expect(found).rejects.toThrow('not wanted any more');
		await settled();
		if (by === 'by the person') asked.abort(new DOMException('not wanted any more', 'AbortError'));
		else pipeline.engine.drop();
		await ended;
		open();
	});
});
