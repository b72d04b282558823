// `npm test`: every check, one line a step. What a step prints goes to out/test/STEP.log and is
// shown where the step fails. The packages are installed before (bootstrap/run.mjs).
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureChromium } from './lib/browser.ts';
import { ensureBuilt } from './lib/build.ts';
import { ensureFirefox, ensureWebKit } from './lib/other-browsers.ts';
import { expectSuccess, npmCommand, runCommand, runNpm, type Command } from './lib/command.ts';
import { readOptions } from './lib/options.ts';
import { repoRoot } from './lib/paths.ts';
import { messageOf, Problem, runMain } from './lib/problem.ts';
import { preparePython, pythonDir } from './lib/python.ts';

const USAGE = 'npm test [-- --only STEP,STEP]';
const LOGS = join(repoRoot, 'out/test');
const NAME_WIDTH = 12;
const LAST_LINES = 60;

type Outcome = 'passed' | 'failed' | 'skipped';

interface Result {
	outcome: Outcome;
	note?: string;
}

interface Step {
	id: string;
	/** Run one after the other, in a folder below the root, all of them. */
	commands: Command[] | (() => Promise<Command[] | { leftOut: string }>);
	/** What must be there; shown as it happens, since it may download. */
	prepare?: () => Promise<void>;
	/** The step that must have passed. */
	needs?: string;
	/** Where it cannot run it is named, and the run passes on a server, too. */
	isOptional?: boolean;
}

const npmScript = (name: string): Command => npmCommand(['run', name]);
/** A script that needs a browser, which may not be there. */
const inBrowser = (found: object | string, script: string) =>
	typeof found === 'object' && 'leftOut' in found
		? { leftOut: String(found.leftOut) }
		: [npmScript(script)];
/** Stands for the interpreter's path among the arguments of `pythonTools`. */
const PYTHON = '{python}';
const pythonTools =
	(...calls: string[][]) =>
	async () => {
		const environment = await preparePython();
		if ('leftOut' in environment) return environment;
		const { python } = environment;
		return calls.map((call) => {
			const args = call.map((arg) => (arg === PYTHON ? python : arg));
			return { program: python, args, cwd: pythonDir };
		});
	};

/**
 * One after the other: the types' check writes what the others read (the compiled messages), and
 * the tests use all cores.
 */
const STEPS: Step[] = [
	{
		id: 'check',
		commands: [npmScript('check'), npmScript('check:tools'), npmScript('check:schema')]
	},
	{ id: 'lint', commands: [npmScript('lint')] },
	{ id: 'unit', commands: [npmScript('test:unit')] },
	{ id: 'component', commands: [npmScript('test:component')], prepare: ensureChromium },
	{ id: 'build', commands: [npmScript('build'), npmCommand(['run', 'browsers', '--', '--check'])] },
	{
		id: 'e2e',
		commands: [npmScript('test:e2e')],
		prepare: async () => {
			await ensureBuilt();
			await ensureChromium();
		},
		needs: 'build'
	},
	{
		id: 'firefox',
		commands: async () => inBrowser(await ensureFirefox(), 'test:firefox'),
		needs: 'build',
		isOptional: true
	},
	{
		id: 'webkit',
		// Its scores are compared with Chromium's.
		prepare: ensureChromium,
		commands: async () => inBrowser(await ensureWebKit(), 'test:webkit'),
		needs: 'build',
		isOptional: true
	},
	{
		id: 'python-lint',
		commands: pythonTools(
			['-m', 'ruff', 'check', '.'],
			['-m', 'ruff', 'format', '--check', '.'],
			['-m', 'pyright', '--pythonpath', PYTHON]
		)
	},
	{ id: 'python', commands: pythonTools(['-m', 'pytest', '-q']) }
];

await runMain(async () => {
	const { only } = readOptions({ only: { type: 'string' } }, USAGE);
	const chosen = chooseSteps(only);
	await mkdir(LOGS, { recursive: true });
	expectSuccess(await runNpm(['run', '--silent', 'words']), 'The messages could not be compiled.');
	const start = performance.now();
	const results = new Map<string, Result>();
	for (const step of STEPS.filter(({ id }) => chosen.has(id))) {
		const begin = performance.now();
		const result = await runStep(step, results);
		results.set(step.id, result);
		await tell(step.id, result, performance.now() - begin);
	}
	for (const [id, { outcome, note }] of results) {
		if (outcome === 'failed' && note === undefined) await showEnd(id);
	}
	const count = (outcome: Outcome) =>
		[...results.values()].filter((result) => result.outcome === outcome).length;
	const skipped = count('skipped') > 0 ? `, ${count('skipped')} skipped` : '';
	const minutes = ((performance.now() - start) / 60_000).toFixed(1);
	console.log(`\n${count('passed')} passed, ${count('failed')} failed${skipped} in ${minutes} min`);
	return count('failed') === 0 ? 0 : 1;
});

/**
 * @param only ids with commas between them; all where it is left out
 * @throws {Problem} where there is no such step
 */
function chooseSteps(only: string | undefined): Set<string> {
	const all = STEPS.map(({ id }) => id);
	const ids = only?.split(',').map((id) => id.trim()) ?? all;
	const unknown = ids.find((id) => !all.includes(id));
	if (unknown === undefined) return new Set(ids);
	throw new Problem(`There is no step "${unknown}". Steps: ${all.join(', ')}`);
}

/** All commands of a step, also where one fails, so that a run shows all there is to mend. */
async function runStep(step: Step, before: ReadonlyMap<string, Result>): Promise<Result> {
	if (step.needs !== undefined && before.get(step.needs)?.outcome === 'failed') {
		return { outcome: 'failed', note: `not run: ${step.needs} failed` };
	}
	try {
		await step.prepare?.();
		const commands = Array.isArray(step.commands) ? step.commands : await step.commands();
		// On a server nobody would notice what is left out.
		if ('leftOut' in commands) {
			const isFault = process.env['CI'] && !step.isOptional;
			return { outcome: isFault ? 'failed' : 'skipped', note: commands.leftOut };
		}
		return { outcome: (await runAll(commands, logOf(step.id))) ? 'passed' : 'failed' };
	} catch (error) {
		return { outcome: 'failed', note: messageOf(error) };
	}
}

/** @returns whether all succeeded */
async function runAll(commands: readonly Command[], logFile: string): Promise<boolean> {
	const log = await open(logFile, 'w');
	try {
		let passed = true;
		for (const command of commands) {
			const code = await runCommand(command.program, command.args, { ...command, output: log.fd });
			if (code !== 0) passed = false;
		}
		return passed;
	} finally {
		await log.close();
	}
}

/** What a step prints. A declaration: the run above begins before the file is read to its end. */
function logOf(id: string): string {
	return join(LOGS, `${id}.log`);
}

/** The end of a failed step's log once more, after all steps: what is read of a long log. */
async function showEnd(id: string): Promise<void> {
	const lines = (await readFile(logOf(id), 'utf8')).trimEnd().split('\n');
	console.log(`\n=== the end of ${id} ===\n${lines.slice(-LAST_LINES).join('\n')}`);
}

async function tell(id: string, { outcome, note }: Result, milliseconds: number): Promise<void> {
	const seconds = (milliseconds / 1000).toFixed(1).padStart(7);
	const line = `${outcome.padEnd(8)}${id.padEnd(NAME_WIDTH)}${seconds} s`;
	if (outcome === 'failed' && note === undefined) {
		console.log(`\n=== ${id} ===\n${(await readFile(logOf(id), 'utf8')).trimEnd()}\n`);
	}
	console.log(note === undefined ? line : `${line}  ${note}`);
}
