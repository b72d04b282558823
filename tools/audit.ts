// `npm run audit`: Lighthouse on the built page, as a laptop and as a phone on a slow network.
// Fails below 95 of 100 in performance, accessibility or best practices.
import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CATEGORIES, faultsOf, isDecided, LEAST, passed, ROUNDS, scoresOf } from './lib/audit.ts';
import { ensureChromium, findSystemChromium, QUIET_FLAGS } from './lib/browser.ts';
import { ensureBuilt } from './lib/build.ts';
import { expectSuccess, runNpm } from './lib/command.ts';
import { readOptions } from './lib/options.ts';
import { Problem, runMain } from './lib/problem.ts';
import { startServer } from './lib/static-server.ts';
import { markdownTable } from './lib/table.ts';
import type { Report } from './lib/audit.ts';

/** How often a run is begun before Lighthouse's own failure counts. */
const TRIES = 3;

// Fetched when it is needed: 150 packages of 185 MB. The last one that runs on Node 20.
const LIGHTHOUSE = 'lighthouse@12.8.2';
const USAGE = 'npm run audit [-- --pages /,/help/] [--devices desktop,mobile] [--out FOLDER]';
const PAGES = '/,/models/,/sessions/,/calibration/,/help/';

await runMain(async () => {
	const options = readOptions(
		{
			pages: { type: 'string', default: PAGES },
			devices: { type: 'string', default: 'desktop,mobile' },
			out: { type: 'string', default: 'out/audit' }
		},
		USAGE
	);
	const out = resolve(options.out);
	await mkdir(out, { recursive: true });
	await ensureBuilt();
	await ensureChromium();
	const server = await startServer();
	const rows = [];
	const faults = [];
	try {
		for (const device of listOf(options.devices, ['desktop', 'mobile'])) {
			for (const page of listOf(options.pages, PAGES.split(','))) {
				const reports = await auditPage(new URL(`.${page}`, server.url).href, device, out);
				const scores = scoresOf(reports);
				const speeds = reports.map(({ environment }) => Math.round(environment.benchmarkIndex));
				rows.push([
					page,
					device,
					speeds.join(', '),
					...scores.map(({ score }) => Math.round(score))
				]);
				for (const { category, score } of scores) {
					if (passed(score)) continue;
					const found = new Set(reports.flatMap((report) => faultsOf(report, category)));
					faults.push([`${page} ${device} ${category}: ${score}`, ...found].join('\n  '));
				}
			}
		}
	} finally {
		await server.close();
	}
	console.log(`\n${markdownTable(['page', 'device', 'machine', ...CATEGORIES], rows)}\n`);
	console.log(`Medians of up to ${ROUNDS} runs. The reports are in ${out}.`);
	console.log('Machine: Lighthouse’s measure of its speed in each run. Its throttling assumes');
	console.log(
		'1,500 and more: on a slower or busy machine the performance is lower than users see.'
	);
	if (faults.length === 0) return 0;
	console.error(`\nBelow ${LEAST}:\n${faults.join('\n')}`);
	return 1;
});

/**
 * @returns as many as decide whether the page passes
 */
async function auditPage(url: string, device: string, out: string): Promise<Report[]> {
	const reports: Report[] = [];
	while (reports.length < ROUNDS && !isDecided(reports)) {
		const page = new URL(url).pathname.replaceAll('/', '') || 'home';
		const file = join(out, `${page}-${device}-${reports.length + 1}.json`);
		console.log(`${page}, ${device}, run ${reports.length + 1} ...`);
		await tryLighthouse(url, device, file);
		reports.push(JSON.parse(await readFile(file, 'utf8')) as Report);
	}
	return reports;
}

/**
 * One run; tried again where Lighthouse itself failed, as it does now and then (NO_NAVSTART).
 * @param file where the report goes
 */
async function tryLighthouse(url: string, device: string, file: string) {
	for (let left = TRIES - 1; left > 0; left--) {
		if ((await runLighthouse(url, device, file)) === 0) return;
		console.log('Lighthouse failed by itself; once more.');
	}
	expectSuccess(await runLighthouse(url, device, file), `Lighthouse could not look at ${url}.`);
}

/**
 * @param file where the report goes
 * @returns its exit code
 */
async function runLighthouse(url: string, device: string, file: string): Promise<number> {
	const flags = ['--headless=new', ...QUIET_FLAGS];
	// Chromium's sandbox does not start for root, as in a container.
	if (process.getuid?.() === 0) flags.push('--no-sandbox');
	const chromium = findSystemChromium() ?? (await import('playwright')).chromium.executablePath();
	return runNpm(
		[
			...['exec', '--yes', `--package=${LIGHTHOUSE}`, '--', 'lighthouse', url],
			...['--quiet', '--no-enable-error-reporting', '--output=json', `--output-path=${file}`],
			`--only-categories=${CATEGORIES.join(',')}`,
			`--chrome-flags=${flags.join(' ')}`,
			...(device === 'desktop' ? ['--preset=desktop'] : [])
		],
		{ CHROME_PATH: chromium }
	);
}

/**
 * @param text separated by commas
 */
function listOf(text: string, known: readonly string[]) {
	const chosen = text.split(',');
	const wrong = chosen.find((one) => !known.includes(one));
	if (wrong !== undefined) throw new Problem(`"${wrong}" is none of ${known.join(', ')}.`);
	return chosen;
}
