import { describe, expect, it } from 'vitest';
import { countCells, countFields, countSlide } from '../../../src/lib/smears/count';
import { packCells } from '../../../src/lib/smears/field';
import { withAdded, withFinding, withRemoved } from '../../../src/lib/smears/field-review';
import { exampleManifest } from '../helpers/manifest';
import { cellAt, exampleRule, fieldOf } from '../helpers/smears';

const SAID = { by: 'AB', time: '2026-11-30T10:00:00.000Z' };
/** 0.6: above it suspected, from 0.2 on borderline. */
const strict = exampleRule(1);

describe('the cells of a field', () => {
	const field = fieldOf([0.9, 0.7, 0.3, 0.1, 0.05]);

	it('are suspected, borderline or clear by the operating point', () => {
		const counts = countCells({ field, review: null }, strict);
		expect(counts).toMatchObject({ cells: 5, suspected: 2, borderline: 1, waiting: 2 });
		expect(countCells({ field, review: null }, exampleRule(0))).toMatchObject({
			suspected: 3,
			borderline: 0
		});
	});

	it('stand as the model says whatever a person says of them', () => {
		let review = withFinding(null, 0, 'parasite', SAID);
		review = withFinding(review, 1, 'none', SAID);
		review = withFinding(review, 2, 'cannot-tell', SAID);
		expect(countCells({ field, review }, strict)).toMatchObject({
			suspected: 2,
			confirmed: 1,
			denied: 1,
			cannotTell: 1,
			waiting: 0
		});
	});

	it('count without what is no cell, and with what was missed', () => {
		const review = withAdded(withRemoved(null, 1, true), {
			left: 0,
			top: 50,
			right: 20,
			bottom: 70
		});
		const counts = countCells({ field, review }, strict);
		expect(counts).toMatchObject({ cells: 5, suspected: 1, removed: 1 });
		const said = withFinding(review, 5, 'parasite', SAID);
		expect(countCells({ field, review: said }, strict)).toMatchObject({ cells: 5, confirmed: 1 });
	});

	it('leave out white cells, platelets and what the edge cuts off', () => {
		const cells = [
			cellAt(0),
			cellAt(1, { isCut: true }),
			cellAt(2, { kind: 'white' }),
			cellAt(3, { kind: 'platelet' })
		];
		const packed = packCells(cells, [{ logOdds: 5, distance: null }, null, null, null]);
		const counts = countCells({ field: fieldOf([], { cells: packed }), review: null }, strict);
		expect(counts).toMatchObject({ cells: 1, suspected: 1, cut: 1, white: 1, platelets: 1 });
	});

	it('count only once a person judged them where the model does not recognise them', () => {
		const manifest = exampleManifest({
			recognition: {
				method: 'mahalanobis',
				threshold: 1,
				validation: { n: 1, flagged: 0 },
				rejected: [],
				outside: [],
				bytes: 1
			}
		});
		const rule = { manifest, point: strict.point };
		const packed = packCells([cellAt(0)], [{ logOdds: 5, distance: 1.5 }]);
		const strange = fieldOf([], { cells: packed });
		expect(countCells({ field: strange, review: null }, rule)).toMatchObject({
			cells: 0,
			unrecognised: 1
		});
		const review = withFinding(null, 0, 'parasite', SAID);
		expect(countCells({ field: strange, review }, rule)).toMatchObject({ cells: 1, confirmed: 1 });
	});
});

describe('a slide', () => {
	const healthy = Array.from({ length: 99 }, () => 0.01);
	const withOne = fieldOf([0.95, ...healthy]);
	const clear = fieldOf([0.01, ...healthy]);

	it('adds its fields up, without those that are too bad', () => {
		const blurred = { field: { ...withOne, notes: ['out-of-focus' as const] }, review: null };
		const fields = [{ field: withOne, review: null }, { field: clear, review: null }, blurred];
		expect(countFields(fields, 5e6, strict)).toMatchObject({
			fields: 2,
			unusable: 1,
			cells: 200,
			suspected: 1
		});
	});

	it('has the share of suspected cells where the rates of the model are not known', () => {
		const { byModel, byPerson } = countFields([{ field: withOne, review: null }], 4e6, strict);
		// Clopper and Pearson: scipy.stats.beta.ppf(0.025, 1, 100), beta.ppf(0.975, 2, 99).
		expect(byModel?.share.value).toBeCloseTo(0.01, 12);
		expect(byModel?.share.low).toBeCloseTo(0.00025314603297742064, 12);
		expect(byModel?.share.high).toBeCloseTo(0.054459385392080645, 12);
		expect(byModel?.perMicrolitre.value).toBeCloseTo(40_000, 6);
		expect(byPerson).toBeNull();
	});

	it('is corrected for the false alarms of the model where they are known', () => {
		const figure = (value: number) => ({ value, low: value - 0.01, high: value + 0.01 });
		const at = {
			accuracy: figure(0.95),
			sensitivity: figure(0.9),
			specificity: figure(0.95),
			precision: figure(0.9),
			f1: figure(0.9),
			confusion: { truePositive: 0, falsePositive: 0, trueNegative: 0, falseNegative: 0 }
		};
		const manifest = exampleManifest({
			metrics: [
				{
					id: 'hospital',
					role: 'test',
					n: 20_000,
					positives: 10_000,
					patients: 100,
					auc: figure(0.97),
					operatingPoints: { [strict.point.id]: at },
					roc: [],
					calibrationBins: [],
					expectedCalibrationError: null,
					command: 'test'
				}
			]
		});
		const rule = { manifest, point: strict.point };
		const slide = countFields([{ field: withOne, review: null }], 5e6, rule);
		// 1 % are suspected, of healthy cells the model suspects 5 %.
		expect(slide.byModel).toMatchObject({ share: { value: 0, low: 0 }, isPerhapsNone: true });
		expect(slide.category).toBe('uncertain');
		// 28 cells in which a perfect reader found nothing rule out 12 % (1 - 0.025^(1/28)) and more.
		const few = fieldOf(Array.from({ length: 28 }, () => 0.1));
		const { byModel } = countFields([{ field: few, review: null }], 5e6, rule);
		expect(byModel?.share).toMatchObject({ value: 0, low: 0 });
		expect(byModel?.share.high).toBeCloseTo(0.1234361185, 7);
		const many = fieldOf([...Array.from({ length: 30 }, () => 0.9), ...healthy]);
		const infected = countFields([{ field: many, review: null }], 5e6, rule);
		expect(infected.byModel?.share.value).toBeCloseTo((30 / 129 - 0.05) / 0.85, 12);
		expect(infected.category).toBe('likely');
	});

	it('is likely as soon as a person confirmed a cell, and not seen when all are denied', () => {
		const confirmed = withFinding(null, 0, 'parasite', SAID);
		const denied = withFinding(null, 0, 'none', SAID);
		const categoryOf = (review: typeof denied) =>
			countFields([{ field: withOne, review }], 5e6, strict).category;
		expect(categoryOf(confirmed)).toBe('likely');
		expect(categoryOf(denied)).toBe('not-seen');
		expect(categoryOf(withFinding(null, 0, 'cannot-tell', SAID))).toBe('likely');
		expect(countFields([{ field: clear, review: null }], 5e6, strict).category).toBe('not-seen');
		expect(countSlide([], 2, 5e6, strict)).toMatchObject({
			category: 'unrecognised',
			byModel: null
		});
	});

	it('keeps the person apart from the model', () => {
		const review = withFinding(null, 0, 'parasite', SAID);
		const fields = [
			{ field: withOne, review },
			{ field: withOne, review: null }
		];
		const { byModel, byPerson } = countFields(fields, 5e6, strict);
		expect(byModel?.share.value).toBeCloseTo(0.01, 12);
		expect(byPerson?.share.value).toBeCloseTo(0.005, 12);
	});
});
