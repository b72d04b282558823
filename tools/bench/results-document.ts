// What the bench writes into docs/results.md: each of its sections between two markers.
import { dirname, relative } from 'node:path/posix';
import { chartBars, resultsTable } from './report.ts';
import { barChart } from './chart.ts';
import { cpuWords, type CpuKind } from './cpu.ts';
import { Problem } from '../lib/problem.ts';
import { replaceBetween } from '../lib/sections.ts';
import type { BenchFile } from './report.ts';

/** Each kind of processor has its section: their figures are not to be compared. */
function benchMarkers(kind: CpuKind): [string, string] {
	return [
		`<!-- bench-${kind}:start, written by \`npm run bench -- --cpu ${kind} --write\` -->`,
		`<!-- bench-${kind}:end -->`
	];
}

/** The sections, each with the lines that stand before and after it. */
const MARKERS = {
	'bench-plain': benchMarkers('plain'),
	'bench-avx2': benchMarkers('avx2'),
	'bench-vnni': benchMarkers('vnni'),
	scale: [
		'<!-- scale:start, written by `npm run bench -- --scale --write` -->',
		'<!-- scale:end -->'
	],
	smears: [
		'<!-- smears:start, written by `npm run bench -- --smears --write` -->',
		'<!-- smears:end -->'
	]
} as const;

/** Where the sections stand, from the repository's root. */
export const RESULTS = 'docs/results.md';

/** The chart of a kind of processor, from the repository's root. */
export function chartOf(kind: CpuKind): string {
	return `docs/images/bench-${kind}.svg`;
}

/** @throws {Problem} where nobody knows what V8 used: no figure without that */
export function sectionKindOf(kind: CpuKind | null): CpuKind {
	if (kind) return kind;
	throw new Problem(
		'Nobody knows which instructions V8 used here: say --cpu, or leave --write out.'
	);
}

/**
 * A text with what stands between the markers of a section replaced; the markers stay.
 * @throws {Problem} where the markers are not there once each, in order
 */
export function replaceSection(text: string, name: keyof typeof MARKERS, section: string): string {
	return replaceBetween(text, MARKERS[name], section, RESULTS);
}

/**
 * The figures of the first backend in words, picture and table.
 * @returns Markdown
 */
export function resultsSection(file: BenchFile): string {
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
		`\`npm run bench -- --cpu ${sectionKindOf(machine.cpuKind)}\`, ${file.date.slice(0, 10)}: \`${file.model}\` ${file.modelVersion} (${file.input}) on ${machine.cores} cores (${machine.cpu}, ${cpuWords(machine.cpuKind)}), ${machine.browser}, ${images.count} ${kind}, ${rounds} rounds in random order; medians. Fieldlens from JPEG to score decodes, reads and shows; "inference alone" reads pixels that lie ready. Memory is that of all the browser's processes, from an empty page, which is not counted, to the end of a first run.`,
		`![Milliseconds an image of Fieldlens, ONNX Runtime Web and TensorFlow.js](${relative(dirname(RESULTS), chartOf(sectionKindOf(machine.cpuKind)))})`,
		resultsTable(rows),
		sentences.filter(Boolean).join(' ')
	].join('\n\n');
}

/**
 * @returns an SVG document
 */
export function resultsChart(file: BenchFile): string {
	const title = `Milliseconds an image, ${file.model} on ${file.machine.cores} cores, ${cpuWords(file.machine.cpuKind)} (less is better)`;
	return barChart(title, chartBars(file.backends[0]?.rows ?? []));
}

function seconds(ms: number | undefined) {
	return ms === undefined || Number.isNaN(ms) ? 'an unknown time' : `${(ms / 1000).toFixed(1)} s`;
}

function megabytes(bytes: number) {
	return `${(bytes / 1e6).toFixed(1)} MB`;
}
