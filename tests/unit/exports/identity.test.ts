import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { csvOf } from '../../../src/lib/exports/csv';
import type { Naming } from '../../../src/lib/exports/identity';
import { json } from '../../../src/lib/exports/json';
import { reportOf } from '../../../src/lib/exports/report';
import { NO_FACTS } from '../../../src/lib/formats/facts';
import { patientsBy } from '../../../src/lib/patients/rules';
import { exampleManifest } from '../helpers/manifest';
import { readRow } from '../helpers/rows';

const manifest = exampleManifest();
const point = manifest.operatingPoints[0];
const facts = {
	...NO_FACTS,
	patientName: 'Amina Kato',
	patientId: '0042',
	birthDate: '2023-05-02',
	sex: 'female' as const,
	studyDate: '2026-11-02'
};
const ROWS = [{ ...readRow(0, 0.9, 'Amina Kato/0042.dcm'), facts }, readRow(1, 0.2, 'b.png')];
const patientOf = patientsBy({ folders: false, naming: null, dates: 'dmy' });

function saved(naming: Naming) {
	const codes = new Map([['number 0042', 'P-7K3M-Q2XD']]);
	const rows = reportOf(ROWS, point, manifest, { naming, patientOf, codes });
	const text = csvOf(rows);
	const table = Papa.parse<Record<string, string>>(text.slice(1), { header: true }).data;
	const model = { manifest, point };
	const nested = JSON.parse(json.write({ rows, model, made: new Date() })) as {
		images: { path: string; patient?: unknown }[];
	};
	return { text: text + JSON.stringify(nested), table, images: nested.images };
}

describe('an export', () => {
	it('holds no name, no number and no birth date where nobody asks for them', () => {
		const { text, table, images } = saved('none');
		expect(text).not.toMatch(/Amina|Kato|0042|2023-05-02/);
		expect(Object.keys(table[0])).not.toContain('patient_name');
		expect(images[0]).not.toHaveProperty('patient');
		expect(table[0].path).toBe('…/….dcm');
	});

	it('holds replacement numbers in their place, in paths, too', () => {
		const { text, table, images } = saved('code');
		expect(text).not.toMatch(/Amina|Kato|0042|2023-05-02/);
		expect(table[0]).toMatchObject({
			patient: 'P-7K3M-Q2XD',
			path: 'P-7K3M-Q2XD/P-7K3M-Q2XD.dcm',
			age_years: '3.50',
			sex: 'female',
			image_date: '2026-11-02'
		});
		expect(table[1]).toMatchObject({ patient: '', path: 'b.png' });
		expect(images[0].patient).toMatchObject({ replacement: 'P-7K3M-Q2XD', name: null });
	});

	it('holds names where a person asks for them', () => {
		const { table, images } = saved('names');
		expect(table[0]).toMatchObject({
			patient: '',
			patient_name: 'Amina Kato',
			patient_number: '0042',
			birth_date: '2023-05-02',
			path: 'Amina Kato/0042.dcm'
		});
		expect(images[0].patient).toMatchObject({ name: 'Amina Kato', number: '0042' });
	});
});
