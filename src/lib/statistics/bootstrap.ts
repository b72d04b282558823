/** Intervals by drawing again, and the seeded random numbers for it. */
import { sortByScore, type Reading, type WeightOf } from './classifier';

/** How often is drawn. */
export const FOLDS = 2000;

/**
 * 95 % percentile intervals by bootstrap over patients: all images of a drawn patient come
 * along (Efron and Tibshirani 1993, chapter 13). A sample without one of the classes leaves
 * the figure that needs it out.
 * @param measure the figures of one sample: the readings by rising score, the same each time,
 *   and how often each was drawn.
 * @returns [low, high] by the figure's name; a figure that no sample defines is not there.
 */
export function bootstrapByPatient(
	readings: readonly Reading[],
	measure: (sorted: readonly Reading[], weightOf: WeightOf) => Record<string, number>,
	{ folds = FOLDS, seed = 1 }: { folds?: number; seed?: number } = {}
): Record<string, [number, number]> {
	const sorted = sortByScore(readings);
	const numbers = new Map<string, number>();
	for (const { patient } of sorted) {
		if (!numbers.has(patient)) numbers.set(patient, numbers.size);
	}
	const patientAt = Int32Array.from(sorted, ({ patient }) => numbers.get(patient) ?? 0);
	const random = createRandom(seed);
	const samples = new Map<string, number[]>();
	const drawn = new Int32Array(numbers.size);
	for (let fold = 0; fold < folds; fold++) {
		drawn.fill(0);
		for (let draw = 0; draw < drawn.length; draw++) drawn[Math.floor(random() * drawn.length)]++;
		const figures = measure(
			sorted,
			(reading, place = sorted.indexOf(reading)) => drawn[patientAt[place]]
		);
		for (const [name, value] of Object.entries(figures)) {
			if (!Number.isFinite(value)) continue;
			const values = samples.get(name) ?? [];
			values.push(value);
			samples.set(name, values);
		}
	}
	return Object.fromEntries(
		[...samples].map(([name, values]) => [name, [quantile(values, 0.025), quantile(values, 0.975)]])
	);
}

/**
 * Linear interpolation between order statistics (type 7, NumPy's default).
 * @param share 0..1
 * @returns NaN for no values.
 */
export function quantile(values: readonly number[], share: number): number {
	const sorted = Float64Array.from(values).sort();
	const place = (sorted.length - 1) * share;
	const low = sorted[Math.floor(place)] ?? NaN;
	const high = sorted[Math.ceil(place)] ?? NaN;
	return low + (high - low) * (place - Math.floor(place));
}

/**
 * Pseudo-random numbers of [0, 1), the same for the same seed (mulberry32, T. Ettinger).
 */
export function createRandom(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};
}
