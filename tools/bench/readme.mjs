// @ts-check
// What the bench writes into README.md: each of its sections between two markers.
import { chartBars, readmeTable } from './report.mjs';
import { barChart } from './chart.mjs';
import { Problem } from '../lib/problem.mjs';

/** The sections, each with the lines that stand before and after it. */
const MARKERS = {
	bench: ['<!-- bench:start, written by `npm run bench -- --readme` -->', '<!-- bench:end -->'],
	scale: [
		'<!-- scale:start, written by `npm run bench -- --scale --readme` -->',
		'<!-- scale:end -->'
	]
};

/** The chart's place, from the repository's root. */
export const CHART = 'docs/images/bench.svg';

/** @typedef {import('./report.mjs').BenchFile} BenchFile */

/**
 * A text with what stands between the markers of a section replaced; the markers stay.
 * @param {string} text
 * @param {keyof typeof MARKERS} name
 * @param {string} section
 * @returns {string}
 * @throws {Problem} where the markers are not there once each, in order
 */
export function replaceSection(text, name, section) {
	const [first = '', last = ''] = MARKERS[name];
	const start = text.indexOf(first);
	const end = text.indexOf(last);
	const once = text.lastIndexOf(first) === start && text.lastIndexOf(last) === end;
	if (start < 0 || end < start || !once) {
		throw new Problem(`README.md must hold these two lines once each:\n${first}\n${last}`);
	}
	return `${text.slice(0, start + first.length)}\n\n${section}\n\n${text.slice(end)}`;
}

/**
 * The figures of the first backend in words, picture and table.
 * @param {BenchFile} file
 * @returns {string} Markdown
 */
export function readmeSection(file) {
	const { machine, images, rounds } = file;
	const { rows = [], ratios, firstScoreMs, firstScoreJustOpenedMs } = file.backends[0] ?? {};
	const kind = images.generated ? 'generated JPEGs' : 'original-size JPEGs';
	const sentences = [
		ratios?.fp32 &&
			`From JPEG to score Fieldlens takes ${ratios.fp32} of the time that ONNX Runtime Web takes for the inference alone in fp32, with all threads and its better batch.`,
		ratios?.int8 && `Against the same in int8, quantised by its own tool: ${ratios.int8}.`,
		`The first score comes ${seconds(firstScoreMs)} after the drop, ${seconds(firstScoreJustOpenedMs)} when the images are dropped while the page still opens.`,
		`The model is ${megabytes(file.package.wireBytes)} on the wire (its weights as an ONNX file in fp32: ${megabytes(file.package.onnxBytes)}). From storage to a checked first lane it takes ${file.loading
			.map(({ backend, ms }) => `${seconds(ms)} (${backend})`)
			.join(', ')}.`
	];
	return [
		`\`npm run bench\`, ${file.date.slice(0, 10)}: \`${file.model}\` ${file.modelVersion} (${file.input}) on ${machine.cores} cores (${machine.cpu}), ${machine.browser}, ${images.count} ${kind}, ${rounds} rounds in random order; medians. Fieldlens from JPEG to score decodes, reads and shows; "inference alone" reads pixels that lie ready. Memory is that of all the browser's processes, from an empty page, which is not counted, to the end of a first run.`,
		`![Milliseconds an image of Fieldlens, ONNX Runtime Web and TensorFlow.js](${CHART})`,
		readmeTable(rows),
		sentences.filter(Boolean).join(' ')
	].join('\n\n');
}

/**
 * @param {BenchFile} file
 * @returns {string} an SVG document
 */
export function readmeChart(file) {
	const title = `Milliseconds an image, ${file.model} on ${file.machine.cores} cores (less is better)`;
	return barChart(title, chartBars(file.backends[0]?.rows ?? []));
}

/** @param {number | undefined} ms */
function seconds(ms) {
	return ms === undefined || Number.isNaN(ms) ? 'an unknown time' : `${(ms / 1000).toFixed(1)} s`;
}

/** @param {number} bytes */
function megabytes(bytes) {
	return `${(bytes / 1e6).toFixed(1)} MB`;
}
