// @ts-check
// `node tools/bootstrap/run.mjs NAME`: installs the packages where they are missing, then runs
// tools/NAME.ts through tsx. For the commands that work from a fresh clone: start and test.
import { ensureInstalled, findNodeFault } from './install.mjs';

// tsx runs the tool in this same process, which a signal then ends at once.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));

const [name = ''] = process.argv.splice(2, 1);
const fault = findNodeFault(process.versions.node) ?? (await ensureInstalled());
if (fault) {
	console.error(`\n${fault}`);
	process.exitCode = 1;
} else {
	const { register } = await import('tsx/esm/api');
	register();
	await import(new URL(`../${name}.ts`, import.meta.url).href);
}
