// `npm run browsers`: looks in the built site for what the promised browsers lack, by MDN's
// browser-compat-data, and writes docs/browsers.md; with --check it only compares.
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import bcd from '@mdn/browser-compat-data/forLegacyNode';
import { ensureBuilt } from './lib/build.ts';
import { tableOfFeatures } from './lib/compat/document.ts';
import { usedInManifest, usedInMarkup } from './lib/compat/markup-features.ts';
import { GUARDED, OTHER_THINGS } from './lib/compat/reviewed.ts';
import { usedInScripts } from './lib/compat/script-features.ts';
import { collectNames, emptyNames } from './lib/compat/script-names.ts';
import { usedInStyles } from './lib/compat/style-features.ts';
import { lacksOf, type Feature } from './lib/compat/support.ts';
import { README_SENTENCE } from './lib/compat/versions.ts';
import { readOptions } from './lib/options.ts';
import { repoRoot } from './lib/paths.ts';
import { Problem, runMain } from './lib/problem.ts';
import { replaceBetween } from './lib/sections.ts';

const DOCUMENT = join(repoRoot, 'docs/browsers.md');
const MARKERS = [
	'<!-- features:start, written by `npm run browsers` -->',
	'<!-- features:end -->'
] as const;

await runMain(async () => {
	const { check } = readOptions({ check: { type: 'boolean' } }, 'npm run browsers [-- --check]');
	await ensureBuilt();
	const used = await featuresOfSite(join(repoRoot, 'build'));
	report(used);
	const readme = await readFile(join(repoRoot, 'README.md'), 'utf8');
	if (!readme.includes(README_SENTENCE)) {
		throw new Problem(`The README must say (tools/lib/compat/versions.ts): ${README_SENTENCE}`);
	}
	const before = await readFile(DOCUMENT, 'utf8');
	const after = replaceBetween(before, MARKERS, tableOfFeatures(), 'docs/browsers.md');
	if (after === before) return;
	if (check) throw new Problem('docs/browsers.md is out of date. Run: npm run browsers');
	await writeFile(DOCUMENT, after);
});

/** Every feature that the built site may use: scripts, styles, manifest; and the markup. */
async function featuresOfSite(site: string): Promise<Feature[]> {
	const names = emptyNames();
	const used: Feature[] = [];
	for (const file of await filesBelow(site, /\.(m?js|css|html|webmanifest)$/)) {
		const text = await readFile(file, 'utf8');
		if (file.endsWith('js')) collectNames(text, file, names);
		else if (file.endsWith('.css')) used.push(...usedInStyles(text));
		else if (file.endsWith('.webmanifest'))
			used.push(...usedInManifest(JSON.parse(text) as object));
		else {
			for (const [, css = ''] of text.matchAll(/<style[^>]*>([^]*?)<\/style>/g)) {
				used.push(...usedInStyles(css));
			}
		}
	}
	for (const file of await filesBelow(join(repoRoot, 'src'), /\.svelte$/)) {
		used.push(...usedInMarkup(await readFile(file, 'utf8')));
	}
	used.push(...usedInScripts(bcd.api, 'api', names));
	used.push(...usedInScripts(bcd.javascript.builtins ?? {}, 'javascript.builtins', names));
	return used;
}

/**
 * @throws {Problem} for what a promised browser lacks and nobody has looked at
 */
function report(used: readonly Feature[]): void {
	const known = new Set([...GUARDED, ...OTHER_THINGS].flatMap(({ paths }) => paths));
	// A name that old features have, too, says nothing: a list of numbers is sorted, not a sensor.
	const oldNames = new Set(
		used.filter((feature) => lacksOf(feature).length === 0).map(({ path }) => lastOf(path))
	);
	const lacking = used.filter(
		(feature) =>
			!known.has(feature.path) &&
			lacksOf(feature).length > 0 &&
			!(feature.byName && oldNames.has(lastOf(feature.path)))
	);
	const lines = (some: readonly Feature[]) =>
		[...new Set(some.map((feature) => `${feature.path} (${sayLacks(feature)})`))].sort();
	const byName = lines(lacking.filter((feature) => feature.byName));
	if (byName.length > 0) {
		console.log(
			`These names are also names of newer features. Look, and put them into tools/lib/compat/reviewed.ts:\n${byName.join('\n')}`
		);
	}
	const faults = lines(lacking.filter((feature) => !feature.byName));
	if (faults.length > 0) {
		throw new Problem(
			`A promised browser lacks what the built site uses. Replace it, guard it with a test that removes it, or raise the versions:\n${faults.join('\n')}`
		);
	}
	console.log(`${new Set(used.map(({ path }) => path)).size} features looked at`);
}

function lastOf(path: string): string {
	return path.slice(path.lastIndexOf('.') + 1);
}

function sayLacks(feature: Feature): string {
	return lacksOf(feature)
		.map(({ browser, since }) => (since === null ? `${browser}: no` : `${browser} from ${since}`))
		.join(', ');
}

async function filesBelow(folder: string, names: RegExp): Promise<string[]> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	return entries
		.filter((entry) => entry.isFile() && names.test(entry.name))
		.map((entry) => join(entry.parentPath, entry.name))
		.sort();
}
