import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	asOperatingPoint,
	localPointOf,
	ofHundred,
	originOf,
	parseLocalPoint,
	pointFileName,
	whyNotInForce
} from '../../../src/lib/calibration/local-point';

const POINT = localPointOf({
	model: 'pneumonia-resnet34',
	modelVersion: '1.1.0',
	name: 'Ward 3, night',
	threshold: 0.3141,
	wanted: 0.95,
	by: 'N. N.',
	where: 'Old machine',
	time: '2026-11-21T09:30:00.000Z',
	labels: 'review',
	images: 52,
	positives: 26,
	patients: 40,
	auc: { value: 0.97, low: 0.9, high: 0.99 },
	sensitivity: { value: 0.9615, low: 0.804, high: 0.999 },
	specificity: { value: 1, low: 0.87, high: 1 }
});

const codeOf = (json: unknown) => {
	const parsed = parseLocalPoint(typeof json === 'string' ? json : JSON.stringify(json));
	return parsed.ok ? 'none' : parsed.problem.code;
};

describe('the file of a local point', () => {
	it('comes back as it was saved', () => {
		expect(parseLocalPoint(JSON.stringify(POINT, null, '\t'))).toEqual({ ok: true, value: POINT });
	});

	it.each([
		['no JSON', 'threshold=0.3'],
		['nothing', ''],
		['a number', 7],
		['null', null],
		['a list', [POINT]],
		['another file', { ...POINT, format: 'something' }],
		['an older format', { ...POINT, formatVersion: 0 }],
		['no threshold', { ...POINT, threshold: undefined }],
		['a threshold in words', { ...POINT, threshold: '0.3' }],
		['a threshold above 1', { ...POINT, threshold: 1.01 }],
		['a threshold below 0', { ...POINT, threshold: -0.1 }],
		['a field more', { ...POINT, onload: 'alert(1)' }],
		['no name', { ...POINT, name: '' }],
		['a name of blanks', { ...POINT, name: '   ' }],
		['a name of two lines', { ...POINT, name: 'a\nb' }],
		['a name that turns the text around', { ...POINT, name: 'a\u202eb' }],
		['a name as long as a book', { ...POINT, name: 'a'.repeat(61) }],
		['a model with a path', { ...POINT, model: '../../x' }],
		['a version that is none', { ...POINT, modelVersion: '1' }],
		['a time that is none', { ...POINT, time: 'yesterday' }],
		['half an image', { ...POINT, images: 52.5 }],
		['more sick than images', { ...POINT, positives: 53 }],
		['more patients than images', { ...POINT, patients: 53 }],
		['a figure above 1', { ...POINT, auc: { value: 2, low: 0, high: 1 } }]
	])('is refused where it is %s', (_, json) => {
		expect(codeOf(json)).toBe('point-invalid');
	});

	it('of a newer program says so', () => {
		expect(codeOf({ ...POINT, formatVersion: 2, more: true })).toBe('point-newer');
	});

	it('is refused or in order, whatever is in it; it never throws', () => {
		fc.assert(
			fc.property(fc.json(), (text) => {
				expect(parseLocalPoint(text).ok).toBe(false);
			})
		);
		fc.assert(
			fc.property(
				fc.constantFrom(...Object.keys(POINT)),
				fc.jsonValue({ maxDepth: 2 }),
				(field, value) => {
					// JSON has no negative zero: it is read back as 0.
					const text = JSON.stringify({ ...POINT, [field]: value });
					const parsed = parseLocalPoint(text);
					if (parsed.ok) expect(parsed.value).toEqual(JSON.parse(text));
				}
			)
		);
		expect(codeOf('['.repeat(100_000))).toBe('point-invalid');
	});

	it('has a name that every system takes', () => {
		// Windows reserves these names and signs, and takes no dot or space at an end.
		for (const name of ['CON', 'nul.txt', 'a<b>:"|?*', 'ward. ', 'x'.repeat(80)]) {
			expect(pointFileName({ ...POINT, name })).toMatch(
				/^fieldlens-local-[a-z0-9-]*[a-z0-9]\.json$/
			);
		}
		expect(pointFileName({ ...POINT, name: 'Salle \u00c9' })).toBe(
			pointFileName({ ...POINT, name: 'Salle E\u0301' })
		);
		expect(pointFileName(POINT)).toBe('fieldlens-local-pneumonia-resnet34-ward-3-night.json');
		expect(pointFileName({ ...POINT, name: 'Été / ../x' })).toMatch(/34-ete-x\.json$/);
		expect(pointFileName({ ...POINT, name: '夜' })).toBe('fieldlens-local-pneumonia-resnet34.json');
	});
});

describe('a local point', () => {
	it('is in force for its model and version alone', () => {
		const model = { id: POINT.model, version: POINT.modelVersion };
		expect(whyNotInForce(POINT, model)).toBeNull();
		expect(whyNotInForce(POINT, { ...model, version: '1.1.1' })?.code).toBe('point-other-version');
		expect(whyNotInForce(POINT, { ...model, id: 'other' })?.code).toBe('point-other-model');
	});

	it('is used like one of the model’s own, under a name that none of those can have', () => {
		expect(asOperatingPoint(POINT)).toMatchObject({
			id: 'local:Ward 3, night',
			chosen: { rule: 'sensitivity', atLeast: POINT.wanted },
			threshold: 0.3141
		});
	});

	it('says what it was measured on', () => {
		expect(originOf(POINT, 'chest-xray-pneumonia')).toBe(
			'Measured on 52 X-rays of 40 patients from here, 26 with pneumonia: 21 November 2026 by \u2068N. N.\u2069, \u2068Old machine\u2069.'
		);
	});

	it('says shares so that only all are 100 and only none is 0', () => {
		expect(ofHundred(POINT.sensitivity)).toBe('96 of 100 (80 to over 99)');
		expect(ofHundred(POINT.specificity)).toBe('100 of 100 (87 to 100)');
		expect(ofHundred({ value: 0.001, low: 0, high: 0.02 })).toBe('under 1 of 100 (0 to 2)');
		expect(ofHundred({ value: null, low: null, high: null })).toBe('not measured');
	});
});
