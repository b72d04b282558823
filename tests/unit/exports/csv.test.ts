import Papa from 'papaparse';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { csv, csvOf } from '../../../src/lib/exports/csv';
import type { ReportRow } from '../../../src/lib/exports/report';
import { reportFileName } from '../../../src/lib/exports/file-name';
import { json } from '../../../src/lib/exports/json';
import { reportFile, saveFile } from '../../../src/lib/exports/save';
import { exampleManifest } from '../helpers/manifest';
import { reviewOf } from '../helpers/rows';
import { getLocale, overwriteGetLocale } from '../../../src/lib/paraglide/runtime.js';
import { spreadsheetForm, type SpreadsheetForm } from '../../../src/lib/exports/spreadsheet';

function rowOf(changes: Partial<ReportRow> = {}): ReportRow {
	return {
		id: 0,
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
		filmFound: false,
		region: null,
		review: null,
		outside: [],
		overruled: false,
		remarks: [],
		...changes
	};
}

const manifest = exampleManifest();
const model = { manifest, point: manifest.operatingPoints[0] };
const made = new Date('2026-11-21T09:30:00.000Z');
const ENGLISH: SpreadsheetForm = { separator: ',', decimal: '.' };
const csvOfRows = (rows: readonly ReportRow[], form = ENGLISH) =>
	csvOf({ rows, model, made }, form);

/** The file as a spreadsheet reads it. */
function readBack(csv: string, delimiter = ','): Record<string, string>[] {
	const parsed = Papa.parse<Record<string, string>>(
		csv.replace(/^\ufeff/, '').replace(/^sep=.\r\n/, ''),
		{ header: true, skipEmptyLines: true, delimiter }
	);
	expect(parsed.errors).toEqual([]);
	return parsed.data;
}

const fileOf = (path: string) => readBack(csvOfRows([rowOf({ path })]))[0]['File'];

describe('the list as CSV', () => {
	it('has a line a file, in the words and figures of the screen', () => {
		const [first, second, third] = readBack(
			csvOfRows([
				rowOf(),
				rowOf({ path: 'b.png', score: 0.0004, category: 'not-seen' }),
				rowOf({ path: 'c.png', score: 0.997, category: 'uncertain' })
			])
		);
		expect(first).toMatchObject({
			File: 'ward/film.jpg',
			'Score (0 to 100)': '75',
			Category: 'Pneumonia likely',
			Setting: 'Careful: misses the fewest'
		});
		expect(first['Model']).toMatch(/1\.2\.3$/);
		expect(second).toMatchObject({ 'Score (0 to 100)': '0.0', Category: 'No pneumonia seen' });
		expect(third).toMatchObject({ 'Score (0 to 100)': '99.7', Category: 'Pneumonia possible' });
	});

	it('says when an image was read, by the clock of the device', () => {
		const [row] = readBack(csvOfRows([rowOf({ time: '2026-11-21T09:30:00.000Z' })]));
		const there = new Date('2026-11-21T09:30:00.000Z');
		expect(new Date(row['Read on'].replace(' ', 'T'))).toEqual(there);
		expect(row['Read on']).toMatch(/^2026-11-2\d \d\d:\d\d$/);
	});

	it('speaks the language of the page', () => {
		const before = getLocale;
		overwriteGetLocale(() => 'fr');
		try {
			const [row] = readBack(csvOfRows([rowOf()]));
			expect(row).toMatchObject({ Fichier: 'ward/film.jpg', Catégorie: 'Pneumonie probable' });
		} finally {
			overwriteGetLocale(before);
		}
	});

	it('says why an image is outside the intended use, and whether it was read in spite of that', () => {
		const outside = ['an adult (34 years)', 'the body part HAND'];
		const rows = readBack(
			csvOfRows([
				rowOf({ category: 'outside', score: null, outside }),
				rowOf({ category: 'likely', outside, overruled: true }),
				rowOf()
			])
		);
		const said = 'an adult (34 years); the body part HAND';
		expect(rows).toMatchObject([
			{
				Category: 'Outside use',
				'Score (0 to 100)': '',
				'Outside the intended use': said,
				'Read in spite of that': ''
			},
			{
				Category: 'Pneumonia likely',
				'Outside the intended use': said,
				'Read in spite of that': 'yes'
			},
			{ Category: 'Pneumonia likely', 'Outside the intended use': '', 'Read in spite of that': '' }
		]);
	});

	it('says how an image was read where that was not the usual way', () => {
		const remarks = ['Only one lung was found.', 'The lungs were outlined by hand.'];
		const [row] = readBack(csvOfRows([rowOf({ remarks })]));
		expect(row['Remarks']).toBe(remarks.join(' '));
	});

	it('says what a person said of it, and whether that differs', () => {
		const review = reviewOf('absent', { reason: 'A rib', note: 'see "B", again', by: 'KL' });
		const [row] = readBack(csvOfRows([rowOf({ review: { ...review, agreement: 'differs' } })]));
		expect(row).toMatchObject({
			Review: 'No signs',
			'Differs from the list': 'yes',
			'Why it differs': 'A rib',
			Note: 'see "B", again',
			Initials: 'KL'
		});
	});

	it('gives an unread file a reason in place of a score', () => {
		const reason = 'The end of the image is missing, "half" of it is there.';
		const [row] = readBack(csvOfRows([rowOf({ score: null, category: null, reason })]));
		expect(row).toMatchObject({
			'Score (0 to 100)': '',
			Category: '',
			'Why it was not read': reason
		});
	});

	it('says who is on an image where that was asked for, and nothing of it elsewhere', () => {
		const patient = {
			...{ code: null, name: 'Asha Mwangi', number: 'P-12', birthDate: '2023-04-01' },
			...{ age: 3.5, sex: 'female' as const, date: '2026-11-20' }
		};
		const [row] = readBack(csvOfRows([rowOf({ patient })]));
		expect(row).toMatchObject({
			Name: 'Asha Mwangi',
			Number: 'P-12',
			'Age in years': '3.5',
			'Day of the image': '2026-11-20'
		});
		expect(Object.keys(readBack(csvOfRows([rowOf()]))[0])).not.toContain('Name');
	});

	it('ends each line as RFC 4180 says', () => {
		const csv = csvOfRows([rowOf(), rowOf()]);
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
		expect(fileOf(path)).toBe(path);
	});
});

describe('the form of a CSV file', () => {
	it('is that of the device: a semicolon where decimals have a comma', () => {
		// Windows' list separators (GetLocaleInfo, LOCALE_SLIST) of these regions.
		expect(
			['en-GB', 'en-US', 'es-MX', 'hi-IN', 'sw-KE', 'fr-FR', 'es-ES', 'pt-BR', 'ar-EG'].map(
				(language) => spreadsheetForm(language).separator
			)
		).toEqual([',', ',', ',', ',', ',', ';', ';', ';', ';']);
		const [row] = readBack(
			csvOfRows([rowOf({ score: 0.997 })], { separator: ';', decimal: ',' }),
			';'
		);
		expect(row['Score (0 to 100)']).toBe('99,7');
	});

	it.each(['C', 'POSIX', '', undefined])(
		'is the English one where the device says %j',
		(language) => {
			vi.stubGlobal('navigator', { language });
			expect(spreadsheetForm()).toEqual({ separator: ',', decimal: '.' });
			vi.unstubAllGlobals();
		}
	);

	it('is said in the first line of ASCII, and by a byte order mark elsewhere, which Excel drops for that line', () => {
		expect(csvOfRows([rowOf()])).toMatch(/^sep=,\r\n"File"/);
		expect(csvOfRows([rowOf()], { separator: ';', decimal: ',' })).toMatch(/^sep=;\r\n/);
		const accents = csvOfRows([rowOf({ path: 'é.jpg' })]);
		expect(accents).toMatch(/^\ufeff"File"/);
		expect(accents.lastIndexOf('\ufeff')).toBe(0);
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
		' =1+1',
		'\uff1d1+1',
		'='
	])('gets an apostrophe: %j', (path) => {
		expect(fileOf(path)).toBe(`'${path}`);
	});

	it('stays one cell for whoever reads with another separator', () => {
		const csv = csvOfRows([rowOf({ path: 'a;=cmd|x.jpg' })]);
		expect(readBack(csv, ',')[0]['File']).toBe('a;=cmd|x.jpg');
		expect(csv).toContain('"a;=cmd|x.jpg"');
	});

	it('is neutralised in all that a person writes, and in a reason', () => {
		const review = reviewOf('absent', { reason: '=1+1', note: '@SUM(A1)\nmore', by: '-2' });
		const [row] = readBack(
			csvOfRows([rowOf({ reason: '=2', review: { ...review, agreement: 'agree' } })])
		);
		expect(row).toMatchObject({
			'Why it differs': "'=1+1",
			Note: "'@SUM(A1)\nmore",
			Initials: "'-2",
			'Why it was not read': "'=2"
		});
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
	const save = (...args: Parameters<typeof reportFile>) => {
		const file = reportFile(...args);
		saveFile(file, file.name);
	};
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
		save(csv, () => ({
			rows: [rowOf({ path: 'é.jpg' })],
			model: null,
			made: new Date()
		}));
		expect(link).toMatchObject({ href: 'blob:list', download: 'fieldlens-2026-11-21-0930.csv' });
		expect(link.click).toHaveBeenCalledOnce();
		const bytes = new Uint8Array(await saved!.arrayBuffer());
		expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
		expect(URL.revokeObjectURL).not.toHaveBeenCalled();
		vi.runAllTimers();
		expect(URL.revokeObjectURL).toHaveBeenCalledWith('blob:list');
	});

	it('gives other programs the same as JSON', async () => {
		save(json, () => ({ rows: [rowOf()], model, made: new Date() }));
		expect(link).toMatchObject({ href: 'blob:list', download: 'fieldlens-2026-11-21-0930.json' });
		expect(saved!.type).toBe('application/json');
		expect(JSON.parse(await saved!.text()).images).toHaveLength(1);
	});
});
