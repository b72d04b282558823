/** What `npm run bench -- --smears` makes of its figures. */
import { describe, expect, it } from 'vitest';
import type { FieldParts } from '../../../tools/bench/pages/protocol';
import { scaleRows, type ScaleRun } from '../../../tools/bench/scale-report';
import {
	cellsTable,
	fieldsTable,
	smearsSection,
	stepsTable,
	type CellRow,
	type SmearsFile
} from '../../../tools/bench/smears-report';

const part = (changes: Partial<FieldParts>): FieldParts => ({
	...{ cells: 120, width: 1490, height: 892 },
	...{ decodeMs: 40, findMs: 140, cutMs: 90, restMs: 30 },
	...changes
});
const parts = [part({}), part({ cells: 140, cutMs: 110, findMs: 150 }), part({ findMs: 170 })];
const cells: CellRow[] = [
	{
		engine: 'fieldlens',
		numbers: 'int8',
		layout: '2 lanes of one thread, batch 8',
		msPerCell: 5.004
	},
	{ engine: 'onnxruntime-web', numbers: 'fp32', layout: '2 threads, batch 8', msPerCell: 30 }
];
const run = (files: number, changes: Partial<ScaleRun>): ScaleRun => ({
	...{ files, msPerImage: 1204, processorMs: 2300, pageMs: 12 },
	...{ longestTaskMs: 0, heapPeakMegabytes: 20, heapKeptMegabytes: 7 },
	...{ memoryMegabytes: 410, databaseMegabytes: 2 },
	...changes
});
const runs = [run(50, {}), run(200, { msPerImage: 1196, memoryMegabytes: null })];
const file: SmearsFile = {
	date: '2026-11-30T12:00:00.000Z',
	machine: {
		cpu: 'Some CPU',
		cpuKind: 'avx2',
		cores: 2,
		node: '20.0.0',
		browser: 'Chromium 1',
		gpuBackends: []
	} as unknown as SmearsFile['machine'],
	...{ model: 'malaria-resnet34', modelVersion: '2.1.0', input: '80 x 80 x 3' },
	...{ backend: 'int8', lanes: 2, sources: 3, originals: true, rounds: 5 },
	...{ parts, cells, rows: scaleRows(runs), runs }
};
const lines = (table: string) => table.split('\n').map((line) => line.replace(/ +/g, ' '));

describe('the tables', () => {
	it('give each step as the median over the fields, reading by the cells of the middle one', () => {
		expect(lines(stepsTable(file)).slice(2)).toEqual([
			'| photograph decoded | 40 | one thread |',
			'| cells found | 150 | one thread |',
			'| 120 red cells cut out, each with its small picture | 90 | one thread |',
			'| small picture of the field, notes on its quality | 30 | one thread |',
			'| 120 cells read | 600 | 2 lanes of one thread, batch 8 |'
		]);
	});

	it('give a field of a list in seconds, and its memory where the system says it', () => {
		expect(lines(fieldsTable(file)).slice(2)).toEqual([
			'| 50 | 1.20 | 2.30 | 12 | 410 | 7 | 2 |',
			'| 200 | 1.20 | 2.30 | 12 | - | 7 | 2 |'
		]);
	});

	it('give the same cells in each engine', () => {
		expect(lines(cellsTable(file)).slice(2)).toEqual([
			'| fieldlens | int8 | 2 lanes of one thread, batch 8 | 5.00 | 600 |',
			'| onnxruntime-web | fp32 | 2 threads, batch 8 | 30.00 | 3600 |'
		]);
	});
});

it('the section says what was measured, on what', () => {
	const section = smearsSection(file);
	expect(section).toContain('2026-11-30: `malaria-resnet34` 2.1.0 (80 x 80 x 3; int8, 2 lanes)');
	expect(section).toContain('3 photographs of 1490 x 892 pixels');
	for (const table of [fieldsTable(file), stepsTable(file), cellsTable(file)]) {
		expect(section).toContain(table);
	}
});
