import { describe, expect, it } from 'vitest';
import { problem, type ProblemCode } from '../../../src/lib/problems';
import { isLeftOut, isUnfinished, newRow, rowCategory } from '../../../src/lib/screening/row';
import { exampleManifest } from '../helpers/manifest';
import { readRow, rowAt } from '../helpers/rows';

describe('a row', () => {
	it('begins without anything known', () => {
		const entry = { path: 'ward/Film 2.jpg', open: () => Promise.reject(new Error()) };
		expect(newRow(7, entry)).toMatchObject({
			id: 7,
			path: 'ward/Film 2.jpg',
			entry,
			status: 'waiting',
			probability: null,
			map: null,
			thumbnail: null,
			time: '',
			problem: null
		});
	});

	it('is unfinished while it waits or is read', () => {
		const unfinished = (['waiting', 'reading', 'done', 'failed', 'left-out', 'stopped'] as const)
			.map((status) => rowAt(0, 'a', { status }))
			.filter(isUnfinished);
		expect(unfinished.map(({ status }) => status)).toEqual(['waiting', 'reading']);
	});

	it('has a category only with a score, also where the score is zero', () => {
		const manifest = exampleManifest();
		const [sensitive] = manifest.operatingPoints;
		expect(rowCategory(rowAt(0, 'a'), sensitive, manifest)).toBeNull();
		expect(rowCategory(readRow(0, 0), sensitive, manifest)).toBe('not-seen');
		expect(rowCategory(readRow(0, 0.3), sensitive, manifest)).toBe('uncertain');
		expect(rowCategory(readRow(0, 0.7), sensitive, manifest)).toBe('likely');
	});
});

describe('a file that is not read', () => {
	it.each<ProblemCode>([
		'system-file',
		'not-an-image',
		'format-not-read',
		'heic-not-read',
		'empty-file'
	])('is left out: %s', (code) => {
		expect(isLeftOut(problem(code))).toBe(true);
	});

	it.each<ProblemCode>([
		'truncated-image',
		'damaged-image',
		'image-too-large',
		'file-gone',
		'image-not-finished',
		'image-not-opened'
	])('is a failed image that somebody must look at: %s', (code) => {
		expect(isLeftOut(problem(code))).toBe(false);
	});
});
