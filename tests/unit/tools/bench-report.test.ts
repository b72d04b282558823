/** The bench's rows, ratios, chart and the section that it writes into docs/results.md. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { barChart } from '../../../tools/bench/chart';
import { graphicsLayouts, processorLayouts, type Contender } from '../../../tools/bench/engines';
import {
	resultsChart,
	resultsSection,
	replaceSection
} from '../../../tools/bench/results-document';
import {
	benchTable,
	loadingOf,
	onceLines,
	ratioToOnnxRuntime,
	resultsTable,
	rowOf,
	type BenchFile,
	type BenchRow
} from '../../../tools/bench/report';
import { repoRoot } from '../../../tools/lib/paths';

function row(parts: Partial<Contender>, ...times: number[]): BenchRow {
	const contender: Contender = {
		engine: 'onnxruntime-web',
		backend: 'wasm',
		numbers: 'fp32',
		layout: '2 threads, batch 1',
		threads: 2,
		lanes: 1,
		batch: 1,
		endToEnd: false,
		memory: { emptyMegabytes: null, stop: () => Promise.resolve(null) },
		measure: () => Promise.resolve(0),
		close: () => Promise.resolve(),
		...parts
	};
	return rowOf(contender, 'pneumonia-resnet34', times, 123.4);
}

const own = { engine: 'fieldlens', endToEnd: true, lanes: 2, layout: '2 lanes' } as const;
const exact = row({ ...own }, 80, 82);
const whole = row({ ...own, backend: 'int8', numbers: 'int8' }, 25, 20, 21);
const bare = row({ engine: 'fieldlens', backend: 'int8', numbers: 'int8', layout: '1 thread' }, 9);
const theirs = [
	row({}, 82),
	row({ batch: 8, layout: '2 threads, batch 8' }, 84, 70, 75),
	row({ lanes: 2, layout: '2 lanes of one thread, batch 1' }, 10),
	row({ numbers: 'int8' }, 42)
];
const rows = [whole, exact, bare, ...theirs];

const file: BenchFile = {
	date: '2026-11-21T15:00:00.000Z',
	machine: {
		cpu: 'AMD EPYC',
		cores: 2,
		cpuKind: 'avx2',
		memoryGigabytes: 24,
		system: 'linux',
		node: '24.0.0',
		browser: 'Chromium 156',
		webgl: '',
		webgpu: '',
		gpuBackends: []
	},
	model: 'pneumonia-resnet34',
	modelVersion: '1.2.0',
	input: '160 x 160 x 1',
	images: { count: 54, generated: false },
	rounds: 5,
	package: { wireBytes: 8_451_000, onnxBytes: 85_150_000 },
	loading: [loadingOf('int8', [700, 650, 900]), loadingOf('wasm', [1200])],
	backends: [
		{
			backend: 'cpu',
			rows,
			leftOut: [],
			ratios: { fp32: 0.28, int8: null },
			firstScoreMs: 420,
			firstScoreJustOpenedMs: 1310
		}
	]
};

describe('rows', () => {
	it('hold the median of the rounds and their range', () => {
		expect(whole).toMatchObject({ msPerImage: 21, range: [20, 25], rounds: [25, 20, 21] });
	});

	it('say what the network was off by only where that was looked at', () => {
		expect('largestDifference' in whole).toBe(false);
		expect(row({ largestDifference: 0.03 }, 1).largestDifference).toBe(0.03);
	});
});

describe('the ratio to ONNX Runtime Web', () => {
	it('takes Fieldlens end to end in whole numbers, and the better batch of all threads', () => {
		expect(ratioToOnnxRuntime(rows, 'fp32')).toBe(0.28); // 21 / 75, not 80 or 9 / 75, not / 10
		expect(ratioToOnnxRuntime(rows, 'int8')).toBe(0.5);
	});

	it('takes the exact way where that is all there is', () => {
		expect(ratioToOnnxRuntime([exact, ...theirs], 'fp32')).toBe(1.08);
	});

	it('is not there without both sides', () => {
		expect(ratioToOnnxRuntime([whole, exact], 'fp32')).toBeNull();
		expect(ratioToOnnxRuntime([bare, ...theirs], 'fp32')).toBeNull();
	});
});

describe('tables', () => {
	it('name engine, numbers, layout, figure, range and memory', () => {
		const cells = benchTable(rows).split('\n')[2].split('|');
		expect(cells.map((cell) => cell.trim()).slice(1, -1)).toEqual(
			['Fieldlens, int8', 'int8', '2 lanes', 'JPEG to score', '21', '20 to 25', '1', '123'] // 1: itself
		);
	});

	it('have a dash where the system does not say how much memory was taken', () => {
		const unknown = { ...whole, peakMegabytes: null };
		for (const table of [benchTable([unknown]), resultsTable([unknown])]) {
			expect(table.split('\n')[2]).toMatch(/ - +\|$/);
		}
	});

	it('set what goes from JPEG to score in bold', () => {
		const bold = resultsTable(rows)
			.split('\n')
			.filter((line) => line.includes('**'));
		expect(bold).toHaveLength(2);
	});

	it('are followed by the size of the package and how long it loads', () => {
		expect(onceLines(file)).toEqual([
			'Package on the wire: 8451000 bytes (as ONNX in fp32: 85150000)',
			'Stored package to admitted lane, int8: 700 ms (650 to 900)',
			'Stored package to admitted lane, wasm: 1200 ms (1200 to 1200)'
		]);
	});
});

describe('layouts', () => {
	it('hold the engine in whole numbers with one lane and with one a core', () => {
		const lanes = processorLayouts(4, false)
			.filter(({ engine }) => engine === 'fieldlens')
			.map(({ lanes }) => lanes);
		expect(lanes).toEqual([1, 4]);
	});

	it('hold the quantised network of ONNX Runtime where there is one', () => {
		const quantised = (there: boolean) =>
			processorLayouts(2, there).filter(
				({ engine, numbers }) => engine === 'onnxruntime-web' && numbers === 'int8'
			);
		expect(quantised(false)).toEqual([]);
		expect(quantised(true).map(({ lanes, threads }) => [lanes, threads])).toEqual([
			[1, 2],
			[2, 1]
		]);
	});

	it('have the same engines on a graphics chip, and our lanes on the processor', () => {
		const layouts = graphicsLayouts('webgpu', 4);
		expect(
			layouts.map(
				({ engine, backend, numbers, lanes }) => `${engine} ${backend} ${numbers} ${lanes}`
			)
		).toEqual(['tfjs webgpu fp32 1', 'onnxruntime-web webgpu fp32 1', 'fieldlens int8 int8 4']);
	});
});

describe('the chart', () => {
	const bars = [
		{ label: 'a & b', value: 50, range: [40, 100] as const, ours: true },
		{ label: 'c', value: 25, range: [25, 25] as const, ours: false }
	];
	const svg = barChart('t < u', bars);
	const numbers = (pattern: RegExp) => [...svg.matchAll(pattern)].map(([, found]) => Number(found));

	it('draws bars in proportion to their values, ours in a colour of its own', () => {
		const [first, second] = numbers(/<rect fill="var\(--(?:ours|bar)\)"[^>]* width="([\d.]+)"/g);
		expect(first).toBeCloseTo(2 * second, 5);
		expect(svg.match(/fill="var\(--ours\)"/g)).toHaveLength(1);
	});

	it('draws the range of each as a line from its least to its most', () => {
		const [, ranges = ''] = svg.split('aria-label="rule"');
		const [x2, x1] = [...ranges.matchAll(/ x2="([\d.]+)" x1="([\d.]+)"/g)][0].slice(1).map(Number);
		const [bar] = numbers(/<rect fill="var\(--ours\)"[^>]* width="([\d.]+)"/g);
		expect(x2 - x1).toBeCloseTo((bar * (100 - 40)) / 50, 5);
	});

	it('escapes what is markup in XML', () => {
		expect(svg).toContain('>a &amp; b</text>');
		expect(svg).toContain('<title id="title">t &lt; u</title>');
	});

	it('keeps every bar, range and figure inside the picture', () => {
		const places = numbers(/ (?:x[12]?="|translate\()([\d.]+)/g);
		const width = Number(/viewBox="0 0 (\d+) /.exec(svg)?.[1]);
		// A figure's own width is some 40.
		expect(Math.max(...places)).toBeLessThan(width - 40);
	});

	it('has colours of its own for dark pages', () => {
		expect(svg).toMatch(/prefers-color-scheme: dark/);
		expect(svg).toContain('fill="var(--page)"');
	});
});

describe('a section of the results', () => {
	it('is replaced between the markers, and nothing else is', async () => {
		const document = await readFile(join(repoRoot, 'docs/results.md'), 'utf8');
		const first = replaceSection(document, 'bench-avx2', 'ONE SECTION');
		const second = replaceSection(first, 'bench-avx2', 'OTHER');
		expect(first.split('ONE SECTION')).toHaveLength(2);
		expect(second).toBe(first.replace('ONE SECTION', 'OTHER'));
		expect(second.startsWith(document.slice(0, document.indexOf('<!-- bench-avx2:start')))).toBe(
			true
		);
		expect(second.endsWith(document.slice(document.indexOf('<!-- bench-avx2:end -->')))).toBe(true);
	});

	it('leaves the other section as it is', async () => {
		const document = await readFile(join(repoRoot, 'docs/results.md'), 'utf8');
		const both = replaceSection(replaceSection(document, 'bench-avx2', 'ONE'), 'scale', 'TWO');
		expect(both).toMatch(/bench-avx2:start.*ONE.*bench-avx2:end.*scale:start.*TWO.*scale:end/s);
	});

	it('is refused without the markers', () => {
		expect(() => replaceSection('nothing', 'bench-avx2', 'one')).toThrow(
			'must hold these two lines'
		);
		expect(() => replaceSection('<!-- bench-avx2:end -->', 'bench-avx2', 'one')).toThrow();
	});

	it('holds machine, picture, table, ratio, size and load time', () => {
		const section = resultsSection(file);
		for (const part of [
			'2026-11-21: `pneumonia-resnet34` 1.2.0',
			'54 original-size JPEGs, 5 rounds',
			'(images/bench-avx2.svg)',
			'V8 with AVX2, without AVX-VNNI',
			resultsTable(rows),
			'Fieldlens takes 0.28 of the time',
			'0.4 s after the drop, 1.3 s when',
			'8.5 MB on the wire',
			'0.7 s (int8), 1.2 s (wasm)'
		]) {
			expect(section).toContain(part);
		}
		expect(section).not.toContain('in int8, quantised');
	});

	it('has a bar for every row in its chart', () => {
		const svg = resultsChart(file);
		expect(svg.match(/<rect fill="var\(--(ours|bar)\)"/g)).toHaveLength(rows.length);
	});
});
