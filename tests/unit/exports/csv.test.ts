import Papa from 'papaparse';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { csvOf } from '../../../src/lib/exports/csv';
import type { ReportRow } from '../../../src/lib/exports/report';
import { reportFileName } from '../../../src/lib/exports/file-name';
import { EXPORTS } from '../../../src/lib/exports/registry';
import { saveReport } from '../../../src/lib/exports/save';
import { exampleManifest } from '../helpers/manifest';
import { reviewOf } from '../helpers/rows';

function rowOf(changes: Partial<ReportRow> = {}): ReportRow {
	return {
		path: 'ward/film.jpg',
		score: 0.75,
		category: 'likely',
		operatingPoint: 'balanced',
		model: 'example',
		modelVersion: '1.2.3',
		backend: 'wasm',
		time: '2026-11-21T09:30:00.000Z',
		reason: '',
		unlikeness: null,
		cropped: false,
		region: null,
		review: null,
		outside: [],
		overruled: false,
		...changes
	};
}

/** The file as a program reads it back. */
function readBack(csv: string): Record<string, string>[] {
	const parsed = Papa.parse<Record<string, string>>(csv.replace(/^\ufeff/, ''), {
		header: true,
		skipEmptyLines: true
	});
	expect(parsed.errors).toEqual([]);
	return parsed.data;
}

const pathOf = (path: string) => readBack(csvOf([rowOf({ path })]))[0].path;

describe('the list as CSV', () => {
	it('has a line a file, with everything that is known of it', () => {
		const csv = csvOf([
			rowOf(),
			rowOf({ path: 'b.png', score: 0.000_000_4, category: 'not-seen' })
		]);
		expect(csv).toBe(
			'\ufeff' +
				'path,score,category,operating_point,model,model_version,backend,time,reason,unlikeness,' +
				'finding,agreement,review_reason,note,reviewer,reviewed_at,outside_use,overruled,picture,' +
				'region_notes,outline\r\n' +
				'ward/film.jpg,0.750000,likely,balanced,example,1.2.3,wasm,2026-11-21T09:30:00.000Z,,,,,,,,,,,,,\r\n' +
				'b.png,0.000000,not-seen,balanced,example,1.2.3,wasm,2026-11-21T09:30:00.000Z,,,,,,,,,,,,,\r\n'
		);
	});

	it('says why an image is outside the intended use, and whether that was overruled', () => {
		const outside = ['an adult (34 years)', 'the body part HAND'];
		const rows = readBack(
			csvOf([
				rowOf({ category: 'outside', outside }),
				rowOf({ category: 'likely', outside, overruled: true }),
				rowOf()
			])
		);
		expect(rows).toMatchObject([
			{
				category: 'outside intended use',
				outside_use: 'an adult (34 years); the body part HAND',
				overruled: ''
			},
			{
				category: 'likely',
				outside_use: 'an adult (34 years); the body part HAND',
				overruled: 'yes'
			},
			{ category: 'likely', outside_use: '', overruled: '' }
		]);
	});

	it('says which scores are of a film that was marked by hand', () => {
		const rows = readBack(csvOf([rowOf({ cropped: true }), rowOf()]));
		expect(rows.map(({ picture }) => picture)).toEqual(['cropped by hand', '']);
	});

	it('says in words what is not recognised, and how unlike it is, and keeps its score', () => {
		const [row] = readBack(csvOf([rowOf({ category: 'unrecognised', unlikeness: 1.25 })]));
		expect(row).toMatchObject({
			score: '0.750000',
			category: 'not recognised',
			unlikeness: '1.250000'
		});
	});

	it('says what a person said of it, and whether that differs', () => {
		const review = reviewOf('absent', { reason: 'A rib', note: 'see "B", again', by: 'KL' });
		const [row] = readBack(csvOf([rowOf({ review: { ...review, agreement: 'differs' } })]));
		expect(row).toMatchObject({
			reason: '',
			finding: 'absent',
			agreement: 'differs',
			review_reason: 'A rib',
			note: 'see "B", again',
			reviewer: 'KL',
			reviewed_at: '2026-11-21T10:00:00.000Z'
		});
	});

	it('says in words what is outside the intended use', () => {
		const [row] = readBack(csvOf([rowOf({ category: 'outside' })]));
		expect(row).toMatchObject({ score: '0.750000', category: 'outside intended use' });
	});

	it('gives an unread file a reason in place of a score', () => {
		const reason = 'The end of the image is missing, "half" of it is there.';
		const [row] = readBack(csvOf([rowOf({ score: null, category: null, backend: '', reason })]));
		expect(row).toMatchObject({ score: '', category: '', backend: '', reason });
	});

	it('of no files is its heading', () => {
		expect(csvOf([])).toMatch(/^\ufeffpath,[a-z_,]+\r\n$/);
	});

	it('begins with a byte order mark, once, and ends each line as RFC 4180 says', () => {
		const csv = csvOf([rowOf(), rowOf()]);
		expect(csv.startsWith('\ufeff')).toBe(true);
		expect(csv.lastIndexOf('\ufeff')).toBe(0);
		expect(csv.endsWith('\r\n')).toBe(true);
		expect(csv.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
	});

	it.each([
		'with, comma.jpg',
		'with "quotes".jpg',
		'with\nnewline.jpg',
		'with\r\nboth.jpg',
		' spaces ',
		'наука/Übung/写真.jpg',
		"it's.jpg",
		'a;b\tc.jpg',
		'a=b.jpg'
	])('keeps a name as it is: %j', (path) => {
		expect(pathOf(path)).toBe(path);
	});
});

describe('a name that a spreadsheet would run', () => {
	it.each([
		'=HYPERLINK("http://x")',
		'+1+1',
		'-1+1.jpg',
		'@SUM(A1)',
		'\t=1+1',
		'\r=1+1',
		'\n=1+1',
		'=cmd|x\nsecond line',
		'=1\r\n=2',
		'='
	])('gets an apostrophe: %j', (path) => {
		expect(pathOf(path)).toBe(`'${path}`);
		expect(csvOf([rowOf({ path })])).toContain(`\r\n"'`);
	});

	it('is neutralised in all that a person writes', () => {
		const review = reviewOf('absent', { reason: '=1+1', note: '@SUM(A1)\nmore', by: '-2' });
		const [row] = readBack(csvOf([rowOf({ review: { ...review, agreement: 'agree' } })]));
		expect(row).toMatchObject({
			review_reason: "'=1+1",
			note: "'@SUM(A1)\nmore",
			reviewer: "'-2"
		});
	});

	it('is neutralised in a reason too, and a low score is not taken for one', () => {
		const [row] = readBack(csvOf([rowOf({ score: 0, reason: '=1+1' })]));
		expect(row).toMatchObject({ score: '0.000000', reason: "'=1+1" });
	});
});

describe('the name of the file', () => {
	it('has the date and the time, in figures that sort', () => {
		expect(reportFileName(new Date(2026, 0, 5, 7, 3), 'csv')).toBe('fieldlens-2026-01-05-0703.csv');
		expect(reportFileName(new Date(2026, 10, 21, 19, 30), 'json')).toBe(
			'fieldlens-2026-11-21-1930.json'
		);
	});
});

describe('saving', () => {
	const link = { href: '', download: '', click: vi.fn() };
	let saved: Blob | null = null;

	beforeEach(() => {
		vi.useFakeTimers({ now: new Date(2026, 10, 21, 9, 30) });
		vi.stubGlobal('document', { createElement: () => link });
		vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
			saved = blob as Blob;
			return 'blob:list';
		});
		vi.spyOn(URL, 'revokeObjectURL').mockReturnValue();
	});
	afterEach(() => {
		vi.useRealTimers();
		vi.restoreAllMocks();
		vi.unstubAllGlobals();
	});

	it('hands the list to the browser as a file, and lets it go later', async () => {
		saveReport(EXPORTS[0], { rows: [rowOf()], model: null, made: new Date() });
		expect(link).toMatchObject({ href: 'blob:list', download: 'fieldlens-2026-11-21-0930.csv' });
		expect(link.click).toHaveBeenCalledOnce();
		const bytes = new Uint8Array(await saved!.arrayBuffer());
		expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
		expect(URL.revokeObjectURL).not.toHaveBeenCalled();
		vi.runAllTimers();
		expect(URL.revokeObjectURL).toHaveBeenCalledWith('blob:list');
	});

	it('gives other programs the same as JSON', async () => {
		const manifest = exampleManifest();
		const model = { manifest, point: manifest.operatingPoints[0] };
		saveReport(EXPORTS[1], { rows: [rowOf()], model, made: new Date() });
		expect(link).toMatchObject({ href: 'blob:list', download: 'fieldlens-2026-11-21-0930.json' });
		expect(saved!.type).toBe('application/json');
		expect(JSON.parse(await saved!.text()).images).toHaveLength(1);
	});
});
