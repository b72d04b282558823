// The bench's rows, tables and ratios.
import { markdownTable } from '../lib/table.ts';
import { median } from '../lib/statistics.ts';
import type { Contender, Engine } from './engines.ts';
import type { Backend } from '../lib/browser.ts';
import type { Bar } from './chart.ts';

export interface BenchRow {
	engine: Engine;
	model: string;
	backend: string;
	numbers: 'fp32' | 'int8';
	threads: number;
	lanes: number;
	batch: number;
	layout: string;
	endToEnd: boolean;
	/** of the logits of the reference images */
	largestDifference?: number;
	/** median of the rounds */
	msPerImage: number;
	range: [number, number];
	rounds: number[];
	/** most memory of its browser, from an empty page to the end of a first run, less that of the empty page; null where the system does not say */
	peakMegabytes: number | null;
}

/** all that was measured in the same rounds */
export interface BackendFigures {
	/** `cpu`, `webgl` or `webgpu` */
	backend: string;
	rows: BenchRow[];
	leftOut: string[];
	/** to ONNX Runtime Web */
	ratios: { fp32: number | null; int8: number | null };
	/** after the drop */
	firstScoreMs: number;
	/** the same where the page still opened */
	firstScoreJustOpenedMs: number;
}

/** bench.json */
export interface BenchFile {
	date: string;
	machine: Awaited<ReturnType<typeof import('./machine.ts').describeMachine>>;
	model: string;
	modelVersion: string;
	input: string;
	images: { count: number; generated: boolean };
	rounds: number;
	package: { wireBytes: number; onnxBytes: number };
	/** milliseconds from the stored package to the first lane that may read, median and range */
	loading: { backend: Backend; ms: number; range: [number, number] }[];
	backends: BackendFigures[];
}

/**
 * @param times milliseconds an image, one a round
 */
export function rowOf(
	contender: Contender,
	model: string,
	times: readonly number[],
	peakMegabytes: number | null
): BenchRow {
	const { engine, backend, numbers, threads, lanes, batch, layout, endToEnd } = contender;
	const { largestDifference } = contender;
	return {
		...{ engine, model, backend, numbers, threads, lanes, batch, layout, endToEnd },
		...(largestDifference !== undefined && { largestDifference }),
		...medianAndRange(times),
		rounds: times.map((time) => round(time)),
		peakMegabytes
	};
}

function medianAndRange(times: readonly number[]): { msPerImage: number; range: [number, number] } {
	return {
		msPerImage: round(median(times)),
		range: [round(Math.min(...times)), round(Math.max(...times))]
	};
}

/**
 * Fieldlens end to end, as it reads by itself, against the bare inference of ONNX Runtime Web
 * in one lane with all threads, at its better batch.
 * @param rows of the same rounds
 * @param numbers ONNX Runtime Web's
 * @returns below 1 where Fieldlens is the faster one; null without both
 */
export function ratioToOnnxRuntime(
	rows: readonly BenchRow[],
	numbers: 'fp32' | 'int8'
): number | null {
	const ours = ownRow(rows);
	const theirs = rows
		.filter((row) => row.engine === 'onnxruntime-web' && row.lanes === 1)
		.filter((row) => row.numbers === numbers)
		.map((row) => row.msPerImage);
	return ours && theirs.length > 0 ? round(ours.msPerImage / Math.min(...theirs), 1000) : null;
}

/** Fieldlens from the file to the score, in int8 where it was measured. */
function ownRow(rows: readonly BenchRow[]) {
	const ours = rows.filter(({ engine, endToEnd }) => engine === 'fieldlens' && endToEnd);
	return ours.find(({ numbers }) => numbers === 'int8') ?? ours[0];
}

export function benchTable(rows: readonly BenchRow[]) {
	const own = ownRow(rows)?.msPerImage ?? NaN;
	return markdownTable(
		[
			'engine',
			'backend',
			'layout',
			'measured',
			'ms an image',
			'range',
			'ratio to Fieldlens',
			'memory at most, MB'
		],
		rows.map((row) => [
			nameOf(row),
			row.backend,
			row.layout,
			measuredOf(row),
			row.msPerImage,
			rangeOf(row),
			round(row.msPerImage / own, 100),
			memoryOf(row)
		])
	);
}

/** The table for docs/results.md, what goes from JPEG to score in bold. */
export function resultsTable(rows: readonly BenchRow[]) {
	return markdownTable(
		['engine', 'layout', 'measured', 'ms an image, median', 'range', 'memory at most, MB'],
		rows.map((row) => [
			row.endToEnd ? `**${nameOf(row)}**` : nameOf(row),
			row.layout,
			row.endToEnd ? `**${measuredOf(row)}**` : measuredOf(row),
			row.msPerImage,
			rangeOf(row),
			memoryOf(row)
		])
	);
}

export function chartBars(rows: readonly BenchRow[]): Bar[] {
	return rows.map((row) => ({
		label: `${nameOf(row)}, ${row.endToEnd ? 'JPEG to score' : row.layout}`,
		value: row.msPerImage,
		range: row.range,
		ours: row.endToEnd
	}));
}

/**
 * What is printed once, below all tables.
 * @returns lines
 */
export function onceLines({
	package: { wireBytes, onnxBytes },
	loading
}: Pick<BenchFile, 'package' | 'loading'>): string[] {
	return [
		`Package on the wire: ${wireBytes} bytes (as ONNX in fp32: ${onnxBytes})`,
		...loading.map(
			({ backend, ms, range }) =>
				`Stored package to admitted lane, ${backend}: ${ms} ms (${range[0]} to ${range[1]})`
		)
	];
}

/**
 * @param times milliseconds
 */
export function loadingOf(
	backend: Backend,
	times: readonly number[]
): BenchFile['loading'][number] {
	const { msPerImage: ms, range } = medianAndRange(times);
	return { backend, ms, range };
}

const NAMES = {
	fieldlens: 'Fieldlens',
	tfjs: 'TensorFlow.js',
	'onnxruntime-web': 'ONNX Runtime Web'
};

function nameOf({ engine, numbers }: BenchRow) {
	return `${NAMES[engine]}, ${numbers}`;
}

function measuredOf({ endToEnd }: BenchRow) {
	return endToEnd ? 'JPEG to score' : 'inference alone';
}

function rangeOf({ range: [least, most] }: BenchRow) {
	return `${least} to ${most}`;
}

function memoryOf({ peakMegabytes }: BenchRow) {
	return peakMegabytes === null ? '-' : Math.round(peakMegabytes);
}

/**
 * @param parts of one
 */
function round(value: number, parts: number = 10) {
	return Math.round(value * parts) / parts;
}
