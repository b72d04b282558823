/** Fields that a person puts together to a slide, takes out of it, and calls by another name. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import type { Row } from '../../../src/lib/worklist/row';
import { soon } from '../../helpers/soon';
import { drawnFieldRow } from '../helpers/fields';
import { showLocale } from '../helpers/locale';
import { manifestFor } from '../helpers/shipped';
import SlideHost from './SlideHost.svelte';

const manifest = manifestFor('malaria-cell');
const button = (name: string | RegExp) => page.getByRole('button', { name });
const dialog = page.getByTestId('fields-together');
const slide = page.getByTestId('slide');
const tick = (name: string) => dialog.getByRole('checkbox', { name, exact: true });
const HEALTHY = Array.from({ length: 30 }, () => 0.01);

beforeEach(() => page.viewport(1366, 668));

/** Five photographs of a phone in one folder, one in another. */
async function shown(readOnly = false) {
	const paths = ['dcim/1.png', 'dcim/2.png', 'dcim/3.png', 'dcim/4.png', 'ward/1.png'];
	const rows = await Promise.all(paths.map((path, id) => drawnFieldRow(id, path, HEALTHY)));
	const onRows = vi.fn<(rows: readonly Row[]) => void>();
	await render(SlideHost, { rows, manifest, onRows, readOnly });
	return () => onRows.mock.lastCall?.[0].map((row) => row.slide);
}

const names = () =>
	[...document.querySelectorAll('[data-slide]')].map((one) => one.getAttribute('data-slide'));

async function open() {
	await button('Put fields together').click();
	await expect.element(dialog).toBeVisible();
}

describe('fields of a folder', () => {
	it('become a slide by name; a row of them is chosen with the Shift key', async () => {
		const slides = await shown();
		await open();
		await button('Fields of dcim').click();
		await tick('2.png').click();
		await userEvent.keyboard('{Shift>}');
		await tick('4.png').click();
		await userEvent.keyboard('{/Shift}');
		await expect.element(dialog.getByTestId('fields-chosen')).toHaveTextContent('chosen: 3');
		await dialog.getByRole('textbox').fill('12/2026');
		await button('Make one slide').click();
		await expect.element(dialog).not.toBeInTheDocument();
		expect(slides()).toEqual([null, '12/2026', '12/2026', '12/2026', null]);
		expect(names()).toEqual(['12/2026', 'dcim', 'ward']);
	});

	it('are chosen all at once, and go back where they were by undoing', async () => {
		const slides = await shown();
		await open();
		await dialog.getByRole('checkbox', { name: /^dcim/ }).click();
		await dialog.getByRole('checkbox', { name: /^ward/ }).click();
		await button('Make one slide').click();
		await soon(() => expect(names()).toEqual(['Slide 1']));
		await expect.element(page.getByTestId('regrouped')).toHaveTextContent('put into Slide 1: 5.');
		await button('Undo').click();
		expect(slides()).toEqual([null, null, null, null, null]);
		await soon(() => expect(names()).toEqual(['dcim', 'ward']));
	});

	it('are added to a slide that has the name, which is said before', async () => {
		const slides = await shown();
		await open();
		await dialog.getByRole('checkbox', { name: /^dcim/ }).click();
		await dialog.getByRole('textbox').fill('ward');
		await expect.element(dialog).toHaveTextContent('There is a slide of this name');
		await button('Make one slide').click();
		await soon(() => expect(names()).toEqual(['ward']));
		expect(slides()).toEqual(['ward', 'ward', 'ward', 'ward', null]);
	});

	it('are none without a field or a name', async () => {
		await shown();
		await open();
		await expect.element(button('Make one slide')).toBeDisabled();
		await dialog.getByRole('checkbox', { name: /^ward/ }).click();
		await expect.element(button('Make one slide')).toBeEnabled();
		await dialog.getByRole('textbox').fill(' ');
		await expect.element(button('Make one slide')).toBeDisabled();
	});
});

describe('a slide that is looked at', () => {
	async function openSlide() {
		await button('Open the slide dcim').click();
		await expect.element(slide).toBeVisible();
	}

	it('stays in view under its new name, and lets a field go back to its folder', async () => {
		const slides = await shown();
		await openSlide();
		await slide.getByLabelText('Name of the slide').fill('Slide 7');
		await userEvent.keyboard('{Enter}');
		await expect.element(slide.getByRole('heading', { level: 2 })).toHaveTextContent('Slide 7');
		expect(slides()).toEqual(['Slide 7', 'Slide 7', 'Slide 7', 'Slide 7', null]);
		await button('Take out 2.png').click();
		expect(slides()).toEqual(['Slide 7', null, 'Slide 7', 'Slide 7', null]);
		await expect.element(button('Take out 2.png')).not.toBeInTheDocument();
		await slide.getByTestId('regrouped').getByRole('button').click();
		expect(slides()).toEqual(['Slide 7', 'Slide 7', 'Slide 7', 'Slide 7', null]);
	});

	it('stays in view where its name is undone, and keeps it where the new one is empty', async () => {
		await shown();
		await openSlide();
		const name = slide.getByLabelText('Name of the slide');
		await name.fill(' ');
		await userEvent.keyboard('{Enter}');
		await expect.element(name).toHaveValue('dcim');
		await name.fill('Slide 7');
		await userEvent.keyboard('{Enter}');
		await slide.getByTestId('regrouped').getByRole('button').click();
		await expect.element(slide.getByRole('heading', { level: 2 })).toHaveTextContent('dcim');
	});
});

it('nothing is put together where another tab works on the list', async () => {
	await shown(true);
	await expect.element(button('Print the slides')).toBeVisible();
	await expect.element(button('Put fields together')).not.toBeInTheDocument();
	await button('Open the slide dcim').click();
	await expect.element(slide.getByLabelText('Name of the slide')).toBeDisabled();
});

for (const [width, height, locale] of [
	[1366, 668, 'en'],
	[800, 1280, 'fr'],
	[412, 915, 'sw'],
	[412, 915, 'ar']
] as const) {
	it(`the dialog fits a window of ${width} x ${height}, in ${locale}`, async () => {
		await page.viewport(width, height);
		showLocale(locale);
		await shown();
		await userEvent.click(document.querySelector('[data-testid=slides] .head button')!);
		const box = dialog.element();
		await userEvent.click(box.querySelector('button')!);
		expect(box.scrollWidth).toBeLessThanOrEqual(width);
		for (const one of box.querySelectorAll('button')) {
			expect(one.scrollWidth, one.textContent).toBeLessThanOrEqual(one.clientWidth + 1);
		}
	});
}
