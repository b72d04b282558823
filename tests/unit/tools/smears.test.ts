import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode, encode } from 'fast-png';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resizePlain } from '../../../src/lib/pixels/resizer';
import { findCells, type FoundCell } from '../../../src/lib/regions/cells/find';
import { isCounted } from '../../../src/lib/smears/counted';
import { packCells } from '../../../src/lib/smears/field';
import { clusteredEstimate } from '../../../src/lib/statistics/clustered';
import { detectionOf, matchCells } from '../../../tools/lib/smear-figures';
import { evaluateSmears, type ReadField } from '../../../tools/lib/smears';
import { cellCases, drawnField } from '../helpers/cells';
import { exampleManifest } from '../helpers/manifest';

const cell = (left: number, top: number, other: Partial<FoundCell> = {}): FoundCell => ({
	...{ left, top, right: left + 10, bottom: top + 10, kind: 'red', isCut: false },
	...other
});
const box = (left: number, top: number) => ({ left, top, right: left + 10, bottom: top + 10 });

describe('found cells and marks', () => {
	it('are paired one to one, the best pairs first', () => {
		const cells = [cell(3, 0), cell(1, 0)];
		expect(matchCells([box(0, 0)], { radius: 5, cells })).toEqual({
			...{ found: 1, missed: 0, unmarked: 1 }
		});
		expect(matchCells([box(0, 0), box(0, 1)], { radius: 5, cells: [cell(0, 0)] })).toEqual({
			...{ found: 1, missed: 1, unmarked: 0 }
		});
	});

	it('are the same where the boxes share half of what they cover together', () => {
		// 3 columns aside: 70 of 130 pixels; 4 columns: 60 of 140.
		const found = (left: number) =>
			matchCells([box(0, 0)], { radius: 5, cells: [cell(left, 0)] }).found;
		expect([found(3), found(4)]).toEqual([1, 0]);
	});

	it('are the same where a middle is marked within a radius', () => {
		const found = (x: number) =>
			matchCells([{ x, y: 5 }], { radius: 5, cells: [cell(0, 0)] }).found;
		expect([found(9), found(11)]).toEqual([1, 0]);
	});

	it('leave out white cells and cells that are cut off', () => {
		const cells = [cell(0, 0), cell(30, 0, { kind: 'white' }), cell(60, 0, { isCut: true })];
		expect(matchCells([box(0, 0)], { radius: 5, cells })).toEqual({
			...{ found: 1, missed: 0, unmarked: 0 }
		});
	});

	it('give figures over all fields, the error of the count as the median field', () => {
		const fields = [
			{ found: 8, missed: 2, unmarked: 0 },
			{ found: 9, missed: 1, unmarked: 2 },
			{ found: 0, missed: 0, unmarked: 1 }
		];
		expect(detectionOf(fields)).toEqual({
			f1: 34 / 40,
			precision: 17 / 20,
			recall: 17 / 20,
			// 2 of 10 and 1 of 10.
			countError: expect.closeTo(0.15) as number,
			marks: 20,
			unmarked: 3
		});
		expect(detectionOf([])).toMatchObject({ f1: null, recall: null, countError: null });
	});
});

describe('a folder of fields', { timeout: 60_000 }, () => {
	let folder = '';
	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), 'smears-'));
		await mkdir(join(folder, 'fields'));
	});
	afterEach(() => rm(folder, { recursive: true }));

	const manifest = exampleManifest();

	/** Finds the cells under Node, and gives all the same score. */
	const read = async (fields: string, names: readonly string[]) => ({
		fields: await Promise.all(names.map((name) => readOne(fields, name))),
		medianMs: 12
	});
	async function readOne(fields: string, name: string): Promise<ReadField> {
		try {
			const { width, height, data } = decode(await readFile(join(fields, name)));
			const picture = { width, height, stride: 3, data: Uint8Array.from(data) };
			const { radius, cells } = findCells(picture, resizePlain);
			const scores = cells.map((each) =>
				isCounted(each) ? { logOdds: -2.2, distance: null } : null
			);
			const field = { radius, notes: [], cells: packCells(cells, scores), tiles: null };
			return { name, field, reason: '' };
		} catch {
			return { name, field: null, reason: 'damaged-image' };
		}
	}

	it('is compared with its marks, and what was found is written', async () => {
		const { field, found } = cellCases[0];
		const { width, height, data } = drawnField(field);
		const png = encode({ width, height, data, channels: 3, depth: 8 });
		await writeFile(join(folder, 'fields', 'one.png'), png);
		const marks = field.shapes
			.filter(({ stain, radius }) => stain === 'red' && radius < 20)
			.map(({ x, y }) => `one.png,${x},${y}`);
		await writeFile(join(folder, 'centres.csv'), ['field,x,y', ...marks].join('\n'));
		const figures = await evaluateSmears(folder, join(folder, 'out'), manifest, read);
		expect(figures).toMatchObject({
			...{ fields: 1, failed: [], counted: marks.length, cells: null, medianMs: 12 },
			detection: { recall: 1, precision: 1, f1: 1, countError: 0 }
		});
		expect(figures.slides).toMatchObject([
			{ operatingPoint: 'sensitive', cells: marks.length, suspected: 0, truth: null },
			{ cells: marks.length, suspected: 0 }
		]);
		const written = await readFile(join(folder, 'out', 'metrics.json'), 'utf8');
		expect(JSON.parse(written)).toEqual(figures);
		const cells = (await readFile(join(folder, 'out', 'cells.csv'), 'utf8')).trim().split('\n');
		expect(cells).toHaveLength(found.cells.length + 1);
		expect(cells.slice(1).some((line) => /^one\.png,.*,red,,0\.099750,/.test(line))).toBe(true);
	});

	it('gives the share of infected cells among marks with labels, and how well they are told', async () => {
		const field = cellCases[0].field;
		const { width, height, data } = drawnField(field);
		const png = encode({ width, height, data, channels: 3, depth: 8 });
		await writeFile(join(folder, 'fields', 'a.png'), png);
		const marks = field.shapes
			.filter(({ stain, radius }) => stain === 'red' && radius < 20)
			.map(({ x, y }, i) => `a.png,${i === 0 ? 'falciparum' : 'healthy'},${x},${y}`);
		await writeFile(
			join(folder, 'centres.csv'),
			['field,label,x,y', ...marks, 'b.png,healthy,1,1'].join('\n')
		);
		const { slides, cells } = await evaluateSmears(folder, join(folder, 'out'), manifest, read);
		expect(slides[0].truth).toEqual(
			clusteredEstimate([
				{ hits: 1, trials: marks.length },
				{ hits: 0, trials: 1 }
			])
		);
		// All cells have the same score.
		expect(cells).toMatchObject({ n: marks.length, positives: 1, auc: 0.5, notRecognised: 0 });
	});

	it('says which field cannot be read', async () => {
		await writeFile(join(folder, 'fields', 'broken.png'), 'no picture');
		await writeFile(join(folder, 'boxes.csv'), 'field,x,y,width,height\n');
		const { failed } = await evaluateSmears(folder, join(folder, 'out'), manifest, read);
		expect(failed).toEqual([{ field: 'broken.png', reason: 'damaged-image' }]);
	});

	it.each([
		['no marks', null],
		['a column that is missing', 'field,x,y,width\na.png,1,2,3'],
		['a mark without a number', 'field,x,y,width,height\na.png,1,2,,4']
	])('is refused with %s', async (_, boxes) => {
		await writeFile(join(folder, 'fields', 'a.png'), '');
		if (boxes !== null) await writeFile(join(folder, 'boxes.csv'), boxes);
		await expect(evaluateSmears(folder, join(folder, 'out'), manifest, read)).rejects.toThrow(
			/boxes\.csv/
		);
	});
});
