// @ts-check
// From the app's results to the published figures.
import { classFolders } from './class-folders.mjs';
import { patientOf } from './image-folder.mjs';
import { NOT_RECOGNISED } from './results-csv.mjs';
import {
	areaOfSorted,
	areaUnderCurve,
	bootstrapByPatient,
	confusionAt,
	median,
	RATE_NAMES,
	ratesOf
} from './statistics.mjs';

/**
 * @typedef {import('./image-folder.mjs').ClassFile} ClassFile
 * @typedef {import('./results-csv.mjs').ResultRow} ResultRow
 * @typedef {import('./statistics.mjs').Reading} Reading
 * @typedef {import('./packages.mjs').Manifest} Manifest
 */

/**
 * The files that were read, with the truth of their folder.
 * @param {readonly ClassFile[]} files
 * @param {ReadonlyMap<string, ResultRow>} rows by the file's path
 * @param {Pick<Manifest, 'task'>} manifest
 * @returns {Reading[]}
 * @throws {import('./problem.mjs').Problem} unless the folders are those of the model's classes
 */
export function labelReadings(files, rows, manifest) {
	const folders = classFolders([...new Set(files.map((file) => file.className))], manifest);
	return files.flatMap(({ path, className }) => {
		const score = rows.get(path)?.score;
		return score === null || score === undefined
			? []
			: [{ positive: folders.get(className) === true, score, patient: patientOf(path) }];
	});
}

/**
 * AUC and, at each operating point, rates, their intervals and the confusion.
 * Figures that nothing defines are null, since JSON has no NaN.
 * @param {readonly Reading[]} readings
 * @param {readonly { id: string, threshold: number }[]} points
 */
export function measure(readings, points) {
	const intervals = bootstrapByPatient(readings, (sorted, weightOf) => {
		/** @type {Record<string, number>} */
		const figures = { auc: areaOfSorted(sorted, weightOf) };
		for (const { id, threshold } of points) {
			const rates = ratesOf(confusionAt(sorted, threshold, weightOf));
			for (const name of RATE_NAMES) figures[`${id} ${name}`] = rates[name];
		}
		return figures;
	});
	const operatingPoints = points.map(({ id, threshold }) => {
		const confusion = confusionAt(readings, threshold);
		const rates = Object.entries(ratesOf(confusion)).map(([name, value]) => [name, finite(value)]);
		const ranges = RATE_NAMES.map((name) => [name, intervals[`${id} ${name}`] ?? null]);
		return [
			id,
			{ threshold, ...Object.fromEntries(rates), confusion, ci: Object.fromEntries(ranges) }
		];
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

/**
 * The images with a score that the model did not recognise; null where it has no rule for it.
 * @param {readonly ResultRow[]} rows
 * @param {Pick<Manifest, 'recognition'>} manifest
 * @returns {{ count: number, share: number } | null}
 */
export function notRecognised(rows, { recognition }) {
	const read = rows.filter((row) => row.score !== null);
	if (!recognition || read.length === 0) return null;
	const count = read.filter((row) => row.category === NOT_RECOGNISED).length;
	return { count, share: count / read.length };
}

/**
 * The backend that read most files; empty where none was read.
 * @param {readonly ResultRow[]} rows
 */
export function mainBackend(rows) {
	/** @type {Map<string, number>} */
	const counts = new Map();
	for (const { backend, score } of rows) {
		if (score !== null) counts.set(backend, (counts.get(backend) ?? 0) + 1);
	}
	return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? '';
}

/**
 * Median time between two finished images, milliseconds.
 * @param {readonly ResultRow[]} rows
 * @returns {number | null}
 */
export function medianGap(rows) {
	const times = rows
		.flatMap(({ score, time }) => (score === null || time === null ? [] : [time]))
		.sort((a, b) => a - b);
	return finite(median(times.slice(1).map((time, i) => time - (times[i] ?? time))));
}

/** @param {number} value */
function finite(value) {
	return Number.isFinite(value) ? value : null;
}
