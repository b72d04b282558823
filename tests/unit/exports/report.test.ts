import { describe, expect, it } from 'vitest';
import { reportOf, reportRow } from '../../../src/lib/exports/report';
import { problem } from '../../../src/lib/problems/problems';
import { exampleManifest } from '../helpers/manifest';
import { smallPackage } from '../helpers/small-model';
import { distantRow, readRow, reviewedRow, reviewOf, rowAt } from '../helpers/rows';

const manifest = exampleManifest();
const [point] = manifest.operatingPoints;

describe('the report', () => {
	it('has a line a file, with its result or its reason', () => {
		const time = '2026-11-21T10:00:00.000Z';
		const read = { ...readRow(0, 0.01, 'film 3.jpg'), backend: 'wasm', time };
		expect(reportRow(read, point, manifest)).toEqual({
			id: 0,
			path: 'film 3.jpg',
			score: 0.01,
			category: 'not-seen',
			operatingPoint: 'sensitive',
			model: 'example',
			modelVersion: '1.2.3',
			backend: 'wasm',
			time,
			reason: '',
			unlikeness: null,
			cropped: false,
			filmFound: false,
			region: null,
			review: null,
			outside: [],
			overruled: false,
			remarks: []
		});
		const torn = rowAt(1, 'torn.jpg', { status: 'failed', problem: problem('truncated-image') });
		expect(reportRow(torn, point, manifest)).toMatchObject({
			path: 'torn.jpg',
			score: null,
			category: null,
			backend: '',
			reason: 'The end of the image is missing.'
		});
	});

	it('has no score where it would mean nothing', () => {
		const knowing = smallPackage('malaria-cell', 3).manifest;
		const [first] = knowing.operatingPoints;
		expect(reportRow(distantRow(0, 0.9, 1e6), first, knowing)).toMatchObject({
			category: 'unrecognised',
			score: null
		});
	});

	it('holds what a person said, and that it differs from the list', () => {
		const review = reviewOf('present', { note: 'left lung' });
		const row = { ...readRow(0, 0.01), review };
		expect(reportRow(row, point, manifest).review).toEqual({ ...review, agreement: 'differs' });
	});

	it('has every image by urgency, and at its end what was left out', () => {
		const rows = [
			readRow(0, 0.1, 'calm.jpg'),
			rowAt(1, 'notes.txt', { status: 'left-out' }),
			reviewedRow(2, 0.95, 'absent')
		];
		expect(reportOf(rows, point, manifest).map(({ path }) => path)).toEqual([
			'film 2.jpg',
			'calm.jpg',
			'notes.txt'
		]);
	});
});
