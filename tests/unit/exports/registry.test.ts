import { describe, expect, it } from 'vitest';
import { nestedOf } from '../../../src/lib/exports/columns';
import { EXPORTS } from '../../../src/lib/exports/registry';
import type { ReportRow } from '../../../src/lib/exports/report';
import { exampleManifest } from '../helpers/manifest';
import { reviewOf } from '../helpers/rows';

const manifest = exampleManifest();
const MADE = new Date(Date.UTC(2026, 10, 21, 9, 30));
const row: ReportRow = {
	id: 0,
	path: 'ward/film.jpg',
	score: null,
	category: 'outside',
	operatingPoint: 'balanced',
	model: 'example',
	modelVersion: '1.2.3',
	backend: 'wasm',
	time: '2026-11-21T09:30:00.000Z',
	reason: '',
	unlikeness: 0.5,
	cropped: true,
	filmFound: false,
	region: { notes: ['Only one lung was found.', 'Two.'], outline: 'drawn by hand' },
	review: {
		...reviewOf('present', { reason: 'poor picture', note: 'see the left side', by: 'KL' }),
		agreement: 'differs'
	},
	outside: ['an adult (34 years)'],
	overruled: true,
	remarks: ['The lungs were outlined by hand.']
};

const TEXTS = EXPORTS.filter((format) => 'write' in format);

describe.each(TEXTS)('the export $id', (format) => {
	const model = { manifest, point: manifest.operatingPoints[0] };

	it('writes every image, and all that is known of it', () => {
		const text = format.write({ rows: [row, { ...row, path: 'b.png' }], model, made: MADE });
		for (const said of [
			'ward/film.jpg',
			'b.png',
			'see the left side',
			'an adult (34 years)',
			'KL'
		]) {
			expect(text).toContain(said);
		}
	});

	it('writes an empty list, and one that no model has read', () => {
		expect(format.write({ rows: [], model, made: MADE })).not.toBe('');
		const unread = { ...row, score: null, category: null, review: null, outside: [] };
		expect(format.write({ rows: [unread], model: null, made: MADE })).toContain('ward/film.jpg');
	});
});

describe.each(EXPORTS)('the export $id', (format) => {
	it('has a name and an ending', () => {
		expect(format.name).not.toBe('');
		expect(format.id).toMatch(/^[a-z]+$/);
	});
});

describe('the columns', () => {
	it('are values in nested data', () => {
		expect(nestedOf(row)).toMatchObject({
			score: null,
			category: 'outside',
			cropped: true,
			filmFound: false,
			region: { notes: ['Only one lung was found.', 'Two.'], outline: 'drawn by hand' },
			outsideUse: { reasons: ['an adult (34 years)'], overruled: true },
			review: { reviewer: 'KL', agreement: 'differs' }
		});
		expect(nestedOf({ ...row, review: null, outside: [], region: null })).toMatchObject({
			region: null,
			review: null,
			outsideUse: null
		});
	});
});
