import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { csv } from '../../../src/lib/exports/csv';
import { json } from '../../../src/lib/exports/json';
import { INITIAL_VIEW } from '../../../src/lib/worklist/worklist';
import { film, offer, ONE, page, readFilm, store, useFreshDevices } from '../helpers/app';
import { soon } from '../../helpers/soon';

useFreshDevices();

/** The files that were given to the user. */
let saved: { name: string; content: Blob }[] = [];

beforeEach(() => {
	saved = [];
	vi.spyOn(URL, 'createObjectURL').mockImplementation((content) => {
		saved.push({ name: '', content: content as Blob });
		return 'blob:test';
	});
	vi.stubGlobal('document', {
		addEventListener: () => undefined,
		createElement: () => ({
			href: '',
			download: '',
			click() {
				saved.at(-1).name = this.download;
			}
		})
	});
});
afterEach(() => vi.unstubAllGlobals());

describe('a saved list', () => {
	it('has every image whatever is filtered, as CSV or JSON, and counts as saved', async () => {
		await store(ONE);
		const app = await page();
		await readFilm(app);
		expect(app.worklist.unsaved).toBe(true);
		app.view.view = { ...INITIAL_VIEW, search: 'nothing is called so' };
		expect(app.view.rows).toEqual([]);
		app.files.save(csv);
		app.files.save(json);
		expect(saved.map(({ name }) => name.slice(-4))).toEqual(['.csv', 'json']);
		expect(await saved[0].content.text()).toContain('film.jpg');
		expect(JSON.parse(await saved[1].content.text()).images).toHaveLength(1);
		expect(app.worklist.unsaved).toBe(false);
		// The list of sessions knows it, too.
		await soon(async () => {
			await app.sessions.refresh();
			expect(app.sessions.list[0].exported).toBe(true);
		});
	});

	it.each([
		['shared', null, 0],
		['saved instead where the system refuses', 'NotAllowedError', 1],
		['neither where the user closes the sheet', 'AbortError', 0]
	])('can be given to another program: %s', async (_, error, files) => {
		await store(ONE);
		const app = await page();
		await readFilm(app);
		const shared: File[] = [];
		const share = ({ files: given }: { files: File[] }) => {
			shared.push(...given);
			return error ? Promise.reject(new DOMException('', error)) : Promise.resolve();
		};
		Object.assign(navigator, {
			share,
			canShare: ({ files: [one] }: { files: File[] }) => one.type.startsWith('text/csv')
		});
		expect(app.files.canShare(csv)).toBe(true);
		expect(app.files.canShare(json)).toBe(false);
		await app.files.share(csv);
		expect(shared.map(({ name }) => name)).toEqual([expect.stringMatching(/^fieldlens-.*\.csv$/)]);
		expect(await shared[0].text()).toContain('film.jpg');
		expect(saved).toHaveLength(files);
		expect(app.worklist.unsaved).toBe(error === 'AbortError');
		Object.assign(navigator, { share: undefined, canShare: undefined });
	});

	it('is none before there is a model', async () => {
		offer();
		const app = await page();
		app.pipeline.add({ entries: [film], problems: [] });
		expect(app.files.report()).toEqual([]);
		app.files.save(csv);
		expect(saved).toEqual([]);
	});
});
