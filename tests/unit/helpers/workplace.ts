/** The workplace as the pages have it, with lanes, decoders and a site that are made up. */
import { afterEach, beforeAll, beforeEach, expect, vi } from 'vitest';
import { succeeded } from '../../../src/lib/problems/problems';
import type { workplace } from '../../../src/lib/app/app-state.svelte';
import { FakeSite } from './fake-site';
import { FakeDevice, imageOf } from './lanes';
import { examplePackage, type ExamplePackage } from './manifest';
import { emptyStorage } from './storage';

const world = vi.hoisted(() => ({ device: null as FakeDevice | null }));

vi.mock('../../../src/lib/engine/lane', () => ({
	openLane: (request: Parameters<FakeDevice['open']>[0]) => world.device?.open(request)
}));
// Half a second of this machine is too long here.
vi.mock(import('../../../src/lib/sessions/seal'), async (original) => ({
	...(await original()),
	measureIterations: () => Promise.resolve(1000)
}));
vi.mock('../../../src/lib/formats/decoders', () => ({
	Decoders: class {
		warmUp() {
			return undefined;
		}
		close() {
			return undefined;
		}
		prepare() {
			const thumbnail = new Blob();
			const sha256 = '';
			return Promise.resolve(
				succeeded({ pixels: imageOf(1), width: 1, height: 1, thumbnail, sha256 })
			);
		}
	}
}));

export type Workplace = typeof workplace;

export const ONE = examplePackage([500], { id: 'one' });
export const ONE_NEWER = examplePackage([501], { id: 'one', version: '1.3.0' });
export const TWO = examplePackage([600], { id: 'two' });
export const CELLS = examplePackage([700], { id: 'cells', task: 'malaria-cell' });

export const film = {
	path: 'film.jpg',
	open: () => Promise.resolve(new File(['x'], 'film.jpg'))
};

/** Give each test of a file an empty storage and a device of its own. */
export function useFreshDevices(): void {
	// Everything is compiled once: on a busy machine that alone takes longer than a test may.
	beforeAll(() => import('../../../src/lib/app/app-state.svelte'), 60_000);
	beforeEach(async () => {
		await emptyStorage();
		vi.stubGlobal('navigator', { userAgent: 'A browser', hardwareConcurrency: 2 });
		world.device = new FakeDevice({
			webgl: { millisecondsPerImage: 90 },
			wasm: { millisecondsPerImage: 10 }
		});
	});
	afterEach(() => {
		vi.useRealTimers();
		vi.restoreAllMocks();
		vi.unstubAllGlobals();
	});
}

/** Lanes that are open on the device of this test. */
export function openLanes(): FakeDevice['openLanes'] {
	return world.device?.openLanes ?? [];
}

/** The site has these models. */
export function offer(...packages: ExamplePackage[]): void {
	new FakeSite(...packages)
		.open()
		.plan('index.json', () => Response.json({ models: packages.map((p) => p.manifest.id) }))
		.plan('manifest.json', ...packages.map((p) => () => Response.json(p.manifest)));
}

/** The page as it is loaded anew, with this address. */
export async function page(query = ''): Promise<Workplace> {
	vi.resetModules();
	const module = await import('../../../src/lib/app/app-state.svelte');
	await module.workplace.start('', new URLSearchParams(query));
	return module.workplace;
}

/** Store models as earlier visits did. */
export async function store(...packages: ExamplePackage[]): Promise<void> {
	offer(...packages);
	const { library } = await page();
	for (const model of library.models) expect(await library.download(model)).toBe(true);
	offer(...packages);
}

/** Read one film to its end. */
export async function readFilm({ session }: Workplace): Promise<void> {
	session.add({ entries: [film], problems: [] });
	await vi.waitFor(() => expect(session.state).toBe('done'));
}
