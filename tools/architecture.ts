// `npm run architecture`: checks the layers of src/lib and draws its rooms into
// docs/architecture.md; with --check it only compares.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drawRooms, faultsOf, readImports, roomsOf } from './lib/layers.ts';
import { readOptions } from './lib/options.ts';
import { repoRoot } from './lib/paths.ts';
import { Problem, runMain } from './lib/problem.ts';
import { replaceBetween } from './lib/sections.ts';

const DOCUMENT = join(repoRoot, 'docs/architecture.md');
const MARKERS = [
	'<!-- rooms:start, written by `npm run architecture` -->',
	'<!-- rooms:end -->'
] as const;

await runMain(async () => {
	const { check } = readOptions(
		{ check: { type: 'boolean' } },
		'npm run architecture [-- --check]'
	);
	const imports = await readImports();
	const faults = faultsOf(imports);
	if (faults.length > 0) {
		throw new Problem(`These imports break the rules (tools/lib/layers.ts):\n${faults.join('\n')}`);
	}
	const before = await readFile(DOCUMENT, 'utf8');
	const drawing = `\`\`\`mermaid\n${drawRooms(roomsOf(imports))}\n\`\`\``;
	const after = replaceBetween(before, MARKERS, drawing, 'docs/architecture.md');
	if (after === before) return;
	if (check) throw new Problem('docs/architecture.md is out of date. Run: npm run architecture');
	await writeFile(DOCUMENT, after);
});
