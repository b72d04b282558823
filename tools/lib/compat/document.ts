// The table of docs/browsers.md: what the promised browsers have of what is optional.
import bcd from '@mdn/browser-compat-data/forLegacyNode';
import { markdownTable } from '../table.ts';
import { Problem } from '../problem.ts';
import { GUARDED } from './reviewed.ts';
import { supportCells } from './support.ts';
import { OLDEST } from '../../../src/lib/base/oldest-browsers.ts';
import type { CompatStatement, Identifier } from '@mdn/browser-compat-data';

const NAMES: Record<keyof typeof OLDEST, string> = {
	chrome: 'Chrome',
	chrome_android: 'Chrome, Android',
	edge: 'Edge',
	firefox: 'Firefox',
	firefox_android: 'Firefox, Android',
	safari: 'Safari',
	safari_ios: 'Safari, iOS'
};

/** A row a feature, in the order of `reviewed.ts`. */
export function tableOfFeatures(): string {
	const browsers = Object.entries(OLDEST).map(
		([id, version]) => `${NAMES[id as keyof typeof OLDEST]} ${version}`
	);
	return markdownTable(
		['feature', ...browsers, 'where it is missing', 'test'],
		GUARDED.map(({ feature, paths: [first], missing, test }) => [
			feature,
			...supportCells(compatOf(first)),
			missing,
			test === null ? '-' : `\`${test}\``
		])
	);
}

/** @throws {Problem} where the data do not know the path, which then has changed its name */
function compatOf(path: string): CompatStatement {
	let node: Identifier | undefined = bcd as unknown as Identifier;
	for (const part of path.split('.')) node = node?.[part];
	if (node?.__compat) return node.__compat;
	throw new Problem(`browser-compat-data knows no ${path} (tools/lib/compat/reviewed.ts)`);
}
