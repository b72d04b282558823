import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Entry } from '../../../src/lib/intake/entries';
import type { Pictures } from '../../../src/lib/formats/pictures';
import { failed, problem, succeeded, type Outcome } from '../../../src/lib/problems/problems';
import { ShownPicture } from '../../../src/lib/viewer/shown-picture.svelte';

const entry = (path: string): Entry => ({ path, open: () => Promise.reject(new Error()) });
const row = (path: string, thumbnail: Blob | null = new Blob([path])) => ({
	entry: entry(path),
	thumbnail
});
const alive = new Set<string>();
let opens: (entry: Entry) => Promise<Outcome<Blob>>;
let copies: () => Promise<Outcome<Blob>>;
let shown: ShownPicture;

beforeEach(() => {
	alive.clear();
	let count = 0;
	vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
		const address = `blob:${(blob as Blob).size}-${count++}`;
		alive.add(address);
		return address;
	});
	vi.spyOn(URL, 'revokeObjectURL').mockImplementation((address) => void alive.delete(address));
	opens = () => Promise.resolve(succeeded(new Blob(['file'])));
	copies = () => Promise.resolve(succeeded(new Blob(['a copy'])));
	shown = new ShownPicture({
		open: (one: Entry) => opens(one),
		copy: () => copies(),
		prepare: vi.fn()
	} as unknown as Pictures);
});
afterEach(() => vi.restoreAllMocks());

describe('the picture in the viewer', () => {
	it('is the file, one at a time', async () => {
		await shown.show(row('a'));
		expect(shown).toMatchObject({ address: 'blob:4-0', problem: null, isSmall: false });
		await shown.show(row('b'));
		expect([...alive]).toEqual([shown.address]);
		shown.clear();
		expect(alive.size).toBe(0);
	});

	it('is the one asked for last, however late the others come', async () => {
		const answers: (() => void)[] = [];
		opens = ({ path }) =>
			new Promise((resolve) => answers.push(() => resolve(succeeded(new Blob([path])))));
		const both = [shown.show(row('long')), shown.show(row('b'))];
		answers[1]();
		answers[0]();
		await Promise.all(both);
		expect(shown.address).toMatch(/^blob:1-/);
		expect(alive.size).toBe(1);
	});

	it('is the small one, with the reason, where the file is gone', async () => {
		opens = () => Promise.resolve(failed('file-gone'));
		await shown.show(row('small'));
		expect(shown).toMatchObject({ isSmall: true, problem: { code: 'file-gone' } });
		expect(shown.address).toMatch(/^blob:5-/);
		await shown.show(row('none', null));
		expect(shown).toMatchObject({ address: null, isSmall: true });
	});

	it.each(['image-too-large', 'image-not-finished', 'image-not-opened'] as const)(
		'is never a file that may end the page, nor is it got ready: %s',
		async (code) => {
			vi.stubGlobal('requestIdleCallback', (work: () => void) => work());
			const ahead: Entry[] = [];
			const opened: Entry[] = [];
			shown = new ShownPicture({
				open: (one: Entry) => {
					opened.push(one);
					return opens(one);
				},
				prepare: (one: Entry) => ahead.push(one)
			} as unknown as Pictures);
			await shown.show({ ...row('small'), problem: problem(code) });
			expect(shown).toMatchObject({ isSmall: true, problem: { code } });
			expect(shown.address).toMatch(/^blob:5-/);
			shown.prepare({ ...row('other'), problem: problem(code) });
			expect([opened, ahead]).toEqual([[], []]);
			const torn = { ...row('torn'), problem: problem('truncated-image') };
			shown.prepare(torn);
			expect(ahead).toEqual([torn.entry]);
			await shown.show(torn);
			expect(shown).toMatchObject({ isSmall: false, problem: null });
			vi.unstubAllGlobals();
		}
	);

	it('is a copy where the browser fails on the file, then the small one', async () => {
		await shown.show(row('small'));
		await shown.broken();
		expect(shown.address).toMatch(/^blob:6-/);
		expect(shown.isSmall).toBe(false);
		await shown.broken();
		expect(shown).toMatchObject({ isSmall: true, problem: { code: 'damaged-image' } });
		await shown.broken();
		expect(shown.address).toBeNull();
		expect(alive.size).toBe(0);
	});
});
