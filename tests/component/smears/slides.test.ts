/** Slides: the list, the sheet of suspected cells, the field with its marks, and paper. */
import type { ComponentProps } from 'svelte';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import { withFinding } from '../../../src/lib/smears/field-review';
import type { Row } from '../../../src/lib/worklist/row';
import { soon } from '../../helpers/soon';
import { boxOf } from '../helpers/geometry';
import { drawnFieldRow } from '../helpers/fields';
import { showLocale } from '../helpers/locale';
import { manifestFor } from '../helpers/shipped';
import SlideHost from './SlideHost.svelte';

const shipped = manifestFor('malaria-cell');
const [first] = shipped.operatingPoints;
/** One line for all: suspected from 0.5 on, borderline from 0.2 on. */
const manifest = {
	...shipped,
	operatingPoints: [
		{ ...first, threshold: 0.5 },
		{ ...first, id: 'careful', threshold: 0.2 }
	]
};
const button = (name: string | RegExp) => page.getByRole('button', { name });
const slide = page.getByTestId('slide');
const HEALTHY = Array.from({ length: 28 }, () => 0.01);

beforeEach(() => page.viewport(1366, 668));

async function shown(changes: Partial<ComponentProps<typeof SlideHost>> = {}, isAtHand = true) {
	const rows = [
		await drawnFieldRow(0, 'ward/anna/1.png', [0.97, 0.7, 0.3, ...HEALTHY], { isAtHand }),
		await drawnFieldRow(1, 'ward/anna/2.png', [0.99, ...HEALTHY, 0.25], { isAtHand }),
		await drawnFieldRow(2, 'ward/ben/1.png', HEALTHY, { isAtHand })
	];
	const onRows = vi.fn<(rows: readonly Row[]) => void>();
	await render(SlideHost, { rows, manifest, onRows, ...changes });
	return {
		said: () =>
			(onRows.mock.lastCall?.[0] ?? []).map(
				({ fieldReview }) => fieldReview?.said.map(({ cell, finding }) => [cell, finding]) ?? []
			),
		review: (id: number) => onRows.mock.lastCall?.[0][id].fieldReview ?? null
	};
}

const open = async () => {
	await button('Open the slide ward/anna').click();
	await expect.element(slide).toBeVisible();
};
const options = () => [...document.querySelectorAll('[role=option]')];
const selected = () => options().findIndex((one) => one.ariaSelected === 'true');
const pictures = () => document.querySelectorAll('[role=option] img').length;

describe('the list of slides', () => {
	it('says of each what was found and what to do, the most suspicious first', async () => {
		await shown();
		const names = [...document.querySelectorAll('[data-slide]')].map((one) =>
			one.getAttribute('data-slide')
		);
		expect(names).toEqual(['ward/anna', 'ward/ben']);
		const text = document.querySelector('[data-slide="ward/anna"]')!.textContent;
		expect(text).toContain('3 to go');
		expect(text).toContain('not confirmed');
		expect(document.querySelector('[data-slide="ward/ben"]')!.textContent).toContain(
			'Photograph more fields'
		);
	});
});

describe('a slide that a person has begun to look at', () => {
	it('keeps the share of the model, with how many cells a person has looked at', async () => {
		await shown();
		const card = document.querySelector('[data-slide="ward/anna"]')!;
		await open();
		await userEvent.keyboard('1');
		await soon(() => expect(card.textContent).toContain('Suspected cells looked at: 1 of 3.'));
	});
});

describe('a slide of more cells than a sheet holds', () => {
	it('has further sheets, on screen and by keys', async () => {
		const many = Array.from({ length: 420 }, () => 0.9);
		await shown({ rows: [await drawnFieldRow(0, 'ward/anna/1.png', many, { isAtHand: false })] });
		await open();
		expect(options()).toHaveLength(400);
		await expect.element(slide.getByText('Cells 1 to 400 of 420').first()).toBeVisible();
		await button('Further cells').first().click();
		await soon(() => expect(options()).toHaveLength(20));
		expect(options()[0].ariaLabel).toContain('Cell 401 of 420');
		await soon(() => expect(document.activeElement).toBe(options()[0]));
		await userEvent.keyboard('{ArrowLeft}');
		await soon(() => expect(selected()).toBe(399));
		expect(document.activeElement).toBe(options()[399]);
	});
});

describe('the sheet of cells', () => {
	it('shows suspected cells, then borderline ones, each with its picture', async () => {
		await shown();
		await open();
		await soon(() => expect(pictures()).toBe(5));
		const names = options().map((one) => one.ariaLabel);
		expect(names[0]).toBe('Cell 1 of 5, Suspected. Not looked at yet. Field ward/anna/2.png');
		expect(names[3]).toContain('Borderline');
		expect(selected()).toBe(0);
	});

	it('is gone through with keys alone, and the figures follow', async () => {
		const { said } = await shown();
		await open();
		await userEvent.keyboard('123');
		await soon(() =>
			expect(said()).toEqual([
				[
					[0, 'none'],
					[1, 'cannot-tell']
				],
				[[0, 'parasite']],
				[]
			])
		);
		await expect.element(slide.getByTestId('confirmed')).toHaveTextContent('1');
		expect(selected()).toBe(3);
		expect(document.activeElement).toBe(options()[3]);
		await userEvent.keyboard('{ArrowLeft}{ArrowLeft}');
		await soon(() => expect(selected()).toBe(1));
		await userEvent.keyboard('u');
		await soon(() => expect(said()[0]).toEqual([[0, 'none']]));
		await soon(() => expect(selected()).toBe(2));
	});

	it('is gone through by touch, and a finding that is pressed again is taken back', async () => {
		const { said } = await shown();
		await open();
		await userEvent.click(options()[1]);
		await button(/^Cannot tell/).click();
		await soon(() => expect(said()[0]).toEqual([[0, 'cannot-tell']]));
		await userEvent.click(options()[1]);
		await button(/^Cannot tell/).click();
		await soon(() => expect(said()[0]).toEqual([]));
	});

	it('says where the photographs are not at hand', async () => {
		await shown({}, false);
		await open();
		await expect.element(page.getByTestId('absent')).toHaveTextContent('drop the folder again');
		expect(pictures()).toBe(0);
	});

	it('only shows what another tab works on', async () => {
		const { said } = await shown({ readOnly: true });
		await open();
		await userEvent.keyboard('1');
		expect(said().flat()).toEqual([]);
		await expect.element(button(/^Parasite/)).not.toBeInTheDocument();
	});
});

describe('the field', () => {
	const stage = page.getByTestId('stage');
	/** Click the picture at a place of the drawn field. */
	async function clickAt(x: number, y: number) {
		const box = document.querySelector('.stage img')!.getBoundingClientRect();
		const outer = boxOf(stage.element() as HTMLElement);
		const scale = box.width / 600;
		await stage.click({
			position: { x: box.left - outer.left + x * scale, y: box.top - outer.top + y * scale }
		});
	}
	const marked = () =>
		document.querySelector('[data-testid=field-boxes] .selected')?.getAttribute('data-cell');

	it('shows the cell that was chosen; a click chooses another one, which is judged', async () => {
		const { said } = await shown();
		await open();
		await userEvent.keyboard('f');
		await soon(() => expect(document.querySelector('.stage img')).not.toBeNull());
		await soon(() => expect(marked()).toBe('0'));
		expect(document.querySelectorAll('[data-testid=field-boxes] .suspected')).toHaveLength(1);
		await clickAt(50 + 68, 50);
		await soon(() => expect(marked()).toBe('1'));
		await userEvent.keyboard('1');
		await soon(() => expect(said()[1]).toEqual([[1, 'parasite']]));
	});

	it('takes a cell that was missed, and lets go of what is none', async () => {
		const { review } = await shown();
		await open();
		await userEvent.keyboard('f');
		await soon(() => expect(document.querySelector('.stage img')).not.toBeNull());
		await button('A cell was missed').click();
		await clickAt(300, 370);
		await soon(() => expect(review(1)?.added).toHaveLength(1));
		const [box] = review(1)!.added;
		expect((box.left + box.right) / 2).toBeCloseTo(300, -1);
		await soon(() => expect(marked()).toBe('30'));
		await userEvent.keyboard('x');
		await soon(() => expect(review(1)?.removed).toEqual([30]));
		await userEvent.keyboard('u');
		await soon(() => expect(review(1)?.removed).toEqual([]));
	});

	it('has a legend for every line that is drawn', async () => {
		await shown();
		await open();
		await userEvent.keyboard('f');
		await expect.element(page.getByTestId('field-boxes')).toBeInTheDocument();
		const legend = document.querySelector('.legend')!;
		for (const group of document.querySelectorAll('[data-testid=field-boxes] g')) {
			expect(legend.querySelector(`.${group.classList[0]}`)).not.toBeNull();
		}
		expect(legend.textContent).toContain('Not suspected');
	});

	it('is in view in a narrow window that was scrolled, and so is the cell after it', async () => {
		await page.viewport(800, 1280);
		const many = Array.from({ length: 200 }, () => 0.9);
		await shown({ rows: [await drawnFieldRow(0, 'ward/anna/1.png', many)] });
		await open();
		const body = document.querySelector('dialog .body')!;
		options()[180].scrollIntoView({ block: 'center' });
		expect(body.scrollTop).toBeGreaterThan(500);
		await userEvent.click(options()[180]);
		await button('Show in its field').click();
		await expect.element(page.getByTestId('field-boxes')).toBeInTheDocument();
		await soon(() => expect(body.scrollTop).toBe(0));
		expect(boxOf(stage.element() as HTMLElement).top).toBeLessThan(400);
		await button('Back to the cells').click();
		await soon(() => expect(document.activeElement).toBe(options()[180]));
		const { top, bottom } = options()[180].getBoundingClientRect();
		expect(top).toBeGreaterThan(0);
		expect(bottom).toBeLessThan(1280);
	});

	it('goes before the slide does', async () => {
		await shown();
		await open();
		await userEvent.keyboard('f');
		await expect.element(page.getByTestId('field-boxes')).toBeInTheDocument();
		await userEvent.keyboard('{Escape}');
		await expect.element(page.getByTestId('gallery')).toBeVisible();
		await userEvent.keyboard('{Escape}');
		await expect.element(slide).not.toBeInTheDocument();
	});
});

describe('paper', () => {
	it('has a page for each slide, with its figures and pictures', async () => {
		const print = vi.spyOn(window, 'print').mockReturnValue(undefined);
		await shown();
		await button('Print the slides').click();
		await soon(() => expect(print).toHaveBeenCalledOnce());
		const pages = document.querySelectorAll('[data-testid="print-slides-report"] article');
		expect(pages).toHaveLength(2);
		expect(pages[0].querySelectorAll('.cells img')).toHaveLength(5);
		expect(pages[0].textContent).toContain('Species and stages of parasites are not told');
		print.mockRestore();
	});

	it('says how many of the cells it shows, and has the confirmed ones first', async () => {
		const print = vi.spyOn(window, 'print').mockReturnValue(undefined);
		const many = Array.from({ length: 60 }, () => 0.9);
		const said = { by: 'AB', time: '2026-11-30T10:00:00.000Z' };
		const fieldReview = withFinding(null, 59, 'parasite', said);
		await shown({ rows: [await drawnFieldRow(0, 'ward/anna/1.png', many, { fieldReview })] });
		await button('Print the slides').click();
		await soon(() => expect(print).toHaveBeenCalledOnce());
		const [sheet] = document.querySelectorAll('[data-testid="print-slides-report"] article');
		expect(sheet.textContent).toContain('Shown here: 48 of 60 cells.');
		expect(sheet.querySelectorAll('.one')).toHaveLength(48);
		expect(sheet.querySelectorAll('.one .said')).toHaveLength(1);
		expect(sheet.querySelector('.one')!.querySelector('.said')).not.toBeNull();
		print.mockRestore();
	});
});

for (const [width, height, locale] of [
	[1366, 668, 'en'],
	[800, 1280, 'fr'],
	[412, 915, 'sw'],
	[412, 915, 'ar']
] as const) {
	it(`nothing is wider than a window of ${width} x ${height}, in ${locale}`, async () => {
		await page.viewport(width, height);
		showLocale(locale);
		await shown();
		const fits = () => document.documentElement.scrollWidth <= width;
		expect(fits()).toBe(true);
		await userEvent.click(document.querySelector('[data-slide="ward/anna"] button')!);
		await soon(() => expect(pictures()).toBe(5));
		const dialog = document.querySelector('dialog')!;
		expect(dialog.scrollWidth).toBeLessThanOrEqual(width);
		for (const one of dialog.querySelectorAll('button')) {
			expect(one.scrollWidth, one.textContent).toBeLessThanOrEqual(one.clientWidth + 1);
		}
	});
}
