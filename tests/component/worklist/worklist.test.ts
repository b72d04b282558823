/** The list of files: any length, with keys alone, filtered and sorted. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import type { Row } from '../../../src/lib/worklist/row';
import { readRow, reviewedRow, rowAt } from '../../unit/helpers/rows';
import { areApart, boxOf, drawn, isWithin } from '../helpers/geometry';
import { showLocale } from '../helpers/locale';
import { pictureOf } from '../helpers/pictures';
import ListHost from './ListHost.svelte';
import { soon } from '../../helpers/soon';

const table = page.getByRole('table');
const tableElement = () => table.element() as HTMLElement;
const rowElements = () => [...document.querySelectorAll<HTMLElement>('[role=row][data-path]')];
const paths = () =>
	rowElements()
		.sort((a, b) => boxOf(a).top - boxOf(b).top)
		.map(({ dataset }) => dataset.path);

async function shown(rows: Row[]) {
	const onShow = vi.fn<(row: Row) => void>();
	await render(ListHost, { rows, onShow });
	await drawn();
	return onShow;
}

beforeEach(() => page.viewport(1000, 800));

describe('a list of 10,000 files', () => {
	const COUNT = 10_000;
	/** The urgent ones first: the file's number is its place. */
	const long = () => Array.from({ length: COUNT }, (_, i) => readRow(i, 1 - i / COUNT));

	/** What is under a place of the list's window, from 0 (its top) to 1. */
	function rowUnder(share: number): HTMLElement | null {
		const { left, top, width, height } = boxOf(tableElement());
		const found = document.elementFromPoint(left + width / 2, top + share * height);
		return found?.closest<HTMLElement>('[role=row]') ?? null;
	}

	it('has only what is in sight in the page, and says how many there are', async () => {
		await shown(long());
		expect(rowElements().length).toBeLessThan(60);
		expect(tableElement().getAttribute('aria-rowcount')).toBe(String(COUNT + 1));
	});

	it('can be scrolled to any place, with no gap in sight', async () => {
		await shown(long());
		const scroller = tableElement();
		for (const place of [0.1, 0.5, 0.987, 1]) {
			scroller.scrollTop = place * (scroller.scrollHeight - scroller.clientHeight);
			await drawn();
			for (const share of [0.15, 0.4, 0.7, 0.97]) {
				expect(rowUnder(share)?.dataset.path, `${place} ${share}`).toMatch(/^film \d+\.jpg$/);
			}
		}
		expect(rowUnder(0.97)?.dataset.path).toBe(`film ${COUNT - 1}.jpg`);
	});

	it('numbers the rows by their place in the list, not in the page', async () => {
		await shown(long());
		tableElement().scrollTop = 300_000;
		await drawn();
		const all = rowElements();
		expect(all.length).toBeGreaterThan(5);
		for (const { ariaRowIndex, dataset } of all) {
			// The heads of the columns are the first row.
			expect(dataset.path).toBe(`film ${Number(ariaRowIndex) - 2}.jpg`);
		}
	});

	it('keeps the heads of the columns in sight', async () => {
		await shown(long());
		tableElement().scrollTop = 100_000;
		await drawn();
		const head = boxOf(page.getByRole('button', { name: 'Score' }));
		expect(isWithin(head, boxOf(table))).toBe(true);
	});
});

describe('with keys alone', () => {
	it('the list scrolls, and a file is opened', async () => {
		const onShow = await shown(Array.from({ length: 500 }, (_, i) => readRow(i, 1 - i / 500)));
		tableElement().focus();
		await userEvent.keyboard('{End}');
		// Chromium scrolls in an animation, which a key that comes before its end may cut short.
		const { scrollHeight, clientHeight } = tableElement();
		const end = scrollHeight - clientHeight;
		await soon(() => expect(tableElement().scrollTop).toBeGreaterThanOrEqual(end - 1));
		await soon(() => expect(paths().at(-1)).toBe('film 499.jpg'));
		await userEvent.keyboard('{Home}');
		await soon(() => expect(tableElement().scrollTop).toBe(0));
		await soon(() => expect(paths()[0]).toBe('film 0.jpg'));
		const view = page.getByRole('button', { name: 'View film 0.jpg', exact: true });
		for (let i = 0; i < 10 && document.activeElement !== view.query(); i++) {
			await userEvent.tab();
		}
		await userEvent.keyboard('{Enter}');
		expect(onShow).toHaveBeenCalledOnce();
		expect(onShow.mock.lastCall![0].path).toBe('film 0.jpg');
	});
});

describe('the filters', () => {
	const rows = () => [
		readRow(0, 0.9, 'ward/a.jpg'),
		readRow(1, 0.8, 'ward/b.jpg'),
		readRow(2, 0.5, 'c.jpg'),
		reviewedRow(3, 0.1, 'absent'),
		rowAt(4, 'waits.jpg')
	];
	const filter = (name: string | RegExp) => page.getByRole('button', { name });

	it('say how many files they show, and show those', async () => {
		await shown(rows());
		for (const [name, wanted] of [
			[/^Likely 2$/, ['ward/a.jpg', 'ward/b.jpg']],
			[/^Uncertain 1$/, ['c.jpg']],
			[/^Not seen 1$/, ['film 3.jpg']]
		] as const) {
			await filter(name).click();
			await expect.element(filter(name)).toHaveAttribute('aria-pressed', 'true');
			expect(paths()).toEqual(wanted);
		}
	});

	it('find a file by any part of its path, in capitals or not', async () => {
		await shown(rows());
		await page.getByRole('searchbox').fill('WARD/');
		await soon(() => expect(paths()).toEqual(['ward/a.jpg', 'ward/b.jpg']));
		await page.getByRole('searchbox').fill('nowhere');
		await soon(() => expect(paths()).toEqual([]));
		await expect.element(page.getByText('Nothing to show here.')).toBeVisible();
	});

	it('part what was reviewed from what was not', async () => {
		await shown(rows());
		await page.getByRole('combobox').selectOptions('reviewed');
		await soon(() => expect(paths()).toEqual(['film 3.jpg']));
	});
});

describe('the order', () => {
	it('is turned round by the head of the column, which says so', async () => {
		await shown([readRow(0, 0.2), readRow(1, 0.9), readRow(2, 0.5)]);
		const head = page.getByRole('columnheader', { name: 'Score' });
		await expect.element(head).toHaveAttribute('aria-sort', 'descending');
		expect(paths()).toEqual(['film 1.jpg', 'film 2.jpg', 'film 0.jpg']);
		await page.getByRole('button', { name: 'Score' }).click();
		await expect.element(head).toHaveAttribute('aria-sort', 'ascending');
		expect(paths()).toEqual(['film 0.jpg', 'film 2.jpg', 'film 1.jpg']);
		await page.getByRole('button', { name: 'File' }).click();
		await expect.element(head).toHaveAttribute('aria-sort', 'none');
		expect(paths()).toEqual(['film 0.jpg', 'film 1.jpg', 'film 2.jpg']);
	});
});

describe('a row', () => {
	const LONG = `${'a very long name of a folder/'.repeat(4)}${'film of a patient '.repeat(8)}.jpg`;
	const samples = () => [
		readRow(0, 0.93, LONG),
		readRow(1, 0.5, 'صورة الصدر 12.jpg'),
		reviewedRow(2, 0.1, 'present'),
		rowAt(3, LONG.replace('film', 'broken'), {
			status: 'failed',
			problem: { code: 'not-an-image' }
		})
	];

	for (const width of [360, 700, 1000]) {
		for (const locale of ['en', 'ar', 'fr'] as const) {
			it(`has no part over another at ${width} pixels, in ${locale}`, async () => {
				await page.viewport(width, 800);
				showLocale(locale);
				await shown(samples());
				for (const row of rowElements()) {
					const parts = [
						...row.querySelectorAll<HTMLElement>('.name, .reason, .chip, button, img')
					];
					expect(parts.length).toBeGreaterThan(2);
					parts.forEach((part, i) => {
						expect(isWithin(boxOf(part), boxOf(row)), part.outerHTML).toBe(true);
						for (const other of parts.slice(i + 1)) {
							expect(areApart(boxOf(part), boxOf(other)), other.outerHTML).toBe(true);
						}
					});
				}
			});
		}
	}

	it('of a file that could not be read says why and what to do, and has no score', async () => {
		await shown([rowAt(0, 'a.jpg', { status: 'failed', problem: { code: 'not-an-image' } })]);
		const row = page.getByRole('row', { name: /a\.jpg/ });
		const reason = row.element().querySelector('.reason')!;
		expect(reason.textContent.trim().split(/[.!] /).length).toBeGreaterThan(1);
		expect(row.element().querySelector('.number')).toBeNull();
	});

	it('shows a name as it is: no markup of a file’s name counts', async () => {
		const name = '<img src=x onerror=alert(1)>.jpg';
		await shown([readRow(0, 0.5, name)]);
		expect(rowElements()[0].querySelector('.name')!.textContent).toBe(name);
		expect(rowElements()[0].querySelector('img')).toBeNull();
	});

	it('shows the small picture, and lets go of it with the row', async () => {
		const thumbnail = await pictureOf(68, 40);
		await shown([{ ...readRow(0, 0.9), thumbnail }, readRow(1, 0.2)]);
		const picture = document.querySelector<HTMLImageElement>('[role=row] img')!;
		await soon(() => expect(picture.naturalWidth).toBe(68));
		const address = picture.src;
		expect((await fetch(address)).ok).toBe(true);
		await page.getByRole('button', { name: /^Not seen/ }).click();
		await soon(() => expect(picture.isConnected).toBe(false));
		await expect(fetch(address)).rejects.toThrow(TypeError);
	});
});
