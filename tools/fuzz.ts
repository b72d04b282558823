// `npm run fuzz -- --minutes N`: damaged files of every format, with other seeds each time. A failure
// prints the seed and the smallest file that shows it.
import { spawnSync } from 'node:child_process';
import { readCount, readOptions } from './lib/options.ts';
import { runMain } from './lib/problem.ts';

/** The tests that try damaged files. */
const TESTS = ['tests/unit/formats/contract.test.ts', 'tests/unit/intake/pdf.test.ts'];

const USAGE = 'npm run fuzz -- [--minutes N]';

await runMain(() => {
	const options = readOptions({ minutes: { type: 'string', default: '2' } }, USAGE);
	const minutes = readCount(options.minutes, 'minutes') ?? 2;
	const { status } = spawnSync(
		'npx',
		['vitest', 'run', '--project', 'unit', ...TESTS, '-t', 'never throws'],
		{ stdio: 'inherit', env: { ...process.env, FUZZ_MINUTES: String(minutes) } }
	);
	return Promise.resolve(status ?? 1);
});
