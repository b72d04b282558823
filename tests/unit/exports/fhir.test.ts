import JSONSchemaValidator from '@asymmetrik/fhir-json-schema-validator';
import type { Bundle, FhirResource } from 'fhir/r4';
import { describe, expect, it } from 'vitest';
import { bundleOf, fhir } from '../../../src/lib/exports/fhir';
import type { WrittenPatient } from '../../../src/lib/exports/identity';
import { reportOf, reportRow, type ReportRow } from '../../../src/lib/exports/report';
import { UNKNOWN } from '../../../src/lib/patients/patient';
import { withFinding } from '../../../src/lib/smears/field-review';
import { taskWords } from '../../../src/lib/tasks/task-words';
import { FieldCounter, slidesOf } from '../../../src/lib/worklist/slides';
import { exampleManifest } from '../helpers/manifest';
import { distantRow, readRow, reviewOf, rowAt } from '../helpers/rows';
import { exampleRule, fieldOf, fieldRow } from '../helpers/smears';

/** HL7's schema is large: compiling it takes a slow machine a while. */
const SCHEMA_TIME_MS = 300_000;
const manifest = exampleManifest();
const [point] = manifest.operatingPoints;
const made = new Date(Date.UTC(2026, 10, 21, 9, 30));
const asha: WrittenPatient = {
	code: null,
	name: 'Asha Mwangi',
	number: 'P-0012',
	birthDate: '2023-04-01',
	age: 3,
	sex: 'female',
	date: '2026-11-20'
};
const time = '2026-11-21T09:29:00.000Z';

function line(changes: Partial<ReportRow> = {}): ReportRow {
	const row = { ...readRow(0, 0.873, 'ward/film.jpg'), time };
	return { ...reportRow(row, point, manifest), category: 'likely', ...changes };
}

function bundle(rows: readonly ReportRow[]): Bundle {
	return bundleOf({ rows, model: { manifest, point }, made });
}

function all<T extends FhirResource['resourceType']>(from: Bundle, type: T) {
	return (from.entry ?? [])
		.map(({ resource }) => resource as FhirResource)
		.filter((one): one is Extract<FhirResource, { resourceType: T }> => one.resourceType === type);
}

describe('the FHIR bundle', () => {
	it(
		'keeps to the published schema of R4, whoever is known and whatever was read',
		() => {
			const validator = new JSONSchemaValidator();
			const reviewed = {
				...reviewOf('present', { note: 'left base' }),
				agreement: 'agree' as const
			};
			const coded = { ...asha, code: 'K7QF', name: null, number: null, birthDate: null };
			const full = bundle([
				line({ patient: asha, review: reviewed }),
				line({ patient: coded }),
				line({ score: null, category: null, time: '', reason: 'The file is cut off.' }),
				line({ category: 'outside', outside: ['an adult (34 years)'] })
			]);
			for (const right of [bundle([]), full]) {
				expect(validator.validate(JSON.parse(JSON.stringify(right)) as Bundle, true)).toEqual([]);
			}
			const wrong = { ...bundle([line()]), type: 'heap' };
			expect(validator.validate(wrong, true)).not.toEqual([]);
		},
		SCHEMA_TIME_MS
	);

	it('has one report a patient, with all their images', () => {
		const made = bundle([
			line({ patient: asha }),
			line({ patient: { ...asha, number: 'P-2' }, path: 'other.jpg' }),
			line({ patient: { ...asha, date: '2026-11-01' }, path: 'earlier.jpg' })
		]);
		expect(all(made, 'DiagnosticReport').map(({ media }) => media?.length)).toEqual([2, 1]);
		expect(all(made, 'Patient')[0]).toMatchObject({
			name: [{ text: 'Asha Mwangi' }],
			identifier: [{ value: 'P-0012' }],
			gender: 'female',
			birthDate: '2023-04-01'
		});
		expect(all(made, 'Media').map(({ content }) => content.title)).toEqual([
			'ward/film.jpg',
			'earlier.jpg',
			'other.jpg'
		]);
	});

	it('leads from the report to what it rests on', () => {
		const made = bundle([line({ patient: asha })]);
		const addresses = new Set(made.entry?.map(({ fullUrl }) => fullUrl));
		const named = [...JSON.stringify(made).matchAll(/"reference":"([^"]+)"/g)].map(([, to]) => to);
		expect(named.length).toBeGreaterThan(5);
		for (const to of named) expect(addresses).toContain(to);
	});

	it('gives the score as the page does, with category, setting, model and limits', () => {
		const made = bundle([line()]);
		const [seen] = all(made, 'Observation');
		expect(seen.valueQuantity).toMatchObject({ value: 87.3, unit: 'of 100' });
		expect(seen).toMatchObject({ status: 'preliminary', effectiveDateTime: time });
		expect(seen.interpretation?.[0].text).toBe(taskWords(manifest.task).categories.likely);
		expect(all(made, 'Device')[0].version).toEqual([{ value: manifest.version }]);
		expect(all(made, 'DiagnosticReport')[0].conclusion).toMatch(/^A help for sorting/);
	});

	it('gives no score where it means nothing', () => {
		const far = reportRow({ ...distantRow(0, 0.9, 1e9), time }, point, manifest);
		const failed = reportRow(rowAt(1, 'cut.jpg', { status: 'stopped' }), point, manifest);
		const outside = line({ category: 'outside', outside: ['an adult (34 years)'] });
		for (const row of [{ ...far, category: 'unrecognised' as const }, failed, outside]) {
			const [seen] = all(bundle([row]), 'Observation');
			expect(seen).toMatchObject({ status: 'cancelled' });
			expect(seen.valueQuantity).toBeUndefined();
			expect(seen.dataAbsentReason?.text).toBeTruthy();
		}
	});

	it('says what was read in spite of the intended use', () => {
		const [seen] = all(
			bundle([line({ outside: ['an adult (34 years)'], overruled: true })]),
			'Observation'
		);
		expect(seen.note?.[0].text).toMatch(/an adult \(34 years\).*as a person wished/);
		expect(seen.valueQuantity?.value).toBe(87.3);
	});

	it(
		'has one report a slide, with what its fields add up to, and none a field',
		() => {
			const rule = exampleRule(1);
			const said = { by: 'AB', time: '2026-11-30T10:00:00.000Z' };
			const fieldReview = withFinding(null, 0, 'parasite', said);
			const blurred = fieldOf([0.9], { notes: ['out-of-focus'] });
			const rows = [
				fieldRow(0, 'clear/1.jpg', [0.1, 0.1]),
				fieldRow(1, 'sick/1.jpg', [0.9, 0.3, 0.1], { fieldReview }),
				fieldRow(2, 'sick/2.jpg', [0.9], { field: blurred }),
				fieldRow(3, 'blurred/1.jpg', [0.9], { field: blurred })
			];
			const slides = slidesOf(rows, new FieldCounter(rule), { sick: 4_000_000 });
			const patientOf = ({ path }: { path: string }) =>
				path.startsWith('sick') ? { ...UNKNOWN, number: 'P-1', key: 'number p-1' } : UNKNOWN;
			const made = bundleOf({
				rows: reportOf(rows, rule.point, rule.manifest, {
					naming: 'names',
					patientOf,
					codes: new Map()
				}),
				slides,
				model: rule,
				made: new Date(Date.UTC(2026, 10, 21))
			});
			expect(new JSONSchemaValidator().validate(made, true)).toEqual([]);
			const reports = all(made, 'DiagnosticReport');
			expect(reports.map(({ media, subject }) => [media?.length, !!subject])).toEqual(
				expect.arrayContaining([
					[2, true],
					[1, false],
					[1, false]
				])
			);
			expect(reports).toHaveLength(3);
			const [program, person, ...others] = all(made, 'Observation').sort(
				(a, b) => Number(!!b.subject) - Number(!!a.subject)
			);
			const partsOf = ({ component = [] }: typeof program) =>
				Object.fromEntries(
					component.map((one) => [one.code.text, one.valueInteger ?? one.valueQuantity?.value])
				);
			// 1 of 3 cells is suspected, and 1 of 3 confirmed; 4,000,000 cells a microlitre.
			expect(program).toMatchObject({ status: 'preliminary', valueQuantity: { unit: '%' } });
			expect(program.valueQuantity?.value).toBeCloseTo(33.3333, 4);
			expect(partsOf(program)).toMatchObject({
				'Red cells counted': 3,
				'Of them suspected': 1,
				'Fields counted': 1,
				'Fields too bad to be counted': 1,
				'Parasites a microlitre': 1_333_333
			});
			const { share } = slides.find(({ key }) => key === 'sick')!.count.byModel!;
			expect(partsOf(program)['Lower end of the 95 % interval of the share']).toBeCloseTo(
				100 * share.low!,
				4
			);
			expect(partsOf(program)['Upper end of the 95 % interval of the share']).toBeCloseTo(
				100 * share.high!,
				4
			);
			expect(person).toMatchObject({ status: 'final', performer: [{ display: 'AB' }] });
			expect(partsOf(person)).toMatchObject({ 'Cells with parasites': 1 });
			// Nothing is counted in a blurred field, so nothing is said of it.
			const nothing = others.find(({ status }) => status === 'cancelled');
			expect(nothing?.valueQuantity).toBeUndefined();
			expect(nothing?.dataAbsentReason?.text).toBeTruthy();
			expect(others).toHaveLength(2);
		},
		SCHEMA_TIME_MS
	);

	it('names nobody of whom the file is not to speak, and no file that is no image', () => {
		const made = bundle([line(), line({ leftOut: true, path: 'notes.txt' })]);
		expect(all(made, 'Patient')).toEqual([]);
		expect(all(made, 'DiagnosticReport')).toHaveLength(1);
		expect(JSON.stringify(made)).not.toContain('notes.txt');
	});

	it('is a file of its own kind', () => {
		expect(fhir).toMatchObject({ ending: 'fhir.json', type: 'application/fhir+json' });
	});
});
