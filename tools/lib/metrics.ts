// From the app's results to the published figures.
import type { Manifest } from '../../src/lib/models/manifest.ts';
import { bootstrapByPatient } from '../../src/lib/statistics/bootstrap.ts';
import {
	areaOfSorted,
	areaUnderCurve,
	confusionAt,
	RATE_NAMES,
	ratesOf,
	type Confusion,
	type Reading
} from '../../src/lib/statistics/classifier.ts';
import { classFolders } from './class-folders.ts';
import { patientOf, type ClassFile } from './image-folder.ts';
import { NOT_RECOGNISED, type ResultRow } from './results-csv.ts';
import { median } from './statistics.ts';

/**
 * The files that were read, with the truth of their folder.
 * @param rows by the file's path
 * @param all the folder that `files` are a part of
 * @throws {Problem} unless the folders are those of the model's classes
 */
export function labelReadings(
	files: readonly ClassFile[],
	rows: ReadonlyMap<string, ResultRow>,
	manifest: Pick<Manifest, 'task'>,
	all: readonly ClassFile[] = files
): Reading[] {
	const folders = classFolders([...new Set(all.map((file) => file.className))], manifest);
	return files.flatMap(({ path, className }) => {
		const score = rows.get(path)?.score;
		return score === null || score === undefined
			? []
			: [{ positive: folders.get(className) === true, score, patient: patientOf(path) }];
	});
}

type RateName = (typeof RATE_NAMES)[number];
type ByRate<T> = Record<RateName, T>;

/** What is measured at one operating point; null where nothing defines it. */
interface PointFigures extends ByRate<number | null> {
	threshold: number;
	confusion: Confusion;
	/** 95 % intervals by patient. */
	ci: ByRate<[number, number] | null>;
}

/** Figures of a folder, as metrics.json holds them. */
export interface Figures {
	n: number;
	positives: number;
	patients: number;
	auc: number | null;
	aucCI: [number, number] | null;
	operatingPoints: Record<string, PointFigures>;
}

/**
 * AUC and, at each operating point, rates, their intervals and the confusion.
 * Figures that nothing defines are null, since JSON has no NaN.
 */
export function measure(
	readings: readonly Reading[],
	points: readonly { id: string; threshold: number }[]
): Figures {
	const intervals = bootstrapByPatient(readings, (sorted, weightOf) => {
		const figures: Record<string, number> = { auc: areaOfSorted(sorted, weightOf) };
		for (const { id, threshold } of points) {
			const rates = ratesOf(confusionAt(sorted, threshold, weightOf));
			for (const name of RATE_NAMES) figures[`${id} ${name}`] = rates[name];
		}
		return figures;
	});
	const operatingPoints = points.map(({ id, threshold }): [string, PointFigures] => {
		const confusion = confusionAt(readings, threshold);
		const rates = ratesOf(confusion);
		const rateOf = (name: RateName) => finite(rates[name]);
		const rangeOf = (name: RateName) => intervals[`${id} ${name}`] ?? null;
		return [id, { threshold, ...byRate(rateOf), confusion, ci: byRate(rangeOf) }];
	});
	return {
		n: readings.length,
		positives: readings.filter((reading) => reading.positive).length,
		patients: new Set(readings.map((reading) => reading.patient)).size,
		auc: finite(areaUnderCurve(readings)),
		aucCI: intervals['auc'] ?? null,
		operatingPoints: Object.fromEntries(operatingPoints)
	};
}

/** The images with a score that the model did not recognise; null where it has no rule for it. */
export function notRecognised(
	rows: readonly ResultRow[],
	{ recognition }: Pick<Manifest, 'recognition'>
): { count: number; share: number } | null {
	const read = rows.filter((row) => row.score !== null);
	if (!recognition || read.length === 0) return null;
	const count = read.filter((row) => row.category === NOT_RECOGNISED).length;
	return { count, share: count / read.length };
}

/** The backend that read most files; empty where none was read. */
export function mainBackend(rows: readonly ResultRow[]) {
	const counts: Map<string, number> = new Map();
	for (const { backend, score } of rows) {
		if (score !== null) counts.set(backend, (counts.get(backend) ?? 0) + 1);
	}
	return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? '';
}

/** Median time between two finished images, milliseconds. */
export function medianGap(rows: readonly ResultRow[]): number | null {
	const times = rows
		.flatMap(({ score, time }) => (score === null || time === null ? [] : [time]))
		.sort((a, b) => a - b);
	return finite(median(times.slice(1).map((time, i) => time - (times[i] ?? time))));
}

function byRate<T>(figureOf: (name: RateName) => T): ByRate<T> {
	return Object.fromEntries(RATE_NAMES.map((name) => [name, figureOf(name)])) as ByRate<T>;
}

function finite(value: number): number | null {
	return Number.isFinite(value) ? value : null;
}
