// Slides of known parasitaemia, drawn from the scores of single cells of measured patients, and
// counted as the app counts a slide.
import type { FoundCell } from '../../src/lib/regions/cells/find.ts';
import type { Manifest } from '../../src/lib/models/manifest.ts';
import { countFields, USUAL_RED_CELLS } from '../../src/lib/smears/count.ts';
import { packCells, type CellScore, type FieldReading } from '../../src/lib/smears/field.ts';
import { createRandom, quantile } from '../../src/lib/statistics/bootstrap.ts';

/** A cell that was read, and whether it is infected. */
export interface ReadCell {
	patient: string;
	isInfected: boolean;
	score: CellScore;
}

export interface SlidePlan {
	/** Shares of infected cells, 0..1. */
	shares: readonly number[];
	/** Slides of each share. */
	slides: number;
	fields: number;
	cellsOfField: number;
	/** Cells of a class from which on a patient's own are drawn. */
	leastCells: number;
	seed: number;
}

/** What the counts of slides of one share said at one operating point. */
export interface Coverage {
	share: number;
	operatingPoint: string;
	/** Estimates: mean, and the middle 95 %. */
	mean: number;
	low: number;
	high: number;
	/** Of the slides, those whose interval holds the share. */
	covered: number;
	/** Mean width of the interval. */
	width: number;
	/** Of the slides, those that the count tells from none. */
	told: number;
}

/** Of one patient. */
interface Pool {
	infected: readonly CellScore[];
	healthy: readonly CellScore[];
}

/** Patients with enough cells of both classes. */
export function poolsOf(cells: readonly ReadCell[], leastCells: number): Pool[] {
	const patients = new Map<string, { infected: CellScore[]; healthy: CellScore[] }>();
	for (const { patient, isInfected, score } of cells) {
		const pool = patients.get(patient) ?? { infected: [], healthy: [] };
		pool[isInfected ? 'infected' : 'healthy'].push(score);
		patients.set(patient, pool);
	}
	return [...patients.values()].filter(
		({ infected, healthy }) => Math.min(infected.length, healthy.length) >= leastCells
	);
}

/**
 * Draw slides and count them: each is of one patient, taken in turn; each of its cells is infected
 * with the chance `share`, and its score is drawn, with replacement, from those of that patient.
 */
export function measureCoverage(
	pools: readonly Pool[],
	manifest: Manifest,
	plan: SlidePlan
): Coverage[] {
	const random = createRandom(plan.seed);
	const fieldOf = fieldMaker(plan.cellsOfField, random);
	return plan.shares.flatMap((share) => {
		const counts = Array.from({ length: plan.slides }, (_, i) => {
			const pool = pools[i % pools.length];
			const fields = Array.from({ length: plan.fields }, () => ({
				field: fieldOf(pool, share),
				review: null
			}));
			return manifest.operatingPoints.map(
				(point) => countFields(fields, USUAL_RED_CELLS, { manifest, point }).byModel
			);
		});
		return manifest.operatingPoints.map(({ id }, at) => {
			const found = counts.map((one) => one[at]);
			const values = found.map((one) => one?.share.value ?? NaN);
			const mean = (numbers: readonly number[]) =>
				numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
			const shareOf = (is: (one: (typeof found)[number]) => boolean) =>
				found.filter(is).length / found.length;
			return {
				share,
				operatingPoint: id,
				mean: mean(values),
				low: quantile(values, 0.025),
				high: quantile(values, 0.975),
				covered: shareOf((one) => {
					const { low, high } = one?.share ?? { low: null, high: null };
					return low !== null && high !== null && low <= share && share <= high;
				}),
				width: mean(found.map((one) => (one?.share.high ?? NaN) - (one?.share.low ?? NaN))),
				told: shareOf((one) => one !== null && !one.isPerhapsNone)
			};
		});
	});
}

/** Makes fields of whole red cells. */
function fieldMaker(cells: number, random: () => number) {
	const boxes = Array.from({ length: cells }, (_, i): FoundCell => {
		const left = 30 * i;
		return { left, top: 0, right: left + 28, bottom: 28, kind: 'red', isCut: false };
	});
	return ({ infected, healthy }: Pool, share: number): FieldReading => {
		const scores = boxes.map(() => {
			const pool = random() < share ? infected : healthy;
			return pool[Math.floor(random() * pool.length)];
		});
		return { radius: 14, notes: [], cells: packCells(boxes, scores), tiles: null };
	};
}
