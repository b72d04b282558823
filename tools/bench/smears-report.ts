// Words and tables of `npm run bench -- --smears`.
import { median } from '../lib/statistics.ts';
import { markdownTable } from '../lib/table.ts';
import type { Engine } from './engines.ts';
import type { FieldParts } from './pages/protocol.ts';
import type { ScaleFile } from './scale-report.ts';

/** One engine's bare inference. */
export interface CellRow {
	engine: Engine;
	numbers: 'fp32' | 'int8';
	/** in words */
	layout: string;
	msPerCell: number;
}

/** smears.json */
export interface SmearsFile extends ScaleFile {
	rounds: number;
	/** of each source: the steps before reading, on one thread */
	parts: FieldParts[];
	/** Fieldlens first */
	cells: CellRow[];
}

/** What a field costs, in steps: the medians over the fields. */
export function stepsTable({ parts, cells }: Pick<SmearsFile, 'parts' | 'cells'>): string {
	const of = (step: keyof FieldParts) => Math.round(median(parts.map((field) => field[step])));
	const [own] = cells;
	const count = of('cells');
	return markdownTable(
		['step', 'ms a field', 'on'],
		[
			['photograph decoded', of('decodeMs'), 'one thread'],
			['cells found', of('findMs'), 'one thread'],
			[`${count} red cells cut out, each with its small picture`, of('cutMs'), 'one thread'],
			['small picture of the field, notes on its quality', of('restMs'), 'one thread'],
			...(own ? [[`${count} cells read`, Math.round(own.msPerCell * count), own.layout]] : [])
		]
	);
}

/** Whole lists of fields. */
export function fieldsTable({ rows }: Pick<SmearsFile, 'rows'>): string {
	return markdownTable(
		[
			'fields in the list',
			's a field',
			'processor, s a field',
			"page's thread, ms a field",
			'memory at most, MB',
			'JS heap kept, MB',
			'IndexedDB, MB'
		],
		rows.map((row) => [
			row.files,
			(row.msPerImage / 1000).toFixed(2),
			(row.processorMs / 1000).toFixed(2),
			row.pageMs,
			row.memoryMegabytes ?? '-',
			row.heapKeptMegabytes,
			row.databaseMegabytes
		])
	);
}

/** The same cells in other engines. */
export function cellsTable({ cells, parts }: Pick<SmearsFile, 'cells' | 'parts'>): string {
	const count = median(parts.map((field) => field.cells));
	return markdownTable(
		['engine', 'numbers', 'lanes and threads', 'ms a cell', `ms for ${Math.round(count)} cells`],
		cells.map(({ engine, numbers, layout, msPerCell }) => [
			engine,
			numbers,
			layout,
			msPerCell.toFixed(2),
			Math.round(msPerCell * count)
		])
	);
}

/**
 * The figures in words and tables, for docs/results.md.
 * @returns Markdown
 */
export function smearsSection(file: SmearsFile): string {
	const { machine, parts } = file;
	const [first] = parts;
	const size = first ? `${first.width} x ${first.height}` : 'unknown size';
	const made = file.originals ? 'photographs' : 'fields of the sample slide';
	return [
		`\`npm run bench -- --smears\`, ${file.date.slice(0, 10)}: \`${file.model}\` ${file.modelVersion} (${file.input}; ${file.backend}, ${file.lanes} lane${file.lanes > 1 ? 's' : ''}) on ${machine.cores} cores (${machine.cpu}), ${machine.browser}; ${file.sources} ${made} of ${size} pixels, each file of a list a copy with bytes of its own. From the drop to the last score on the disk; the first fields of a list are not counted. "Memory" is that of all the browser's processes, less an empty page.`,
		fieldsTable(file),
		`The steps apart, medians over the fields and ${file.rounds} rounds; in the app the next field is prepared while the cells of one are read:`,
		stepsTable(file),
		'The bare inference of the cells by other engines, from pixels that lie ready:',
		cellsTable(file)
	].join('\n\n');
}
