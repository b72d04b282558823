/** Curves in the unit square: what is drawn stands where the scale says. */
import { describe, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import CurvePlot from '../../../src/lib/components/ui/CurvePlot.svelte';
import { boxOf, centreOf, isWithin } from '../helpers/geometry';
import { showLocale } from '../helpers/locale';

type Props = Parameters<typeof render<typeof CurvePlot>>[1];

async function shown(changes: Partial<Props> = {}) {
	await render(CurvePlot, {
		title: 'ROC',
		note: 'On the test images.',
		across: 'False alarms',
		up: 'Found',
		line: [
			[0, 0],
			[0.1, 0.9],
			[1, 1]
		],
		dots: [{ at: [0.1, 0.9] }],
		...changes
	} as Props);
	return page.getByRole('img', { name: /ROC/ }).element() as SVGSVGElement;
}

/** The middle of a word of the scales, which stands at its value. */
function tick(plot: Element, text: string, axis: 'across' | 'up') {
	const places = [...plot.querySelectorAll('text')]
		.filter(({ textContent }) => textContent === text)
		.map(centreOf);
	const pick = axis === 'across' ? Math.max : Math.min;
	const wanted = pick(...places.map(({ y }) => y));
	return axis === 'across'
		? places.find(({ y }) => y === wanted)!
		: places.find(({ x }) => x === Math.min(...places.map((place) => place.x)))!;
}

for (const locale of ['en', 'ar'] as const) {
	it(`a dot stands at its values by the scales, in ${locale}`, async () => {
		showLocale(locale);
		const plot = await shown();
		const dot = centreOf(plot.querySelector('circle')!);
		const [left, right] = [tick(plot, '0', 'across'), tick(plot, '100', 'across')];
		const [bottom, top] = [tick(plot, '0', 'up'), tick(plot, '100', 'up')];
		// Also where text runs from right to left, since every reader knows plots so.
		expect(right.x).toBeGreaterThan(left.x);
		expect((dot.x - left.x) / (right.x - left.x)).toBeCloseTo(0.1, 1);
		expect((dot.y - bottom.y) / (top.y - bottom.y)).toBeCloseTo(0.9, 1);
	});
}

describe('a plot', () => {
	it('has all that is drawn inside it', async () => {
		const plot = await shown({
			dots: [{ at: [0, 0] }, { at: [1, 1], name: 'The last' }],
			band: [
				{ at: 0, low: 0, high: 0.4 },
				{ at: 1, low: 0.7, high: 1 }
			],
			beside: {
				name: 'Before',
				line: [
					[0, 0],
					[1, 1]
				]
			}
		});
		for (const one of plot.querySelectorAll('circle, polyline, polygon, text')) {
			expect(isWithin(boxOf(one), boxOf(plot)), one.outerHTML).toBe(true);
		}
	});

	it('names dots that differ, with their values in figures', async () => {
		await shown({
			dots: [
				{ at: [0.1, 0.9], name: 'Careful' },
				{ at: [0.02, 0.75], name: 'Strict' }
			]
		});
		const items = page.getByRole('listitem').all();
		expect(items).toHaveLength(2);
		await expect.element(items[0]).toHaveTextContent(/Careful.*90\.0.*10\.0/);
		await expect.element(items[1]).toHaveTextContent(/Strict.*75\.0.*2\.0/);
	});

	it('draws the dot of more images larger, by its area', async () => {
		const plot = await shown({
			dots: [
				{ at: [0.2, 0.2], count: 10 },
				{ at: [0.8, 0.8], count: 1000 }
			]
		});
		const [few, many] = [...plot.querySelectorAll('circle')].map((dot) => boxOf(dot).width);
		expect(many).toBeGreaterThan(2 * few);
		expect(few).toBeGreaterThan(3);
	});
});
