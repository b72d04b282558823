// Arithmetic and words of `npm run bench -- --scale`: what an image costs in lists of different
// lengths.
import { median } from '../lib/statistics.ts';
import { markdownTable } from '../lib/table.ts';
import type { BenchFile } from './report.ts';

/** About so many images are read of each length, short lists several times. */
const IMAGES = 3000;

/** when the page showed how many were done, ms */
export type Mark = { at: number; done: number };

/** one list, from the drop to the last score */
export interface ScaleRun {
	files: number;
	/** after the first images */
	msPerImage: number;
	/** an image, of all the browser's processes and cores */
	processorMs: number;
	/** an image, in which the page's own thread was busy */
	pageMs: number;
	/** of the page's thread once it has the files; 0 where none took 50 ms (what browsers call a long task) */
	longestTaskMs: number;
	/** JavaScript heap of the page, garbage included */
	heapPeakMegabytes: number;
	/** the same after a collection */
	heapKeptMegabytes: number;
	/** most that all processes take, less an empty page */
	memoryMegabytes: number | null;
	/** by which IndexedDB grew */
	databaseMegabytes: number;
}

export type ScaleRow = Omit<ScaleRun, 'msPerImage'> & {
	runs: number;
	msPerImage: number;
	range: [number, number];
};

/** scale.json */
export interface ScaleFile {
	date: string;
	machine: BenchFile['machine'];
	model: string;
	modelVersion: string;
	input: string;
	backend: string;
	lanes: number;
	/** images of which the files are made */
	sources: number;
	/** whether those were given, or are the samples */
	originals: boolean;
	/** the shortest list first */
	rows: ScaleRow[];
	/** in the order in which they were made */
	runs: ScaleRun[];
}

/**
 * Which list comes when: short ones more often, all spread over the whole time, so that a machine
 * that grows slower meanwhile slows all alike.
 * @param most times that one length is read
 */
export function scheduleOf(counts: readonly number[], most: number): number[] {
	return counts
		.flatMap((count) => {
			const times = Math.min(most, Math.max(1, Math.round(IMAGES / count)));
			return Array.from({ length: times }, (_, i) => ({ count, place: (i + 0.5) / times }));
		})
		.sort((a, b) => a.place - b.place || a.count - b.count)
		.map(({ count }) => count);
}

/**
 * Time an image once the first are done: those pay for starting.
 * @param marks in order
 * @param warmUp images that are not counted
 * @returns milliseconds; NaN where no image came after them
 */
export function pace(marks: readonly Mark[], warmUp: number): number {
	const from = marks.find(({ done }) => done >= warmUp);
	const to = marks.at(-1);
	return from && to && to.done > from.done ? (to.at - from.at) / (to.done - from.done) : NaN;
}

/**
 * One row a length: times and sizes are medians, what says "at most" the largest.
 * @returns the shortest list first
 */
export function scaleRows(runs: readonly ScaleRun[]): ScaleRow[] {
	const lengths = [...new Set(runs.map(({ files }) => files))].sort((a, b) => a - b);
	return lengths.map((files) => {
		const same = runs.filter((run) => run.files === files);
		const of = (
			name:
				| 'msPerImage'
				| 'processorMs'
				| 'pageMs'
				| 'longestTaskMs'
				| 'heapPeakMegabytes'
				| 'heapKeptMegabytes'
				| 'databaseMegabytes'
		) => same.map((run) => run[name]);
		const memory = same.map(({ memoryMegabytes }) => memoryMegabytes);
		return {
			files,
			runs: same.length,
			msPerImage: round(median(of('msPerImage')), 10),
			range: [round(Math.min(...of('msPerImage')), 10), round(Math.max(...of('msPerImage')), 10)],
			processorMs: round(median(of('processorMs')), 10),
			pageMs: round(median(of('pageMs')), 100),
			longestTaskMs: Math.max(...of('longestTaskMs')),
			heapPeakMegabytes: Math.max(...of('heapPeakMegabytes')),
			heapKeptMegabytes: round(median(of('heapKeptMegabytes')), 10),
			memoryMegabytes: memory.includes(null) ? null : Math.max(...memory.map(Number)),
			databaseMegabytes: round(median(of('databaseMegabytes')), 10)
		};
	});
}

export function scaleTable(rows: readonly ScaleRow[]) {
	return markdownTable(
		[
			'files',
			'lists',
			'ms an image, median',
			'range',
			'processor, ms an image',
			"page's thread, ms an image",
			'longest task, ms',
			'JS heap at most, MB',
			'kept, MB',
			'memory at most, MB',
			'IndexedDB, MB'
		],
		rows.map((row) => [
			row.files,
			row.runs,
			row.msPerImage,
			`${row.range[0]} to ${row.range[1]}`,
			row.processorMs,
			row.pageMs,
			row.longestTaskMs || 'under 50',
			row.heapPeakMegabytes,
			row.heapKeptMegabytes,
			row.memoryMegabytes ?? '-',
			row.databaseMegabytes
		])
	);
}

/**
 * The longest list against the shortest.
 * @param rows the shortest list first
 * @returns time: an image's, 1 where it stays the
 *   same; heapKilobytes: that stay of each further file; null without two lengths
 */
export function growthOf(
	rows: readonly ScaleRow[]
): { time: number; heapKilobytes: number } | null {
	const [short, long] = [rows[0], rows.at(-1)];
	if (!short || !long || long.files <= short.files) return null;
	const heap = long.heapKeptMegabytes - short.heapKeptMegabytes;
	return {
		time: round(long.msPerImage / short.msPerImage, 1000),
		heapKilobytes: round((1000 * heap) / (long.files - short.files), 100)
	};
}

/**
 * @param rows the shortest list first
 */
export function growthSentence(rows: readonly ScaleRow[]) {
	const growth = growthOf(rows);
	if (!growth) return '';
	const [short, long] = [rows[0], rows.at(-1)].map((row) => count(row?.files ?? 0));
	return `In a list of ${long} an image takes ${growth.time} of the time that it takes in one of ${short}, and each further file keeps ${growth.heapKilobytes} kB of JavaScript heap.`;
}

/**
 * The figures in words and a table, for docs/results.md.
 * @returns Markdown
 */
export function scaleSection(file: ScaleFile): string {
	const { machine, rows } = file;
	const made = `${file.originals ? 'original-size JPEGs' : 'sample images'}, each file a copy with bytes of its own`;
	return [
		`\`npm run bench -- --scale\`, ${file.date.slice(0, 10)}: whole lists of different lengths, \`${file.model}\` ${file.modelVersion} (${file.input}; ${file.backend}, ${file.lanes} lane${file.lanes > 1 ? 's' : ''}) on ${machine.cores} cores (${machine.cpu}), ${machine.browser}; files made of ${file.sources} ${made}. The first images of a list, which pay for its start, are not counted. "Memory" is that of all the browser's processes, less an empty page.`,
		scaleTable(rows),
		growthSentence(rows)
	]
		.filter(Boolean)
		.join('\n\n');
}

function count(value: number) {
	return value.toLocaleString('en-GB');
}

/**
 * @param parts of one
 */
function round(value: number, parts: number) {
	return Math.round(value * parts) / parts;
}
