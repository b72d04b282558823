// The bench's bar chart as SVG, for pages in light and in dark.
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

const WIDTH = 820;
const ROW = 26;
const MARGINS = { marginTop: 44, marginRight: 56, marginBottom: 34, marginLeft: 370 };
const STEPS = 6;

export interface Bar {
	/** Each bar has its own. */
	label: string;
	value: number;
	/** Of the rounds. */
	range: readonly [number, number];
	/** Drawn in the colour of what the chart is about. */
	ours: boolean;
}

const STYLE = `
svg {
	color-scheme: light dark;
	--page: #ffffff; --text: #1f2328; --faint: #59636e; --grid: #d1d9e0; --bar: #9aa4af; --ours: #0a7d6c;
}
@media (prefers-color-scheme: dark) {
	svg {
		--page: #0d1117; --text: #f0f6fc; --faint: #9198a1; --grid: #3d444d; --bar: #656c76; --ours: #2bb3a0;
	}
}
`;

/**
 * Horizontal bars from 0, each with its figure and a line over the range of its rounds.
 * @param bars at least one, none below 0
 * @returns an SVG document
 */
export function barChart(title: string, bars: readonly Bar[]): string {
	const { document } = parseHTML('<html></html>');
	const end = (bar: Bar) => Math.max(bar.value, bar.range[1]);
	const svg = Plot.plot({
		document,
		width: WIDTH,
		height: MARGINS.marginTop + bars.length * ROW + MARGINS.marginBottom,
		...MARGINS,
		className: 'bench',
		style: { fontSize: '13px' },
		x: { domain: [0, Math.max(...bars.map(end))], nice: STEPS },
		y: { domain: bars.map(({ label }) => label), padding: 0, axis: null },
		marks: [
			Plot.gridX({ ticks: STEPS, stroke: 'var(--grid)', strokeOpacity: 1 }),
			Plot.axisX({ ticks: STEPS, tickSize: 0, label: null, fill: 'var(--faint)' }),
			Plot.barX(bars, {
				x: 'value',
				y: 'label',
				fill: ({ ours }: Bar) => (ours ? 'var(--ours)' : 'var(--bar)'),
				insetTop: 4,
				insetBottom: 4,
				rx: 2
			}),
			Plot.ruleY(bars, {
				y: 'label',
				x1: ({ range }: Bar) => range[0],
				x2: ({ range }: Bar) => range[1],
				stroke: 'var(--text)'
			}),
			Plot.text(bars, {
				x: end,
				y: 'label',
				text: ({ value }: Bar) => String(value),
				dx: 8,
				textAnchor: 'start',
				fill: 'var(--text)'
			}),
			Plot.text(bars, {
				y: 'label',
				text: 'label',
				frameAnchor: 'left',
				dx: -10,
				textAnchor: 'end',
				fill: 'var(--text)'
			})
		]
	});
	const add = (name: string, text: string, attributes: Record<string, string | number> = {}) => {
		const element = document.createElementNS(NAMESPACE, name);
		for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, `${value}`);
		element.textContent = text;
		return element;
	};
	svg.setAttribute('xmlns', NAMESPACE);
	svg.setAttribute('role', 'img');
	svg.setAttribute('aria-labelledby', 'title');
	svg.prepend(
		add('title', title, { id: 'title' }),
		add('style', STYLE),
		add('rect', '', { width: '100%', height: '100%', rx: 6, fill: 'var(--page)' }),
		add('text', title, {
			x: 16,
			y: 26,
			fill: 'var(--text)',
			'font-weight': 600,
			'text-anchor': 'start'
		})
	);
	return `${svg.outerHTML}\n`;
}

const NAMESPACE = 'http://www.w3.org/2000/svg';
