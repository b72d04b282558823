import { describe, expect, it } from 'vitest';
import { FIRST_CORNERS } from '../../../src/lib/intake/corners';
import { sentenceOf } from '../../../src/lib/problems/messages';
import { factsOfImage } from '../../../src/lib/formats/facts';
import { problem, type ProblemCode } from '../../../src/lib/problems/problems';
import {
	categoriesAt,
	entryOf,
	isLeftOut,
	isUnfinished,
	newRow,
	notRecognised,
	outsideIntendedUse,
	recropped,
	redrawn,
	remarksOf,
	rowCategory,
	withFilmFound,
	scoreOf
} from '../../../src/lib/worklist/row';
import { reportRow } from '../../../src/lib/exports/report';
import { arrange, INITIAL_VIEW } from '../../../src/lib/worklist/worklist';
import { exampleManifest } from '../helpers/manifest';
import { LUNGS } from '../helpers/regions';
import { distantRow, readRow, reviewOf, rowAt } from '../helpers/rows';
import { fieldOf } from '../helpers/smears';
import { smallPackage } from '../helpers/small-model';

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
			problem: null,
			review: null
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

describe('the categories of a list', () => {
	it('are those of its rows at one setting, also of a row that was replaced', () => {
		const manifest = exampleManifest();
		const rows = [readRow(0, 0), readRow(1, 0.3), readRow(2, 0.7), rowAt(3, 'later')];
		for (const point of manifest.operatingPoints) {
			const categoryOf = categoriesAt(point, manifest);
			// Twice: what is remembered is what was found.
			for (const row of [...rows, ...rows]) {
				expect(categoryOf(row)).toBe(rowCategory(row, point, manifest));
			}
			expect(categoryOf({ ...rows[3], probability: 0.99 })).toBe('likely');
		}
	});
});

describe('a row whose file says that it shows something else', () => {
	const manifest = exampleManifest();
	const [point] = manifest.operatingPoints;
	const facts = { ...factsOfImage({ frames: 2, ownRange: false })!, modality: 'DX', age: 34 };
	const adult = { ...readRow(0, 0.7), facts };

	it('is outside the intended use, whatever its score and its distance', () => {
		expect(rowCategory(adult, point, manifest)).toBe('outside');
		expect(rowCategory({ ...adult, distance: 1e9 }, point, manifest)).toBe('outside');
		expect(sentenceOf(outsideIntendedUse(adult, manifest.task)!)).toBe(
			'Outside what the model was made for: an adult (34 years).'
		);
	});

	it('has a category where a person overrules it, and it is still said', () => {
		const overruled = { ...adult, overruled: true };
		expect(rowCategory(overruled, point, manifest)).toBe('likely');
		expect(outsideIntendedUse(overruled, manifest.task)).not.toBeNull();
		const outside = ['an adult (34 years)'];
		expect(reportRow(adult, point, manifest)).toMatchObject({ outside, overruled: false });
		expect(reportRow(overruled, point, manifest)).toMatchObject({ outside, overruled: true });
	});

	it('has no category before it was read', () => {
		expect(rowCategory({ ...adult, probability: null }, point, manifest)).toBeNull();
	});

	it('is one like any other where nothing speaks against it', () => {
		const child = { ...adult, facts: { ...facts, age: 3 } };
		expect(rowCategory(child, point, manifest)).toBe('likely');
		expect(outsideIntendedUse(child, manifest.task)).toBeNull();
	});
});

describe('a row whose outline a person called wrong', () => {
	const manifest = exampleManifest();
	const [point] = manifest.operatingPoints;
	const wrong = { ...readRow(0, 0.99), region: LUNGS, outlineWrong: true };

	it('has no score and no category of its own, whatever was read', () => {
		expect(scoreOf(wrong)).toBeNull();
		expect(scoreOf({ ...wrong, outlineWrong: false })).toBe(0.99);
		expect(rowCategory(wrong, point, manifest)).toBe('unrecognised');
		expect(reportRow(wrong, point, manifest)).toMatchObject({
			score: null,
			category: 'unrecognised',
			reason: 'A person marked the outline of the lungs as wrong: the score does not count.',
			region: { notes: [], outline: 'marked as wrong' }
		});
	});

	it('stands with those that a person must look at, before the unlike ones', () => {
		const unlike = { ...readRow(1, 0.9), region: { ...LUNGS, notes: ['no-lungs' as const] } };
		const distant = { ...unlike, id: 2, distance: 7 };
		const clear = { ...readRow(3, 0.01), id: 3 };
		const rows = [clear, distant, { ...wrong, id: 1 }];
		const shown = arrange(rows, INITIAL_VIEW, (row) => rowCategory(row, point, manifest));
		expect(shown.map(({ id }) => id)).toEqual([1, 2, 3]);
	});

	it('is read again within drawn outlines, with what was said of it', () => {
		const drawn = LUNGS.outlines;
		const again = redrawn({ ...wrong, review: reviewOf('present') }, drawn);
		expect(again).toMatchObject({
			status: 'waiting',
			probability: null,
			outlineWrong: false,
			drawn
		});
		expect(again.entry.drawn).toBe(drawn);
		expect(again.review?.finding).toBe('present');
		const read = { ...again, probability: 0.2, region: LUNGS };
		expect(reportRow(read, point, manifest).region?.outline).toBe('drawn by hand');
		expect(recropped(again, null)).toMatchObject({ drawn: null });
	});

	it('within a film that the program found says so, until a person confirms it', () => {
		const searched = withFilmFound(readRow(0, 0.5));
		expect(searched).toMatchObject({ status: 'waiting', findsFilm: true, corners: null });
		expect(searched.entry.corners).toBe('find');
		const found = { ...searched, status: 'done' as const, corners: FIRST_CORNERS };
		expect(entryOf(found).corners).toBe(FIRST_CORNERS);
		expect(reportRow(found, point, manifest)).toMatchObject({ cropped: true, filmFound: true });
		expect(remarksOf(found).join()).toMatch(/the program found.*Nobody has confirmed/);
		const none = { ...found, corners: null };
		expect(entryOf(none).corners).toBeNull();
		expect(reportRow(none, point, manifest)).toMatchObject({ cropped: false, filmFound: false });
		expect(remarksOf(none).join()).toMatch(/No film was found/);
		const confirmed = { ...recropped(found, FIRST_CORNERS), status: 'done' as const };
		expect(reportRow(confirmed, point, manifest)).toMatchObject({
			cropped: true,
			filmFound: false
		});
		expect(remarksOf(confirmed).join()).toMatch(/marked by hand/);
	});
});

describe('a row of a model that knows what it was made for', () => {
	// Distances up to 3 are recognised.
	const { manifest } = smallPackage('malaria-cell', 3);

	it('is not recognised beyond the threshold, whatever its score and the operating point', () => {
		for (const point of manifest.operatingPoints) {
			for (const score of [0, 0.3, 1]) {
				expect(rowCategory(distantRow(0, score, 3.001), point, manifest)).toBe('unrecognised');
			}
			expect(rowCategory(distantRow(0, 1, 3), point, manifest)).toBe('likely');
			expect(rowCategory(distantRow(0, 0, 0), point, manifest)).toBe('not-seen');
		}
	});

	it('is recognised by a model without a rule', () => {
		const plain = exampleManifest();
		expect(rowCategory(distantRow(0, 1, 1e9), plain.operatingPoints[0], plain)).toBe('likely');
	});

	it('is reported without a score, and with its distance as a share of the threshold', () => {
		const [point] = manifest.operatingPoints;
		expect(reportRow(distantRow(0, 0.75, 7.5), point, manifest)).toMatchObject({
			score: null,
			category: 'unrecognised',
			reason: '',
			unlikeness: 2.5
		});
		expect(reportRow(rowAt(0, 'a', { status: 'failed' }), point, manifest).unlikeness).toBeNull();
		const plain = exampleManifest();
		expect(reportRow(readRow(0, 0.75), plain.operatingPoints[0], plain).unlikeness).toBeNull();
	});

	it('is reported with the reason of its review in the language that is spoken', () => {
		const row = { ...readRow(0, 0.75), review: reviewOf('absent', { reason: 'white-cell' }) };
		const said = reportRow(row, manifest.operatingPoints[0], manifest).review?.reason;
		expect(said).toBe('A white blood cell');
	});

	it('is said in the words of the task', () => {
		expect(notRecognised(readRow(0, 0.75), 'malaria-cell').sentence).toBe(
			'Not recognised as a red blood cell: it has no score.'
		);
		expect(notRecognised(readRow(0, 0.75), 'chest-xray-pneumonia').sentence).toBe(
			'Not recognised as a chest X-ray: it has no score.'
		);
	});

	it('is of a field why its cells are not counted', () => {
		const blurred = { ...readRow(0, 0.75), field: fieldOf([0.9], { notes: ['out-of-focus'] }) };
		expect(notRecognised(blurred, 'malaria-cell').sentence).toBe(
			'Out of focus. It is not counted: focus and photograph it again.'
		);
		const empty = { ...readRow(0, 0.75), field: fieldOf([]) };
		expect(notRecognised(empty, 'malaria-cell').sentence).toContain('No cell could be counted');
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
		'no-image-inside',
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
