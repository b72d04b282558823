// What MDN's browser-compat-data says of a feature in the promised browsers.
import type { CompatStatement, Identifier, SimpleSupportStatement } from '@mdn/browser-compat-data';
import { OLDEST } from '../../../src/lib/base/oldest-browsers.ts';
import type { BrowserId } from './versions.ts';

const BROWSERS = Object.keys(OLDEST) as BrowserId[];

/** A feature that a promised browser lacks. */
export interface Lack {
	browser: BrowserId;
	/** The first version that has it; null where none has. */
	since: string | null;
}

/** A feature that something uses. */
export interface Feature {
	/** Its place in the data, such as `api.AbortSignal.any_static`. */
	path: string;
	compat: CompatStatement;
	/** What it belongs to, where that is a feature itself. */
	owner?: CompatStatement;
	/** Prefixes under which it is written beside its own name. */
	prefixes?: readonly string[];
	/** Found by a method's name alone, which other objects may have, too. */
	byName?: boolean;
}

/**
 * Whether a browser has a feature in its oldest promised version, under its own name or with
 * one of the prefixes.
 */
function supports(
	compat: CompatStatement,
	browser: BrowserId,
	prefixes: readonly string[] = []
): boolean {
	const statements = statementsOf(compat, browser);
	// What the data do not mention is not told from what is lacking: it counts as there.
	if (statements.length === 0) return true;
	return statements.some(
		(statement) =>
			!statement.flags &&
			(!statement.prefix || prefixes.includes(statement.prefix)) &&
			!statement.alternative_name &&
			versionOf(statement.version_added) <= OLDEST[browser] &&
			versionOf(statement.version_removed, Infinity) > OLDEST[browser]
	);
}

/**
 * The promised browsers that lack a feature.
 * @param owner what it belongs to: a member of an interface that a browser lacks is not lacking
 *   there on its own account
 */
export function lacksOf({ compat, owner, prefixes = [] }: Feature): Lack[] {
	return BROWSERS.filter(
		(browser) => (!owner || supports(owner, browser)) && !supports(compat, browser, prefixes)
	).map((browser) => ({ browser, since: sinceOf(compat, browser) }));
}

/** The first version that has it under its own name; null where none has. */
function sinceOf(compat: CompatStatement, browser: BrowserId): string | null {
	const plain = statementsOf(compat, browser).filter((each) => !each.flags && !each.prefix);
	const since = plain[0]?.version_added;
	return typeof since === 'string' && since !== 'preview' ? since : null;
}

/** What a table says of each promised browser: yes, no, or since when. */
export function supportCells(compat: CompatStatement): string[] {
	return BROWSERS.map((browser) => {
		if (supports(compat, browser)) return 'yes';
		const since = sinceOf(compat, browser);
		return since === null ? 'no' : `from ${since}`;
	});
}

/** Every feature below a node of the data. `path` begins with `prefix`. */
export function* featuresBelow(
	node: Identifier,
	prefix: string,
	owner?: CompatStatement
): Generator<Feature> {
	for (const [name, child] of Object.entries(node) as [string, Identifier][]) {
		if (name === '__compat') continue;
		const path = `${prefix}.${name}`;
		const compat = child.__compat;
		if (compat) yield { path, compat, ...(owner && { owner }) };
		yield* featuresBelow(child, path, compat ?? owner);
	}
}

function statementsOf(compat: CompatStatement, browser: BrowserId): SimpleSupportStatement[] {
	const support = compat.support[browser];
	if (!support) return [];
	return Array.isArray(support) ? [...support] : [support];
}

/** "≤79" counts as 79; what is not released, or never was, comes after all versions. */
function versionOf(version: string | boolean | null | undefined, missing = Infinity): number {
	if (typeof version !== 'string' || version === 'preview') return missing;
	return Number.parseFloat(version.replace('≤', ''));
}
