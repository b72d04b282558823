import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keepShared, removeShared, sharedBatches } from '../../../src/lib/intake/shared-inbox';
import { MAX_SHARED_BYTES, MAX_SHARED_FILES } from '../../../src/lib/base/limits';
import { fakeCaches, type FakeCaches } from '../helpers/caches';

const ROOT = 'https://clinic.example/below/';

let store: FakeCaches;
beforeEach(() => {
	store = fakeCaches();
	vi.stubGlobal('caches', store);
});
afterEach(() => vi.unstubAllGlobals());

function share(...files: File[]): Promise<string> {
	const body = new FormData();
	for (const file of files) body.append('images', file);
	return keepShared(new Request(`${ROOT}share/`, { method: 'POST', body }), ROOT);
}

/** A share whose files only say how large they are. */
function shareOf(files: File[]): Promise<string> {
	const form = { getAll: () => files };
	return keepShared({ formData: () => Promise.resolve(form) } as unknown as Request, ROOT);
}

function fileOfSize(name: string, size: number): File {
	return Object.defineProperty(new File(['x'], name), 'size', { value: size });
}

describe('what is shared', () => {
	it('waits with its names, bytes and types, in order', async () => {
		const names = ['höfte/1?.png', 'صورة.jpg', 'image.jpg', 'image.jpg'];
		const files = names.map((name, i) => new File([`bytes ${i}`], name, { type: 'image/png' }));
		expect(await shareOf(files)).toBe('taken');
		const [{ files: kept }, ...others] = await sharedBatches();
		expect(others).toEqual([]);
		expect(kept.map(({ file }) => file.name)).toEqual(names);
		expect(kept[0].file.type).toBe('image/png');
		expect(kept[0].file.lastModified).toBe(files[0].lastModified);
		expect(await kept[3].file.text()).toBe('bytes 3');
	});

	it('comes as a form does', async () => {
		expect(await share(new File(['a'], 'a.dcm'))).toBe('taken');
		expect((await sharedBatches())[0].files[0].file.name).toBe('a.dcm');
	});

	it('lies below the site, of which several may share a host', async () => {
		await share(new File(['a'], 'a.png'));
		const [{ files }] = await sharedBatches();
		expect(files[0].key.startsWith(`${ROOT}inbox/`)).toBe(true);
	});

	it('is one batch a share, and stays until it is removed', async () => {
		await share(new File(['a'], 'a.png'), new File(['b'], 'b.png'));
		await share(new File(['c'], 'c.png'));
		const batches = await sharedBatches();
		expect(batches.map(({ files }) => files.length).sort()).toEqual([1, 2]);
		const [gone, ...stay] = batches.flatMap(({ files }) => files);
		await removeShared([gone.key]);
		const left = (await sharedBatches()).flatMap(({ files }) => files);
		expect(left.map(({ key }) => key).sort()).toEqual(stay.map(({ key }) => key).sort());
		expect(await gone.file.text()).toMatch(/[abc]/);
	});

	it('holds no file: that is said', async () => {
		expect(await share()).toBe('nothing');
		expect(await shareOf([new File([], '')])).toBe('nothing');
		const body = new FormData();
		body.append('images', 'a text');
		const request = new Request(`${ROOT}share/`, { method: 'POST', body });
		expect(await keepShared(request, ROOT)).toBe('nothing');
		expect(await sharedBatches()).toEqual([]);
	});

	it('is taken up to the limits, and what was cut is said', async () => {
		const many = Array.from(
			{ length: MAX_SHARED_FILES + 1 },
			(_, i) => new File(['x'], `${i}.png`)
		);
		expect(await shareOf(many)).toBe('part');
		expect((await sharedBatches())[0].files).toHaveLength(MAX_SHARED_FILES);
	});

	it('is bounded in bytes, too', async () => {
		const half = Math.ceil(MAX_SHARED_BYTES / 2);
		const files = ['a', 'b', 'c'].map((name) => fileOfSize(name, half));
		expect(await shareOf(files)).toBe('part');
		expect((await sharedBatches())[0].files.map(({ file }) => file.name)).toEqual(['a', 'b']);
	});

	it('leaves nothing behind where the disk is full in the middle', async () => {
		store.room = 1;
		expect(await share(new File(['a'], 'a.png'), new File(['b'], 'b.png'))).toBe('failed');
		expect(await sharedBatches()).toEqual([]);
	});

	it('that is no form at all fails with a word', async () => {
		const request = new Request(`${ROOT}share/`, { method: 'POST', body: 'x' });
		expect(await keepShared(request, ROOT)).toBe('failed');
	});
});
