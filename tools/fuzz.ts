// `npm run fuzz -- --minutes N`: damaged files of every format. It prints its seed, other each time
// where none is given, and for each format how many files were tried; a failure prints the
// smallest file that shows it.
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readCount, readOptions } from './lib/options.ts';
import { runMain } from './lib/problem.ts';

/** The tests that try damaged files. */
const TESTS = ['tests/unit/formats/contract.test.ts', 'tests/unit/intake/pdf.test.ts'];

const USAGE = 'npm run fuzz -- [--minutes N] [--seed S]';

await runMain(() => {
	const options = readOptions(
		{ minutes: { type: 'string', default: '2' }, seed: { type: 'string' } },
		USAGE
	);
	const minutes = readCount(options.minutes, 'minutes') ?? 2;
	const seed = readCount(options.seed, 'seed') ?? randomInt(1, 2 ** 31);
	console.log(`seed ${seed}`);
	const env = { ...process.env, FUZZ_MINUTES: String(minutes), FUZZ_SEED: String(seed) };
	const { status } = spawnSync(
		'npx',
		['vitest', 'run', '--project', 'unit', ...TESTS, '-t', 'never throws'],
		{ stdio: 'inherit', env }
	);
	return Promise.resolve(status ?? 1);
});
