import { describe, expect, it } from 'vitest';
import {
	labelReadings,
	mainBackend,
	measure,
	medianGap,
	notRecognised
} from '../../../tools/lib/metrics';
import {
	matchRows,
	NOT_RECOGNISED,
	parseResults,
	resultsCsv,
	type ResultRow
} from '../../../tools/lib/results-csv';
import { exampleManifest } from '../helpers/manifest';
import { RECOGNITION } from '../helpers/small-model';

const row = (path: string, score: number | null, second: number): ResultRow => ({
	path,
	score,
	category: score === null ? '' : 'likely',
	backend: score === null ? '' : 'wasm',
	time: Date.UTC(2026, 10, 21, 5, 0, second),
	reason: score === null ? 'This is no image.' : '',
	unlikeness: null
});

const MODEL = { id: 'm', version: '1.0.0' };
const tableOf = (found: ResultRow[]) => resultsCsv(found, MODEL);

const rows = parseResults(
	tableOf([
		row('test/PNEUMONIA/a, "b".jpeg', 0.75, 1),
		row('=test/NORMAL/c.jpeg', 0.25, 2),
		row('test/NORMAL/notes.txt', null, 5),
		row('test/NORMAL/d.jpeg', 0.5, 8)
	])
);

describe('the table of results', () => {
	it('is read back as it was written, guarded names included', () => {
		expect(rows.map((one) => [one.path, one.score])).toEqual([
			['test/PNEUMONIA/a, "b".jpeg', 0.75],
			['=test/NORMAL/c.jpeg', 0.25],
			['test/NORMAL/notes.txt', null],
			['test/NORMAL/d.jpeg', 0.5]
		]);
		expect(rows[2]?.reason).toBe('This is no image.');
		expect(rows[0]?.time).toBe(Date.UTC(2026, 10, 21, 5, 0, 1));
	});

	it('says whose scores they are, for the Python tools', () => {
		const [head, first] = tableOf([row('a.png', 0.1234567, 1)])
			.slice(1)
			.split('\r\n');
		expect(head).toBe('path,score,category,model,model_version,backend,time,reason,unlikeness');
		expect(first).toBe('a.png,0.123457,likely,m,1.0.0,wasm,2026-11-21T05:00:01.000Z,,');
	});

	it('is refused with a sentence when it is another file', () => {
		expect(() => parseResults('name,value\r\na,1\r\n')).toThrow(/has no column path, score/);
	});

	it("gives each file its row, whether the folder's own name stands in front or not", () => {
		const found = matchRows(rows, ['NORMAL/d.jpeg', 'test/NORMAL/notes.txt', 'x.png'], 'test');
		expect([...found.keys()]).toEqual(['NORMAL/d.jpeg', 'test/NORMAL/notes.txt']);
	});
});

describe('metrics of a run', () => {
	const files = [
		{ path: 'NORMAL/d.jpeg', className: 'NORMAL' },
		{ path: 'NORMAL/notes.txt', className: 'NORMAL' },
		{ path: 'PNEUMONIA/a, "b".jpeg', className: 'PNEUMONIA' }
	];
	const byPath = matchRows(
		rows,
		files.map((file) => file.path),
		'test'
	);

	it('count the images that were read, by the truth of their folder', () => {
		const readings = labelReadings(files, byPath, exampleManifest());
		expect(readings).toEqual([
			{ positive: false, score: 0.5, patient: 'd' },
			{ positive: true, score: 0.75, patient: 'a, "b"' }
		]);
		const figures = measure(readings, [{ id: 'balanced', threshold: 0.5 }]);
		expect(figures).toMatchObject({ n: 2, positives: 1, patients: 2, auc: 1 });
		expect(figures.operatingPoints['balanced']).toMatchObject({
			threshold: 0.5,
			accuracy: 0.5,
			sensitivity: 1,
			specificity: 0,
			confusion: { truePositive: 1, falsePositive: 1, trueNegative: 0, falseNegative: 0 }
		});
	});

	it('are null, not missing, where nothing defines them', () => {
		const figures = measure([{ positive: true, score: 1, patient: 'p' }], []);
		expect(figures.auc).toBeNull();
		expect(figures.aucCI).toBeNull();
	});

	it('need a folder of the positive class', () => {
		const normal = files.filter((file) => file.className === 'NORMAL');
		expect(() => labelReadings(normal, byPath, exampleManifest())).toThrow(
			/positive class, pneumonia/
		);
	});

	it('tell how many of the images with a score are not recognised', () => {
		const odd = (second: number): ResultRow => ({
			...row('odd.png', 0.9, second),
			category: NOT_RECOGNISED,
			unlikeness: 1.5
		});
		const found = parseResults(
			tableOf([odd(1), { ...row('b.png', 0.9, 2), unlikeness: 0.5 }, row('c', null, 3), odd(4)])
		);
		expect(found.map(({ unlikeness }) => unlikeness)).toEqual([1.5, 0.5, null, 1.5]);
		const knowing = { recognition: RECOGNITION };
		expect(notRecognised(found, knowing)).toEqual({ count: 2, share: 2 / 3 });
		expect(notRecognised(rows, knowing)).toEqual({ count: 0, share: 0 });
		// No rule: not zero, nothing.
		expect(notRecognised(rows, { recognition: null })).toBeNull();
		expect(notRecognised([], knowing)).toBeNull();
	});

	it('tell the backend that read most, and the median time between two images', () => {
		expect(mainBackend(rows)).toBe('wasm');
		expect(medianGap(rows)).toBe(3500);
		expect(medianGap([])).toBeNull();
	});
});
