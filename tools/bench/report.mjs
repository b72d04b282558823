// @ts-check
// The bench's table and file.
import { markdownTable } from '../lib/table.mjs';
import { median } from '../lib/statistics.mjs';

/**
 * @typedef {import('./engines.mjs').Contender} Contender
 *
 * @typedef {object} BenchRow
 * @property {string} engine
 * @property {string} model
 * @property {string} backend
 * @property {number} threads
 * @property {number} lanes
 * @property {number} batch
 * @property {string} layout
 * @property {boolean} endToEnd
 * @property {number} msPerImage median of the rounds
 * @property {[number, number]} range
 * @property {number[]} rounds
 */

/**
 * @param {Contender} contender
 * @param {string} model
 * @param {string} backend
 * @param {readonly number[]} times milliseconds an image, one a round
 * @returns {BenchRow}
 */
export function rowOf(contender, model, backend, times) {
	const { engine, threads, lanes, batch, layout, endToEnd } = contender;
	return {
		engine,
		model,
		backend,
		threads,
		lanes,
		batch,
		layout,
		endToEnd,
		msPerImage: round(median(times)),
		range: [round(Math.min(...times)), round(Math.max(...times))],
		rounds: times.map(round)
	};
}

/**
 * Fieldlens end to end against the bare inference of ONNX Runtime Web at its better batch,
 * with all threads.
 * @param {readonly BenchRow[]} rows of one backend
 * @returns {number | null} below 1 where Fieldlens is the faster one
 */
export function ratioToOnnxRuntime(rows) {
	const ours = rows.find((row) => row.engine === 'fieldlens');
	const theirs = rows
		.filter((row) => row.engine === 'onnxruntime-web' && row.lanes === 1)
		.map((row) => row.msPerImage);
	return ours && theirs.length > 0 ? round(ours.msPerImage / Math.min(...theirs), 1000) : null;
}

/** @param {readonly BenchRow[]} rows */
export function benchTable(rows) {
	const fastest = rows.find((row) => row.engine === 'fieldlens')?.msPerImage ?? NaN;
	return markdownTable(
		['engine', 'backend', 'layout', 'measured', 'ms an image', 'range', 'ratio to Fieldlens'],
		rows.map((row) => [
			NAMES[/** @type {keyof typeof NAMES} */ (row.engine)],
			row.backend,
			row.layout,
			row.endToEnd ? 'JPEG to score' : 'inference alone',
			row.msPerImage,
			`${row.range[0]} to ${row.range[1]}`,
			round(row.msPerImage / fastest, 100)
		])
	);
}

const NAMES = {
	fieldlens: 'Fieldlens',
	tfjs: 'TensorFlow.js',
	'onnxruntime-web': 'ONNX Runtime Web'
};

/**
 * @param {number} value
 * @param {number} [parts] of one
 */
function round(value, parts = 10) {
	return Math.round(value * parts) / parts;
}
