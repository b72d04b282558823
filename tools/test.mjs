// @ts-check
// `npm test`: installs what is missing, then runs every check and ends with a table.
// What needs installed packages is imported after the install.
import { parseArgs } from 'node:util';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand, runNpm, runPackage } from './lib/command.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { messageOf, Problem, runMain } from './lib/problem.mjs';
import { preparePython, pythonDir } from './lib/python.mjs';
import { checkNode } from './lib/settings.mjs';

/**
 * @typedef {'passed' | 'failed' | 'skipped'} Outcome
 * @typedef {{ outcome: Outcome, note?: string }} Result
 * @typedef {{ id: string, title: string, needs?: string, run: () => Promise<Result> }} Step
 */

/** @type {Step[]} */
const steps = [
	{
		id: 'schema',
		title: 'The JSON Schema is that of the code',
		run: () => byCode(runCommand(process.execPath, ['tools/write-schema.mjs', '--check']))
	},
	{ id: 'check', title: 'Types', run: checkTypes },
	{ id: 'lint', title: 'Form and lint', run: () => byCode(runNpm(['run', 'lint'])) },
	{ id: 'unit', title: 'Unit tests', run: () => byCode(runNpm(['run', 'test:unit'])) },
	{ id: 'component', title: 'Components in Chromium', run: testComponents },
	{ id: 'build', title: 'Build', run: () => byCode(runNpm(['run', 'build'])) },
	{ id: 'e2e', title: 'End to end in Chromium', needs: 'build', run: testInBrowser },
	{ id: 'python', title: 'The Python package', run: testPython }
];

await runMain(async () => {
	const { values } = parseArgs({ options: { only: { type: 'string' } } });
	const chosen = chooseSteps(values.only);
	checkNode();
	await ensureInstalled();
	await runNpm(['run', 'words']);
	const rows = [];
	for (const step of chosen) {
		console.log(`\n=== ${step.title} (${step.id}) ===`);
		const start = performance.now();
		const blocked = rows.find((row) => row.step.id === step.needs && row.outcome === 'failed');
		/** @type {Result} */
		const result = blocked
			? { outcome: 'failed', note: `not run: ${blocked.step.id} failed` }
			: await runStep(step);
		const seconds = (performance.now() - start) / 1000;
		console.log(`--- ${step.id}: ${result.outcome}, ${seconds.toFixed(1)} s`);
		rows.push({ step, seconds, ...result });
	}
	return summarise(rows);
});

/**
 * @param {string | undefined} only ids with commas between them
 */
function chooseSteps(only) {
	if (only === undefined) return steps;
	const ids = only.split(',').map((id) => id.trim());
	const unknown = ids.find((id) => !steps.some((step) => step.id === id));
	if (unknown !== undefined) {
		throw new Problem(
			`There is no step "${unknown}". Steps: ${steps.map((step) => step.id).join(', ')}`
		);
	}
	return steps.filter((step) => ids.includes(step.id));
}

/**
 * @param {Step} step
 * @returns {Promise<Result>}
 */
async function runStep(step) {
	try {
		return await step.run();
	} catch (error) {
		return { outcome: 'failed', note: messageOf(error) };
	}
}

/**
 * @param {Promise<number>} code
 * @returns {Promise<Result>}
 */
async function byCode(code) {
	return { outcome: (await code) === 0 ? 'passed' : 'failed' };
}

/** @returns {Promise<Result>} */
async function checkTypes() {
	const app = await runNpm(['run', 'check']);
	const tools = await runPackage('typescript/bin/tsc', ['-p', 'tools/tsconfig.json']);
	return { outcome: app === 0 && tools === 0 ? 'passed' : 'failed' };
}

/** @returns {Promise<Result>} */
async function testComponents() {
	const { ensureChromium } = await import('./lib/browser.mjs');
	await ensureChromium();
	return byCode(runNpm(['run', 'test:component']));
}

/** @returns {Promise<Result>} */
async function testInBrowser() {
	const { ensureBuilt } = await import('./lib/build.mjs');
	const { ensureChromium } = await import('./lib/browser.mjs');
	await ensureBuilt();
	await ensureChromium();
	return byCode(runPackage('@playwright/test/cli.js', ['test']));
}

/** @returns {Promise<Result>} */
async function testPython() {
	const environment = await preparePython();
	if ('leftOut' in environment) {
		console.log(`The Python tests were left out: ${environment.leftOut}.`);
		return { outcome: 'skipped', note: environment.leftOut };
	}
	const { python } = environment;
	const ruff = await runCommand(python, ['-m', 'ruff', 'check', '.'], { cwd: pythonDir });
	const pytest = existsSync(join(pythonDir, 'tests'))
		? await runCommand(python, ['-m', 'pytest', '-q'], { cwd: pythonDir })
		: 0;
	return { outcome: ruff === 0 && pytest === 0 ? 'passed' : 'failed' };
}

/**
 * Print the table and the closing line.
 * @param {{ step: Step, seconds: number, outcome: Outcome, note?: string }[]} rows
 * @returns {number} the exit code
 */
function summarise(rows) {
	console.log('\n=== Summary ===');
	for (const { step, seconds, outcome, note } of rows) {
		const line = `${step.id.padEnd(8)}${outcome.padEnd(9)}${seconds.toFixed(1).padStart(7)} s`;
		console.log(note ? `${line}  ${note}` : line);
	}
	/** @param {Outcome} outcome */
	const count = (outcome) => rows.filter((row) => row.outcome === outcome).length;
	const skipped = count('skipped');
	const tail = skipped > 0 ? `, ${skipped} skipped` : '';
	console.log(`\n${count('passed')} passed, ${count('failed')} failed${tail}`);
	return count('failed') === 0 ? 0 : 1;
}
