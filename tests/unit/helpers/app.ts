/** The program's state as a page has it, with lanes, decoders and a site that are made up. */
import { noRegion } from './regions';
import { emptyStorage } from './storage';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import { soon } from '../../helpers/soon';
import { AppState } from '../../../src/lib/app/app-state.svelte';
import { failed, succeeded } from '../../../src/lib/problems/problems';
import type { DecoderPool } from '../../../src/lib/screening/reader';
import { dropKey } from '../../../src/lib/sessions/keyring';
import { FakeSite } from './fake-site';
import { FakeDevice, imageOf } from './lanes';
import { exampleManifest, examplePackage, type ExamplePackage } from './manifest';
import { FakeTabs } from './tabs';

export const ONE = examplePackage([500], { id: 'one' });
export const ONE_NEWER = examplePackage([501], { id: 'one', version: '1.3.0' });
export const TWO = examplePackage([600], { id: 'two' });
export const CELLS = examplePackage([700], {
	id: 'cells',
	task: 'malaria-cell',
	classifier: {
		input: { ...exampleManifest().classifier.input, channels: 3, mean: [0, 0, 0], std: [1, 1, 1] }
	}
});

export const film = {
	path: 'film.jpg',
	open: () => Promise.resolve(new File(['x'], 'film.jpg'))
};

const decoders: DecoderPool = {
	warmUp: () => undefined,
	close: () => undefined,
	prepare: (file) =>
		Promise.resolve(
			succeeded({
				pixels: imageOf(1),
				width: 1,
				height: 1,
				thumbnail: new Blob(),
				facts: null,
				corners: null,
				source: { size: file.size, modified: file.lastModified, sha256: '' }
			})
		)
};

let device = new FakeDevice({});
let tabs = new FakeTabs();

/** Give each test of a file an empty storage, and a device and a browser of its own. */
export function useFreshDevices(): void {
	beforeEach(async () => {
		await emptyStorage();
		vi.stubGlobal('navigator', { userAgent: 'A browser', hardwareConcurrency: 2 });
		device = new FakeDevice({
			webgl: { millisecondsPerImage: 90 },
			wasm: { millisecondsPerImage: 10 }
		});
		tabs = new FakeTabs();
	});
	afterEach(() => {
		vi.useRealTimers();
		vi.restoreAllMocks();
		vi.unstubAllGlobals();
	});
}

/** Lanes that are open on the device of this test. */
export function openLanes(): FakeDevice['openLanes'] {
	return device.openLanes;
}

/** The site has these models. */
export function offer(...packages: ExamplePackage[]): void {
	new FakeSite(...packages)
		.open()
		.plan('index.json', () => Response.json({ models: packages.map((p) => p.manifest.id) }))
		.plan('manifest.json', ...packages.map((p) => () => Response.json(p.manifest)));
}

/** A state that was not started: a tab of the browser of this test, or of another. */
export function newApp(of: FakeTabs = tabs): AppState {
	return new AppState({
		openLane: (request) => device.open(request),
		openDecoders: () => decoders,
		openRegion: noRegion,
		tabs: of,
		// Half a second of this machine is too long here.
		measureIterations: () => Promise.resolve(1000),
		runStudy: () => Promise.resolve(failed('study-failed', { detail: 'none here' }))
	});
}

/** The only page of the browser as it is loaded anew, with this address. */
export async function page(query = ''): Promise<AppState> {
	// What the page held in memory is gone.
	dropKey();
	tabs = new FakeTabs();
	const app = newApp();
	await app.start('', new URLSearchParams(query));
	return app;
}

/** Store models as earlier visits did. */
export async function store(...packages: ExamplePackage[]): Promise<void> {
	offer(...packages);
	const { library } = await page();
	for (const model of library.models) expect(await library.download(model)).toBe(true);
	offer(...packages);
}

/** What the page shows of a screening, in one. */
export function screeningOf({ pipeline, worklist }: AppState) {
	const { state: engine, choice, problem: engineProblem } = pipeline.engine;
	const { total, manifest } = worklist;
	return { state: pipeline.state, total, manifest, engine, choice, engineProblem };
}

/** Read one film to its end. */
export async function readFilm({ pipeline }: AppState): Promise<void> {
	pipeline.add({ entries: [film], problems: [] });
	await soon(() => expect(pipeline.state).toBe('done'));
}
