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
	const model = { manifest, point };
	const text = csvOf({ rows, model, made: new Date() }, { separator: ',', decimal: '.' });
	const content = text.replace(/^(\ufeff|sep=,\r\n)/, '');
	const table = Papa.parse<Record<string, string>>(content, { header: true }).data;
	const nested = JSON.parse(json.write({ rows, model, made: new Date() })) as {
		images: { path: string; patient?: unknown }[];
	};
	return { text: text + JSON.stringify(nested), table, images: nested.images };
}

describe('an export', () => {
	it('holds no name, no number and no birth date where nobody asks for them', () => {
		const { text, table, images } = saved('none');
		expect(text).not.toMatch(/Amina|Kato|0042|2023-05-02/);
		expect(Object.keys(table[0])).not.toContain('Name');
		expect(images[0]).not.toHaveProperty('patient');
		expect(table[0]['File']).toBe('…/….dcm');
	});

	it('holds replacement numbers in their place, in paths, too', () => {
		const { text, table, images } = saved('code');
		expect(text).not.toMatch(/Amina|Kato|0042|2023-05-02/);
		expect(table[0]).toMatchObject({
			'Replacement number': 'P-7K3M-Q2XD',
			File: 'P-7K3M-Q2XD/P-7K3M-Q2XD.dcm',
			'Age in years': '3.5',
			Sex: 'female',
			'Day of the image': '2026-11-02'
		});
		expect(table[1]).toMatchObject({ 'Replacement number': '', File: 'b.png' });
		expect(images[0].patient).toMatchObject({ replacement: 'P-7K3M-Q2XD', name: null });
	});

	it('holds names where a person asks for them', () => {
		const { table, images } = saved('names');
		expect(table[0]).toMatchObject({
			'Replacement number': '',
			Name: 'Amina Kato',
			Number: '0042',
			'Birth date': '2023-05-02',
			File: 'Amina Kato/0042.dcm'
		});
		expect(images[0].patient).toMatchObject({ name: 'Amina Kato', number: '0042' });
	});
});
