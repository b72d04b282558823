/** What is written, read back by the app's own reader; pydicom reads it in the Python tests. */
import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js/index-native.js';
import { describe, expect, it, vi } from 'vitest';
import { dataSetOf, fileOf } from '../../../src/lib/exports/dicom/elements';
import { ageOf, newUid, textOf } from '../../../src/lib/exports/dicom/values';
import { writeDicom } from '../../../src/lib/exports/dicom/write';
import type { Naming } from '../../../src/lib/exports/identity';
import { reportOf } from '../../../src/lib/exports/report';
import { openDataSet, type DataSet } from '../../../src/lib/formats/dicom/data-set';
import { figuresByPerson, figuresByProgram } from '../../../src/lib/exports/slide-figures';
import { patientsBy } from '../../../src/lib/patients/rules';
import { withFinding } from '../../../src/lib/smears/field-review';
import { FieldCounter, slidesOf } from '../../../src/lib/worklist/slides';
import { dicomRows, ORIGIN } from '../helpers/dicom-rows';
import { exampleManifest } from '../helpers/manifest';
import { exampleRule, fieldOf, fieldRow } from '../helpers/smears';

const manifest = exampleManifest();
const [point] = manifest.operatingPoints;
const made = new Date(Date.UTC(2026, 10, 21, 9, 30));
const patientOf = patientsBy({ folders: false, naming: null, dates: 'dmy' });
const jpeg = baseline();

/** The smallest file that says of itself that it is a baseline JPEG of 3 x 2. */
function baseline(marker = 0xc0): Uint8Array {
	const frame = [0xff, marker, 0, 17, 8, 0, 2, 0, 3, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1];
	return new Uint8Array([0xff, 0xd8, ...frame, 0xff, 0xd9]);
}

function makingOf(picture: Uint8Array | null, stop = new AbortController()) {
	return {
		signal: stop.signal,
		onPicture: vi.fn(),
		pictureOf: () => Promise.resolve(picture && { jpeg: picture, isSmall: false })
	};
}

async function written(naming: Naming, picture: Uint8Array | null = jpeg, stop?: AbortController) {
	const making = makingOf(picture, stop);
	making.onPicture.mockImplementation(() => stop?.abort());
	const codes = new Map([['number kc-0042', 'P-7K3M-Q2XD']]);
	const zip = await writeDicom(
		{
			rows: reportOf(dicomRows(), point, manifest, { naming, patientOf, codes }),
			model: { manifest, point },
			made
		},
		making
	);
	return { ...(await read(zip)), onPicture: making.onPicture };
}

/** The files of a ZIP as data sets, by their paths. */
async function read(zip: Blob) {
	const reader = new ZipReader(new Uint8ArrayReader(new Uint8Array(await zip.arrayBuffer())));
	const files = new Map<string, DataSet>();
	for (const entry of await reader.getEntries()) {
		if (entry.directory) continue;
		const opened = await openDataSet(await entry.getData(new Uint8ArrayWriter()));
		if (!opened.ok) throw new Error(entry.filename);
		files.set(entry.filename, opened.value.set);
	}
	return { files };
}

/** All texts of a data set and of its items. */
function textsOf(set: DataSet): string {
	return new TextDecoder().decode(set.byteArray);
}

describe('a DICOM element', () => {
	it('is written in the order of the tags, with an even length', () => {
		const bytes = dataSetOf([
			[0x00100020, 'LO', 'abc'],
			[0x00080018, 'UI', '1.2'],
			[0x00100030, 'DA', null],
			[0x00100040, 'CS', '']
		]);
		expect(Buffer.from(bytes).toString('latin1')).toBe(
			'\x08\0\x18\0UI\x04\x001.2\0\x10\0\x20\0LO\x04\0abc \x10\0\x40\0CS\0\0'
		);
	});

	it('holds no more characters than it may, and no second value', () => {
		expect(textOf('LO', `a\\b\n${'é'.repeat(80)}`)).toBe(`a/b ${'é'.repeat(60)}`);
		expect(textOf('PN', `${'x'.repeat(70)}=y`)).toBe(`${'x'.repeat(64)}=y`);
		expect(textOf('UT', 'a\\b\nc ')).toBe('a\\b\r\nc');
	});

	it.each([
		[3.5, '003Y'],
		[1.51, '018M'],
		[0, '000M'],
		[34, '034Y'],
		[null, null]
	])('writes an age of %s years as %s', (years, text) => {
		expect(ageOf(years)).toBe(text);
	});

	it('has UIDs of its own, which are no longer than 64 characters', () => {
		const uids = Array.from({ length: 50 }, newUid);
		expect(new Set(uids).size).toBe(50);
		for (const uid of uids) expect(uid).toMatch(/^2\.25\.[1-9]\d{1,38}$/);
	});

	it('stands in a file that says how it is written', async () => {
		const opened = await openDataSet(fileOf([[0x00080018, 'UI', '1.2.3']]));
		expect(opened).toMatchObject({ ok: true, value: { syntax: '1.2.840.10008.1.2.1' } });
	});
});

describe('the DICOM export', () => {
	it('has a folder a study, with a report and the pictures', async () => {
		const { files, onPicture } = await written('names');
		expect([...files.keys()].filter((path) => path.startsWith('study-0001/'))).toEqual([
			'study-0001/picture-0001.dcm',
			'study-0001/picture-0002.dcm',
			'study-0001/report.dcm'
		]);
		expect([...files.keys()].filter((path) => path.endsWith('report.dcm'))).toHaveLength(5);
		expect(onPicture).toHaveBeenLastCalledWith(6, 6);
		expect([...files.keys()].join()).not.toMatch(/Z|KC-0042/);
	});

	it('stays in the study of the image by name, and in no known one otherwise', async () => {
		for (const naming of ['names', 'code', 'none'] as const) {
			const { files } = await written(naming);
			for (const [path, set] of files) {
				const isNamed = naming === 'names' && path.startsWith('study-0001/');
				expect(set.string('x0020000d') === ORIGIN.study).toBe(isNamed);
				const texts = textsOf(set);
				expect(texts.includes(`${ORIGIN.series}.`)).toBe(isNamed);
				if (naming !== 'names') expect(texts).not.toMatch(/Zo|ller|KC-0042|2023-?05-?02/);
			}
			const number = { names: 'KC-0042', code: 'P-7K3M-Q2XD', none: '' }[naming];
			const [first] = files.values();
			expect(first.string('x00100020') ?? '').toBe(number);
		}
	});

	it('keeps to the study of a header, but not under a name that was corrected', async () => {
		const rows = dicomRows().map((row) => ({ ...row, typed: { number: '43' } }));
		const codes = new Map<string, string>();
		const named = reportOf(rows, point, manifest, { naming: 'names', patientOf, codes });
		expect(named.map(({ origin }) => origin)).toEqual(rows.map(() => undefined));
	});

	it('says of a slide what its fields add up to, by the program and by a person', async () => {
		const rule = exampleRule(1);
		const said = { by: 'AB', time: '2026-11-30T10:00:00.000Z' };
		const fieldReview = withFinding(null, 0, 'parasite', said);
		const rows = [
			fieldRow(0, 'sick/1.jpg', [0.9, 0.3, 0.1], { fieldReview }),
			fieldRow(1, 'sick/2.jpg', [0.2, 0.1, 0.1]),
			fieldRow(2, 'other/1.jpg', [0.9], { field: fieldOf([0.9], { notes: ['out-of-focus'] }) })
		];
		const slides = slidesOf(rows, new FieldCounter(rule), { sick: 4_000_000 });
		const report = {
			rows: reportOf(rows, rule.point, rule.manifest),
			slides,
			model: rule,
			made
		};
		const { files } = await read(await writeDicom(report, makingOf(jpeg)));
		const reports = [...files].filter(([path]) => path.endsWith('report.dcm'));
		expect(reports).toHaveLength(2);
		const texts = reports.map(([, set]) => textsOf(set));
		const sick = texts.find((text) => text.includes('Files that are not read'))!;
		// 1 of 6 cells is suspected, and 1 of 6 confirmed.
		expect(texts.some((text) => text.includes('16.6667'))).toBe(true);
		expect(texts.filter((text) => text.includes('Person Observer Name'))).toHaveLength(1);
		expect(sick).not.toContain('Suspicion by the program');
		expect(texts.filter((text) => text.includes('Why there is no score'))).toHaveLength(1);
	});

	it('has names and ids of figures that a code may have', () => {
		const rule = exampleRule(1);
		const said = { by: 'AB', time: '2026-11-30T10:00:00.000Z' };
		const fieldReview = withFinding(null, 0, 'parasite', said);
		const rows = [fieldRow(0, 'sick/1.jpg', [0.9, 0.3, 0.1], { fieldReview })];
		const [slide] = slidesOf(rows, new FieldCounter(rule), {});
		const all = [figuresByProgram(slide), figuresByPerson(slide)!];
		for (const { share, others } of all) {
			for (const { id, name } of [share!, ...others]) {
				expect(id).toMatch(/^[a-z-]{1,16}$/);
				expect(name.length).toBeLessThanOrEqual(64);
			}
		}
	});

	it('has no picture that its transfer syntax does not allow', async () => {
		for (const picture of [null, baseline(0xc2), new Uint8Array(4)]) {
			const { files } = await written('none', picture);
			expect([...files.keys()].every((path) => path.endsWith('report.dcm'))).toBe(true);
		}
	});

	it('can be given up', async () => {
		await expect(written('none', jpeg, new AbortController())).rejects.toMatchObject({
			name: 'AbortError'
		});
	});
});
