/** The list of files: any length, with keys alone, filtered and sorted. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import { Worklist } from '../../../src/lib/worklist/list.svelte';
import type { Row } from '../../../src/lib/worklist/row';
import { readRow, reviewedRow, rowAt } from '../../unit/helpers/rows';
import { areApart, boxOf, drawn, isWithin } from '../helpers/geometry';
import { showLocale } from '../helpers/locale';
import { pictureOf } from '../helpers/pictures';
import { manifestFor } from '../helpers/shipped';
import ListHost from './ListHost.svelte';
import { soon } from '../../helpers/soon';

const table = page.getByRole('table');
const tableElement = () => table.element() as HTMLElement;
const rowElements = () => [...document.querySelectorAll<HTMLElement>('[role=row][data-path]')];
const paths = () =>
	rowElements()
		.sort((a, b) => boxOf(a).top - boxOf(b).top)
		.map(({ dataset }) => dataset.path);

/** Likely from 0.7 on, uncertain from 0.3 on. */
const shipped = manifestFor('chest-xray-pneumonia');
const manifest = {
	...shipped,
	operatingPoints: [
		{ ...shipped.operatingPoints[0], threshold: 0.3 },
		{ ...shipped.operatingPoints[1], threshold: 0.7 }
	]
};

async function shown(rows: Row[]) {
	const onShow = vi.fn<(row: Row) => void>();
	const list = new Worklist();
	list.readBy(manifest);
	list.load(rows);
	await render(ListHost, { list, manifest, onShow });
	await drawn();
	return { onShow, list };
}

beforeEach(async () => {
	await page.viewport(1000, 800);
	scrollTo(0, 0);
});

describe('a list of 10,000 files', () => {
	const COUNT = 10_000;
	/** The urgent ones first: the file's number is its place. */
	const long = () => Array.from({ length: COUNT }, (_, i) => readRow(i, 1 - i / COUNT));

	/** What is under a place of the window, from 0 (its top) to 1. */
	function rowUnder(share: number): HTMLElement | null {
		const found = document.elementFromPoint(innerWidth / 2, share * innerHeight);
		return found?.closest<HTMLElement>('[role=row]') ?? null;
	}

	it('has only what is in sight in the page, and says how many there are', async () => {
		await shown(long());
		expect(rowElements().length).toBeLessThan(60);
		expect(tableElement().getAttribute('aria-rowcount')).toBe(String(COUNT + 1));
	});

	it('scrolls with the page to any place, with no gap in sight and no box that scrolls', async () => {
		await shown(long());
		for (const each of document.querySelectorAll('body *')) {
			expect(getComputedStyle(each).overflowY, each.outerHTML.slice(0, 99)).not.toMatch(
				/auto|scroll/
			);
		}
		const page = document.scrollingElement!;
		for (const place of [0.1, 0.5, 0.987, 1]) {
			page.scrollTop = place * (page.scrollHeight - page.clientHeight);
			await drawn();
			for (const share of [0.15, 0.4, 0.7, 0.97]) {
				expect(rowUnder(share)?.dataset.path, `${place} ${share}`).toMatch(/^film \d+\.jpg$/);
			}
		}
		expect(rowUnder(0.97)?.dataset.path).toBe(`film ${COUNT - 1}.jpg`);
	});

	it('numbers the rows by their place in the list, not in the page', async () => {
		await shown(long());
		scrollTo(0, 300_000);
		await drawn();
		// The row that the Tab key reaches stays in the page.
		const all = rowElements().filter((row) => boxOf(row).top > -2000);
		expect(all.length).toBeGreaterThan(5);
		for (const { ariaRowIndex, dataset } of all) {
			// The heads of the columns are the first row.
			expect(dataset.path).toBe(`film ${Number(ariaRowIndex) - 2}.jpg`);
		}
	});

	it('keeps the heads of the columns in sight', async () => {
		await shown(long());
		scrollTo(0, 100_000);
		await drawn();
		const head = boxOf(page.getByRole('button', { name: 'Score' }));
		expect(isWithin(head, new DOMRect(0, 0, innerWidth, 60))).toBe(true);
	});
});

const view = (number: number) =>
	page.getByRole('button', { name: `View film ${number}.jpg`, exact: true });

describe('with keys alone', () => {
	it('the arrows, pages and ends go to a row, which Enter opens', async () => {
		const { onShow } = await shown(Array.from({ length: 500 }, (_, i) => readRow(i, 1 - i / 500)));
		(view(0).element() as HTMLElement).focus();
		await userEvent.keyboard('{ArrowDown}{ArrowDown}{ArrowUp}');
		await expect.element(view(1)).toHaveFocus();
		await userEvent.keyboard('{End}');
		await expect.element(view(499)).toHaveFocus();
		await soon(() => expect(isWithin(boxOf(view(499)), new DOMRect(0, 0, 1000, 800))).toBe(true));
		await userEvent.keyboard('{PageUp}');
		const last = Number(document.activeElement!.closest('[role=row]')!.ariaRowIndex);
		expect(last).toBeLessThan(499);
		expect(last).toBeGreaterThan(485);
		await userEvent.keyboard('{Home}');
		await expect.element(view(0)).toHaveFocus();
		await userEvent.keyboard('{Enter}');
		expect(onShow).toHaveBeenCalledOnce();
		expect(onShow.mock.lastCall![0].path).toBe('film 0.jpg');
	});

	it('one row is reached by the Tab key, and the one that was left is reached again', async () => {
		await shown(Array.from({ length: 30 }, (_, i) => readRow(i, 1 - i / 30)));
		const head = page.getByRole('button', { name: 'Score' });
		(head.element() as HTMLElement).focus();
		await userEvent.tab();
		await expect.element(view(0)).toHaveFocus();
		await userEvent.keyboard('{ArrowDown}');
		await userEvent.tab({ shift: true });
		await expect.element(head).toHaveFocus();
		await userEvent.tab();
		await expect.element(view(1)).toHaveFocus();
	});

	it('what waits has nothing to open and is passed over', async () => {
		await shown([readRow(0, 0.9), rowAt(1, 'waits.jpg'), readRow(2, 0.1)]);
		(view(0).element() as HTMLElement).focus();
		await userEvent.keyboard('{ArrowDown}');
		await expect.element(view(2)).toHaveFocus();
		await userEvent.keyboard('{ArrowDown}');
		await expect.element(view(2)).toHaveFocus();
	});
});

describe('few stops of the Tab key', () => {
	it('lie before the first file: filters and heads are one stop each, the arrows do the rest', async () => {
		await shown([readRow(0, 0.9), readRow(1, 0.1), readRow(2, 0.05)]);
		const filters = [...document.querySelectorAll<HTMLElement>('[role=toolbar] button')];
		filters[0].focus();
		await userEvent.keyboard('{ArrowRight}');
		expect(document.activeElement).toBe(filters[1]);
		await userEvent.keyboard('{Enter}');
		await soon(() => expect(paths()).toEqual(['film 0.jpg']));
		expect(filters.filter(({ tabIndex }) => tabIndex === 0)).toEqual([filters[1]]);
		await userEvent.keyboard('{ArrowLeft}{Enter}');
		// The choice of reviews, the search, the head of a column, the first file.
		for (let i = 0; i < 4; i++) await userEvent.tab();
		await expect.element(view(0)).toHaveFocus();
		await userEvent.tab({ shift: true });
		await userEvent.keyboard('{ArrowRight}');
		await expect.element(page.getByRole('button', { name: 'Category' })).toHaveFocus();
	});

	it('a screen reader hears the filters, the columns and each row by its file', async () => {
		await shown([readRow(0, 0.9), rowAt(1, 'waits.jpg')]);
		const roles = (selector: string) =>
			[...document.querySelectorAll(selector)].map((one) => one.getAttribute('aria-sort') ?? '');
		expect(roles('[role=columnheader]')).toEqual(['', 'none', 'descending', 'none', '']);
		await expect.element(page.getByRole('toolbar', { name: 'Show' })).toBeVisible();
		const read = page.getByRole('row', { name: /film 0\.jpg.*90.*Pneumonia likely/ });
		await expect.element(read).toBeVisible();
		await expect.element(page.getByRole('row', { name: /waits\.jpg/ })).toBeVisible();
	});
});

describe('nothing moves under the hand', () => {
	const waiting = page.getByTestId('new-results');
	const order = ['film 0.jpg', 'film 1.jpg', 'b.jpg', 'c.jpg'];

	async function running() {
		const found = await shown([
			readRow(0, 0.5),
			readRow(1, 0.4),
			rowAt(2, 'b.jpg'),
			rowAt(3, 'c.jpg')
		]);
		await soon(() => expect(paths()).toEqual(order));
		return {
			...found,
			read: async (id: number, probability: number) => {
				found.list.put(readRow(id, probability, order[id]), true);
				await drawn();
			}
		};
	}

	it('of a mouse: results wait until it leaves', async () => {
		const { read } = await running();
		// Wherever an earlier test left it: only a mouse that moves counts.
		await userEvent.hover(page.getByRole('searchbox'));
		await userEvent.hover(page.getByText('film 1.jpg'));
		await read(2, 0.9);
		await read(3, 0.8);
		expect(paths()).toEqual(order);
		await expect.element(waiting).toHaveTextContent('2 new results');
		await userEvent.hover(page.getByRole('searchbox'));
		await soon(() => expect(paths()).toEqual(['b.jpg', 'c.jpg', 'film 0.jpg', 'film 1.jpg']));
		await expect.element(waiting).not.toBeInTheDocument();
	});

	it('of the focus: results wait until a person presses what is new, and are shown first', async () => {
		const { read } = await running();
		const button = page.getByRole('button', { name: 'View film 1.jpg' });
		(button.element() as HTMLElement).focus();
		await read(3, 0.8);
		expect(paths()).toEqual(order);
		await waiting.click();
		await soon(() => expect(paths()[0]).toBe('c.jpg'));
		await expect.element(page.getByRole('button', { name: 'View c.jpg' })).toHaveFocus();
		await read(2, 0.9);
		expect(paths()[0]).toBe('c.jpg');
	});

	it('of a finger, which touches it again and again, until it touches something else', async () => {
		const { read } = await running();
		const touch = (element: Element) =>
			element.dispatchEvent(
				new PointerEvent('pointerdown', { pointerType: 'touch', bubbles: true })
			);
		touch(rowElements()[0]);
		await read(2, 0.9);
		expect(paths()).toEqual(order);
		touch(page.getByRole('searchbox').element());
		await soon(() => expect(paths()[0]).toBe('b.jpg'));
	});

	it('a row that came there as it was pressed is not opened: another one was meant', async () => {
		const { read, onShow } = await running();
		const press = (name: string) => {
			const button = page.getByRole('button', { name }).element() as HTMLElement;
			button.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));
			button.click();
		};
		vi.spyOn(performance, 'now').mockReturnValue(1e9);
		await read(2, 0.9);
		press('View b.jpg');
		expect(onShow).not.toHaveBeenCalled();
		vi.spyOn(performance, 'now').mockReturnValue(1e9 + 1000);
		press('View b.jpg');
		expect(onShow).toHaveBeenCalledOnce();
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
			[/^Possible 1$/, ['c.jpg']],
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
