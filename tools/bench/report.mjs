// @ts-check
// The bench's rows, tables and ratios.
import { markdownTable } from '../lib/table.mjs';
import { median } from '../lib/statistics.mjs';

/**
 * @typedef {import('./engines.mjs').Contender} Contender
 *
 * @typedef {object} BenchRow
 * @property {import('./engines.mjs').Engine} engine
 * @property {string} model
 * @property {string} backend
 * @property {'fp32' | 'int8'} numbers
 * @property {number} threads
 * @property {number} lanes
 * @property {number} batch
 * @property {string} layout
 * @property {boolean} endToEnd
 * @property {number} [largestDifference] of the logits of the reference images
 * @property {number} msPerImage median of the rounds
 * @property {[number, number]} range
 * @property {number[]} rounds
 * @property {number | null} peakMegabytes most memory of its browser, from an empty page to the end
 *   of a first run, less that of the empty page; null where the system does not say
 *
 * @typedef {object} BackendFigures all that was measured in the same rounds
 * @property {string} backend `cpu`, `webgl` or `webgpu`
 * @property {BenchRow[]} rows
 * @property {string[]} leftOut
 * @property {{ fp32: number | null, int8: number | null }} ratios to ONNX Runtime Web
 * @property {number} firstScoreMs after the drop
 * @property {number} firstScoreJustOpenedMs the same where the page still opened
 *
 * @typedef {object} BenchFile bench.json
 * @property {string} date
 * @property {Awaited<ReturnType<typeof import('./machine.mjs').describeMachine>>} machine
 * @property {string} model
 * @property {string} modelVersion
 * @property {string} input
 * @property {{ count: number, generated: boolean }} images
 * @property {number} rounds
 * @property {{ wireBytes: number, onnxBytes: number }} package
 * @property {{ backend: import('../lib/browser.mjs').Backend, ms: number, range: [number, number] }[]} loading milliseconds
 *   from the stored package to the first lane that may read, median and range
 * @property {BackendFigures[]} backends
 */

/**
 * @param {Contender} contender
 * @param {string} model
 * @param {readonly number[]} times milliseconds an image, one a round
 * @param {number | null} peakMegabytes
 * @returns {BenchRow}
 */
export function rowOf(contender, model, times, peakMegabytes) {
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

/**
 * @param {readonly number[]} times
 * @returns {{ msPerImage: number, range: [number, number] }}
 */
function medianAndRange(times) {
	return {
		msPerImage: round(median(times)),
		range: [round(Math.min(...times)), round(Math.max(...times))]
	};
}

/**
 * Fieldlens end to end, as it reads by itself, against the bare inference of ONNX Runtime Web
 * in one lane with all threads, at its better batch.
 * @param {readonly BenchRow[]} rows of the same rounds
 * @param {'fp32' | 'int8'} numbers ONNX Runtime Web's
 * @returns {number | null} below 1 where Fieldlens is the faster one; null without both
 */
export function ratioToOnnxRuntime(rows, numbers) {
	const ours = ownRow(rows);
	const theirs = rows
		.filter((row) => row.engine === 'onnxruntime-web' && row.lanes === 1)
		.filter((row) => row.numbers === numbers)
		.map((row) => row.msPerImage);
	return ours && theirs.length > 0 ? round(ours.msPerImage / Math.min(...theirs), 1000) : null;
}

/**
 * Fieldlens from the file to the score, in whole numbers where it was measured.
 * @param {readonly BenchRow[]} rows
 */
function ownRow(rows) {
	const ours = rows.filter(({ engine, endToEnd }) => engine === 'fieldlens' && endToEnd);
	return ours.find(({ numbers }) => numbers === 'int8') ?? ours[0];
}

/** @param {readonly BenchRow[]} rows */
export function benchTable(rows) {
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

/**
 * The table for README.md, what goes from JPEG to score in bold.
 * @param {readonly BenchRow[]} rows
 */
export function readmeTable(rows) {
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

/**
 * @param {readonly BenchRow[]} rows
 * @returns {import('./chart.mjs').Bar[]}
 */
export function chartBars(rows) {
	return rows.map((row) => ({
		label: `${nameOf(row)}, ${row.endToEnd ? 'JPEG to score' : row.layout}`,
		value: row.msPerImage,
		range: row.range,
		ours: row.endToEnd
	}));
}

/**
 * What is printed once, below all tables.
 * @param {Pick<BenchFile, 'package' | 'loading'>} file
 * @returns {string[]} lines
 */
export function onceLines({ package: { wireBytes, onnxBytes }, loading }) {
	return [
		`Package on the wire: ${wireBytes} bytes (as ONNX in fp32: ${onnxBytes})`,
		...loading.map(
			({ backend, ms, range }) =>
				`Stored package to admitted lane, ${backend}: ${ms} ms (${range[0]} to ${range[1]})`
		)
	];
}

/**
 * @param {import('../lib/browser.mjs').Backend} backend
 * @param {readonly number[]} times milliseconds
 * @returns {BenchFile['loading'][number]}
 */
export function loadingOf(backend, times) {
	const { msPerImage: ms, range } = medianAndRange(times);
	return { backend, ms, range };
}

const NAMES = {
	fieldlens: 'Fieldlens',
	tfjs: 'TensorFlow.js',
	'onnxruntime-web': 'ONNX Runtime Web'
};

/** @param {BenchRow} row */
function nameOf({ engine, numbers }) {
	return `${NAMES[engine]}, ${numbers}`;
}

/** @param {BenchRow} row */
function measuredOf({ endToEnd }) {
	return endToEnd ? 'JPEG to score' : 'inference alone';
}

/** @param {BenchRow} row */
function rangeOf({ range: [least, most] }) {
	return `${least} to ${most}`;
}

/** @param {BenchRow} row */
function memoryOf({ peakMegabytes }) {
	return peakMegabytes === null ? '-' : Math.round(peakMegabytes);
}

/**
 * @param {number} value
 * @param {number} [parts] of one
 */
function round(value, parts = 10) {
	return Math.round(value * parts) / parts;
}
