import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { soon } from '../../helpers/soon';
import type { Entry } from '../../../src/lib/intake/entries';
import { PRINT_SIDE } from '../../../src/lib/base/limits';
import { failed, succeeded, type Outcome } from '../../../src/lib/problems/problems';
import { PrintJob } from '../../../src/lib/exports/print-job.svelte';

const GRID = { width: 2, height: 2 };
const alive = new Set<string>();
const source = {
	copy: vi.fn<(entry: Entry, side?: number) => Promise<Outcome<Blob>>>(),
	close: vi.fn()
};
const page = (path: string, changes = {}) => ({
	entry: { path, open: () => Promise.reject(new Error()) },
	thumbnail: new Blob(['small']),
	map: Uint8Array.of(0, 0, 255, 0),
	...changes
});

beforeEach(() => {
	alive.clear();
	let count = 0;
	vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
		const address = `blob:${(blob as Blob).type || (blob as Blob).size}-${count++}`;
		alive.add(address);
		return address;
	});
	vi.spyOn(URL, 'revokeObjectURL').mockImplementation((address) => void alive.delete(address));
	vi.stubGlobal(
		'ImageData',
		class {
			colorSpace = 'srgb';
		}
	);
	vi.stubGlobal(
		'OffscreenCanvas',
		class {
			getContext = () => ({ putImageData: () => undefined });
			convertToBlob = () => Promise.resolve(new Blob(['map'], { type: 'image/png' }));
		}
	);
	source.copy.mockReset().mockResolvedValue(succeeded(new Blob(['picture'])));
	source.close.mockReset();
});
afterEach(() => {
	vi.restoreAllMocks();
	vi.unstubAllGlobals();
});

describe('the pictures of a print', () => {
	it('are made one after the other, small enough for paper, each with its map', async () => {
		const job = new PrintJob(source);
		await job.prepare([page('a'), page('b', { map: null })], GRID);
		expect(job.isReady).toBe(true);
		expect(source.copy.mock.calls.map(([{ path }, side]) => [path, side])).toEqual([
			['a', PRINT_SIDE],
			['b', PRINT_SIDE]
		]);
		expect(job.pictures).toEqual([
			{ address: 'blob:7-0', heat: 'blob:image/png-1', problem: null },
			{ address: 'blob:7-2', heat: null, problem: null }
		]);
	});

	it('are the small ones, with the reason, where a file is gone', async () => {
		source.copy.mockResolvedValue(failed('file-gone'));
		const job = new PrintJob(source);
		await job.prepare([page('a'), page('b', { thumbnail: null })], GRID);
		expect(job.pictures[0]).toMatchObject({ problem: { code: 'file-gone' } });
		expect(job.pictures[0].address).toMatch(/^blob:5-/);
		expect(job.pictures[1].address).toBeNull();
		expect(job.isReady).toBe(true);
	});

	it('are let go when the print is closed, also on the way', async () => {
		const job = new PrintJob(source);
		let answer: (outcome: Outcome<Blob>) => void = () => undefined;
		source.copy.mockResolvedValueOnce(succeeded(new Blob(['picture'])));
		source.copy.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
		const prepared = job.prepare([page('a'), page('b'), page('c')], GRID);
		await soon(() => expect(source.copy).toHaveBeenCalledTimes(2));
		job.close();
		answer(succeeded(new Blob(['late'])));
		await prepared;
		expect(alive.size).toBe(0);
		expect(job).toMatchObject({ pictures: [], isReady: false });
		expect(source.close).toHaveBeenCalled();
		expect(source.copy).toHaveBeenCalledTimes(2);
	});
});
