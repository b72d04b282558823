// `npm run slides`: how well the interval of a slide holds the truth. Slides of known parasitaemia
// are drawn from the scores of measured cells (`results.csv` of `npm run evaluate`), by patient.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { patientInName } from '../src/lib/tasks/data.ts';
import { classFolders } from './lib/class-folders.ts';
import { readCount, readOptions } from './lib/options.ts';
import { readOfferedManifest } from './lib/packages.ts';
import { Problem, runMain } from './lib/problem.ts';
import { parseResults } from './lib/results-csv.ts';
import { measureCoverage, poolsOf, type ReadCell } from './lib/synthetic-slides.ts';
import { markdownTable } from './lib/table.ts';
import type { Manifest } from '../src/lib/models/manifest.ts';

const USAGE =
	'npm run slides -- --results <results.csv of npm run evaluate> [--model <id>] [--rates test|validation] [--slides N] [--fields N] [--out DIR]';

const SHARES = [0, 0.0002, 0.001, 0.005, 0.02, 0.1];
const CELLS_OF_FIELD = 120;
const LEAST_CELLS = 20;

await runMain(async () => {
	const options = readOptions(
		{
			results: { type: 'string' },
			model: { type: 'string', default: 'malaria-resnet34' },
			rates: { type: 'string', default: 'test' },
			slides: { type: 'string' },
			fields: { type: 'string' },
			out: { type: 'string', default: join('out', 'slides') }
		},
		USAGE
	);
	if (!options.results) throw new Problem(`--results is missing.\nUse: ${USAGE}`);
	const manifest = await readOfferedManifest(options.model);
	const cells = readCells(await readFile(options.results, 'utf8'), manifest);
	const pools = poolsOf(cells, LEAST_CELLS);
	if (pools.length === 0) {
		throw new Problem(`No patient has ${LEAST_CELLS} cells of each class with a score.`);
	}
	const plan = {
		shares: SHARES,
		slides: readCount(options.slides, 'slides') ?? 1000,
		fields: readCount(options.fields, 'fields') ?? 20,
		cellsOfField: CELLS_OF_FIELD,
		leastCells: LEAST_CELLS,
		seed: 1
	};
	const coverage = measureCoverage(pools, withRatesOf(manifest, options.rates), plan);
	const out = resolve(options.out);
	await mkdir(out, { recursive: true });
	const figures = { model: manifest.id, version: manifest.version, patients: pools.length, plan };
	await writeFile(
		join(out, 'coverage.json'),
		`${JSON.stringify({ ...figures, rates: options.rates, coverage }, null, '\t')}\n`
	);
	console.log(
		`${plan.slides} slides of each share, ${plan.fields} fields of ${CELLS_OF_FIELD} cells, ${pools.length} patients; rates: ${options.rates}\n`
	);
	const percent = (value: number) => (100 * value).toFixed(2);
	console.log(
		markdownTable(
			[
				'truth, %',
				'point',
				'mean estimate',
				'middle 95 %',
				'mean width',
				'covered',
				'told from none'
			],
			coverage.map((one) => [
				percent(one.share),
				one.operatingPoint,
				percent(one.mean),
				`${percent(one.low)} to ${percent(one.high)}`,
				percent(one.width),
				one.covered.toFixed(3),
				one.told.toFixed(3)
			])
		)
	);
});

/** The cells with a score; the class is that of the folder. */
function readCells(csv: string, manifest: Manifest): ReadCell[] {
	const threshold = manifest.recognition?.threshold ?? null;
	const rows = parseResults(csv);
	const folderOf = (path: string) => path.split('/').at(-2) ?? '';
	const classes = classFolders([...new Set(rows.map(({ path }) => folderOf(path)))], manifest);
	return rows.flatMap(({ path, score, unlikeness }) => {
		if (score === null) return [];
		// Scores have six digits: 1 is no log-odds.
		const within = Math.min(1 - 1e-6, Math.max(1e-6, score));
		return [
			{
				patient: patientInName(path) ?? path,
				isInfected: classes.get(folderOf(path)) ?? false,
				score: {
					logOdds: Math.log(within / (1 - within)),
					distance: unlikeness === null || threshold === null ? null : unlikeness * threshold
				}
			}
		];
	});
}

/** The manifest with the figures of one role alone, so that the count takes its rates. */
function withRatesOf(manifest: Manifest, role: string): Manifest {
	const metrics = manifest.metrics.filter((set) => set.role === role);
	if (metrics.length === 0) throw new Problem(`The model has no figures of the role ${role}.`);
	return { ...manifest, metrics };
}
