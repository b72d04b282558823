import { describe, expect, it } from 'vitest';
import type { ReportRow } from '../../../src/lib/exports/report';
import { json, RESULTS_SCHEMA } from '../../../src/lib/exports/json';
import { exampleManifest } from '../helpers/manifest';
import { reviewOf } from '../helpers/rows';
import { smallPackage } from '../helpers/small-model';

const MADE = new Date(Date.UTC(2026, 10, 21, 9, 30));
const manifest = exampleManifest();
const [sensitive] = manifest.operatingPoints;

const row: ReportRow = {
	id: 0,
	path: '=ward/"film".jpg',
	score: 0.75,
	category: 'likely',
	operatingPoint: 'sensitive',
	model: 'example',
	modelVersion: '1.2.3',
	backend: 'wasm',
	time: '2026-11-21T09:29:00.000Z',
	reason: '',
	unlikeness: null,
	cropped: false,
	filmFound: false,
	region: null,
	review: null,
	outside: [],
	overruled: false,
	remarks: []
};
const write = (rows: ReportRow[], from = manifest, point = sensitive) =>
	json.write({ rows, model: { manifest: from, point }, made: MADE });
const read = (rows: ReportRow[]) => JSON.parse(write(rows));

describe('the list as JSON', () => {
	it('begins with its format and says what it rests on', () => {
		expect(write([])).toMatch(/^\{\n\t"schema": "fieldlens-results\/1\.0",\n/);
		const report = read([row]);
		expect(report.schema).toBe(RESULTS_SCHEMA);
		expect(report).toMatchObject({
			made: '2026-11-21T09:30:00.000Z',
			model: { id: 'example', version: '1.2.3', task: 'chest-xray-pneumonia' },
			operatingPoint: { id: 'sensitive', threshold: 0.2 },
			thresholds: {
				operatingPoints: [
					{ id: 'sensitive', threshold: 0.2 },
					{ id: 'balanced', threshold: 0.6 }
				],
				unlikeness: null
			}
		});
		expect(report.operatingPoint.meaning).toContain('of 100');
		expect(report.limits[0]).toMatch(/^Its figures come from one hospital/);
		expect(report.limits.length).toBeGreaterThan(2);
		expect(report.notice).toContain('not a diagnosis');
	});

	it('has every image as the CSV has it, text as it was written', () => {
		const review = reviewOf('absent', { reason: '=1', note: '<b>', by: 'KL', category: 'likely' });
		const { images } = read([
			row,
			{ ...row, review: { ...review, agreement: 'differs' } },
			{ ...row, score: null, category: null, backend: '', reason: 'The file is empty.' }
		]);
		expect(images[0]).toEqual({
			path: '=ward/"film".jpg',
			score: 0.75,
			category: 'likely',
			unlikeness: null,
			cropped: false,
			filmFound: false,
			region: null,
			backend: 'wasm',
			time: '2026-11-21T09:29:00.000Z',
			reason: null,
			outsideUse: null,
			review: null
		});
		expect(images[1].review).toEqual({
			finding: 'absent',
			agreement: 'differs',
			reason: '=1',
			note: '<b>',
			reviewer: 'KL',
			reviewedAt: '2026-11-21T10:00:00.000Z',
			shown: { category: 'likely', operatingPoint: 'sensitive' }
		});
		expect(images[2]).toMatchObject({ score: null, category: null, reason: 'The file is empty.' });
	});

	it('says why an image is outside the intended use, and whether that was overruled', () => {
		const outside = ['an adult (34 years)'];
		const { images } = read([
			{ ...row, category: 'outside', outside },
			{ ...row, outside, overruled: true }
		]);
		expect(images[0].outsideUse).toEqual({ reasons: outside, overruled: false });
		expect(images[1].outsideUse).toEqual({ reasons: outside, overruled: true });
	});

	it('says where the line for what is not recognised lies, where there is one', () => {
		const knowing = smallPackage('malaria-cell', 3).manifest;
		const report = JSON.parse(write([], knowing, knowing.operatingPoints[0]));
		expect(report.thresholds.unlikeness).toBe(1);
	});
});
