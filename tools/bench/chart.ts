// The bench's bar chart as SVG, for pages in light and in dark.

const WIDTH = 820;
const LABELS = 370;
const ROW = 26;
const TOP = 44;
const BOTTOM = 34;
/** Room for a bar's figure at the right. */
const FIGURE = 56;

export interface Bar {
	label: string;
	value: number;
	/** of the rounds */
	range: readonly [number, number];
	/** drawn in the colour of what the chart is about */
	ours: boolean;
}

/**
 * Horizontal bars from 0, each with its figure and a line over the range of its rounds.
 * @param bars at least one, none below 0
 * @returns an SVG document
 */
export function barChart(title: string, bars: readonly Bar[]): string {
	const height = TOP + bars.length * ROW + BOTTOM;
	const most = Math.max(...bars.flatMap(({ value, range }) => [value, ...range]));
	const step = tickStep(most);
	const end = Math.ceil(most / step) * step;
	const x = (value: number) => round(LABELS + (value / end) * (WIDTH - LABELS - FIGURE));
	const ticks = Array.from({ length: Math.round(end / step) + 1 }, (_, i) => i * step);
	const foot = height - BOTTOM;
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title">
<title id="title">${escape(title)}</title>
<style>
	svg { color-scheme: light dark; font: 13px system-ui, sans-serif; }
	.page { fill: #ffffff; } .text { fill: #1f2328; } .faint { fill: #59636e; }
	.grid { stroke: #d1d9e0; } .bar { fill: #9aa4af; } .ours { fill: #0a7d6c; } .range { stroke: #1f2328; }
	@media (prefers-color-scheme: dark) {
		.page { fill: #0d1117; } .text { fill: #f0f6fc; } .faint { fill: #9198a1; }
		.grid { stroke: #3d444d; } .bar { fill: #656c76; } .ours { fill: #2bb3a0; } .range { stroke: #f0f6fc; }
	}
</style>
<rect class="page" width="${WIDTH}" height="${height}" rx="6"/>
<text class="text" x="16" y="26" font-weight="600">${escape(title)}</text>
${ticks
	.map(
		(tick) =>
			`<line class="grid" x1="${x(tick)}" x2="${x(tick)}" y1="${TOP}" y2="${foot}"/><text class="faint" x="${x(tick)}" y="${foot + 20}" text-anchor="middle">${round(tick)}</text>`
	)
	.join('\n')}
${bars.map((bar, i) => drawBar(bar, TOP + i * ROW, x)).join('\n')}
</svg>
`;
}

function drawBar(
	{ label, value, range: [least, most], ours }: Bar,
	top: number,
	x: (value: number) => number
) {
	const middle = top + ROW / 2;
	const text = middle + 4.5;
	return [
		`<text class="text" x="${LABELS - 10}" y="${text}" text-anchor="end"${ours ? ' font-weight="600"' : ''}>${escape(label)}</text>`,
		`<rect class="${ours ? 'ours' : 'bar'}" x="${LABELS}" y="${top + 4}" width="${round(x(value) - LABELS)}" height="${ROW - 8}" rx="2"/>`,
		`<line class="range" x1="${x(least)}" x2="${x(most)}" y1="${middle}" y2="${middle}"/>`,
		`<text class="text" x="${round(Math.max(x(value), x(most)) + 8)}" y="${text}">${value}</text>`
	].join('');
}

/**
 * 1, 2 or 5 times a power of ten, so that there are three to eight steps up to `most`.
 * @param most above 0
 */
export function tickStep(most: number) {
	const power = 10 ** Math.floor(Math.log10(most / 3));
	return [5, 2, 1].map((times) => times * power).find((step) => most / step >= 3) ?? power;
}

function escape(text: string) {
	return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function round(value: number) {
	return Math.round(value * 100) / 100;
}
