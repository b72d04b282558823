// The figures of an evaluation: measured, written as metrics.json, printed as tables.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { labelReadings, mainBackend, measure, medianGap, notRecognised } from './metrics.ts';
import { interval, markdownTable, rate } from './table.ts';
import type { Manifest } from '../../src/lib/models/manifest.ts';
import type { ClassFile } from './image-folder.ts';
import type { MaskFigures } from './masks.ts';
import type { Figures } from './metrics.ts';
import type { ResultRow } from './results-csv.ts';
import type { Group } from './views.ts';

/**
 * Write metrics.json and print the table.
 * @returns 1 when a file came back without a result and without a reason
 */
export async function report(
	manifest: Manifest,
	files: ClassFile[],
	rows: Map<string, ResultRow>,
	run: {
		wallMs: number;
		medianMs: number | null;
		groups: readonly Group[];
		masks: MaskFigures | null;
	},
	out: string
): Promise<number> {
	const found = [...rows.values()];
	const figures = measure(labelReadings(files, rows, manifest), manifest.operatingPoints);
	const failed = found.filter((row) => row.score === null && row.reason !== '');
	const byGroup = run.groups.map((its) => {
		const group = files.filter(({ path }) => its.has(path));
		const grouped = group.flatMap(({ path }) => rows.get(path) ?? []);
		return {
			group: its.name,
			...measure(labelReadings(group, rows, manifest, files), manifest.operatingPoints),
			notRecognised: notRecognised(grouped, manifest)
		};
	});
	const metrics = {
		model: manifest.id,
		modelVersion: manifest.version,
		files: files.length,
		failed: failed.length,
		...figures,
		notRecognised: notRecognised(found, manifest),
		backend: mainBackend(found),
		medianMsPerImage: run.medianMs ?? medianGap(found),
		wallMs: Math.round(run.wallMs),
		...(byGroup.length > 0 ? { groups: byGroup } : {}),
		...(run.masks ? { masks: run.masks } : {})
	};
	await writeFile(join(out, 'metrics.json'), `${JSON.stringify(metrics, null, '\t')}\n`);

	console.log(
		`\n${metrics.model} ${metrics.modelVersion} on ${metrics.backend}: ${metrics.n} images of ${metrics.patients} patients (${metrics.positives} positive), ${(metrics.wallMs / 1000).toFixed(1)} s, ${Math.round(metrics.medianMsPerImage ?? NaN)} ms an image (median)`
	);
	console.log(`AUC ${rate(metrics.auc)} (95 % interval ${interval(metrics.aucCI)})`);
	if (metrics.notRecognised) {
		const { count, share } = metrics.notRecognised;
		console.log(`Not recognised: ${count} of ${metrics.n} (${(100 * share).toFixed(1)} %)`);
	}
	console.log('');
	const header = [
		'point',
		'threshold',
		'accuracy',
		'sensitivity',
		'specificity',
		'precision',
		'F1'
	];
	console.log(
		markdownTable(
			header,
			Object.entries(metrics.operatingPoints).map(([id, point]) => [
				id,
				...[point.threshold, point.accuracy, point.sensitivity, point.specificity].map(rate),
				...[point.precision, point.f1].map(rate)
			])
		)
	);
	if (byGroup.length > 0) console.log(`\n${groupTable(byGroup, manifest)}`);
	if (run.masks) {
		const { n, dice, maps, hottestInside } = run.masks;
		console.log(
			`\nDrawn outlines of ${n} images: Dice of the found regions ${rate(dice)}, hottest point inside ${rate(hottestInside)} of ${maps} maps`
		);
	}
	for (const row of failed) console.log(`not read: ${row.path}: ${row.reason}`);
	console.log(`\nWritten to ${out}`);
	return tellSilent(files, rows);
}

/** Name the files that have neither a score nor a reason. @returns 1 where there is any. */
export function tellSilent(
	files: readonly ClassFile[],
	rows: ReadonlyMap<string, ResultRow>
): number {
	const silent = files.filter(({ path }) => {
		const row = rows.get(path);
		return !row || (row.score === null && row.reason === '');
	});
	for (const { path } of silent) console.error(`no result and no reason: ${path}`);
	return silent.length === 0 ? 0 : 1;
}

/** Print the readings of a folder without classes. */
export function listRows(rows: ReadonlyMap<string, ResultRow>): number {
	const cells = [...rows].map(([path, { score, category, reason }]) => [
		path,
		score?.toFixed(6) ?? '-',
		category || reason
	]);
	console.log(`\n${markdownTable(['file', 'score', 'category or reason'], cells)}`);
	return 0;
}

/** AUC, and sensitivity and specificity at each operating point, of each group of films. */
function groupTable(
	groups: readonly (Figures & { group: string; notRecognised: { share: number } | null })[],
	{ operatingPoints }: Manifest
): string {
	const header = [
		'group',
		'n',
		'positive',
		'not recognised',
		'AUC (95 % interval)',
		...operatingPoints.flatMap(({ id }) => [`${id}: sensitivity`, 'specificity'])
	];
	const withRange = (value: number | null, range: [number, number] | null | undefined) =>
		range ? `${rate(value)} (${interval(range)})` : rate(value);
	return markdownTable(
		header,
		groups.map((group) => [
			group.group,
			group.n,
			group.positives,
			rate(group.notRecognised?.share),
			withRange(group.auc, group.aucCI),
			...operatingPoints.flatMap(({ id }) => {
				const point = group.operatingPoints[id];
				return point
					? [
							withRange(point.sensitivity, point.ci.sensitivity),
							withRange(point.specificity, point.ci.specificity)
						]
					: ['-', '-'];
			})
		])
	);
}
