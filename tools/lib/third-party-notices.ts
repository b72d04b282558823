// Writes the site's NOTICE.txt: the project's own notice, then the licence of every package of
// which code or a font is in the built files. The bundler knows which packages these are.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import license, { type Dependency } from 'rollup-plugin-license';
import type { Plugin } from 'vite';
import { afterSite } from './after-site.ts';
import { repoRoot } from './paths.ts';

/** A package in the site. */
export interface ThirdParty {
	name: string;
	version: string;
	/** By its SPDX name. */
	licence: string;
	/** The whole licence; '' where the package carries none. */
	text: string;
}

/** Packages whose output or fonts stand in `src/`, where the bundler takes them for our own. */
const COPIED = [
	'@fontsource-variable/noto-sans',
	'@fontsource-variable/noto-sans-arabic',
	'@inlang/paraglide-js'
] as const;

/**
 * Vite evaluates its configuration anew for the page, the server and each worker, all in one
 * process. What each bundle contains comes together here.
 */
const KEY = Symbol.for('fieldlens.third-party');
const shared = globalThis as { [KEY]?: Map<string, ThirdParty> };
const found = (shared[KEY] ??= new Map<string, ThirdParty>());

/** Notes the packages of a bundle; for `plugins` and, as a bundle of its own, `worker.plugins`. */
export function collectThirdParty(): Plugin {
	return license({ thirdParty: (dependencies) => dependencies.forEach(note) }) as Plugin;
}

function note({ name, version, license: licence, licenseText }: Dependency): void {
	if (!name || !version) return;
	found.set(name, { name, version, licence: licence ?? '', text: licenseText ?? '' });
}

/**
 * When the site is written, add NOTICE.txt. Stands before the plugin that lists the files for
 * offline use.
 * @param folder where the adapter writes
 */
export const writeNotices = (folder = 'build'): Plugin =>
	afterSite('fieldlens-third-party-notices', async () => {
		for (const name of COPIED) found.set(name, await installed(name));
		const own = await readFile(join(repoRoot, 'NOTICE'), 'utf8');
		await writeFile(join(folder, 'NOTICE.txt'), noticesOf(own, [...found.values()]));
	});

/** What an installed package says of itself. @throws Error where it is not installed. */
async function installed(name: string): Promise<ThirdParty> {
	const folder = join(repoRoot, 'node_modules', name);
	const { version, license: licence } = JSON.parse(
		await readFile(join(folder, 'package.json'), 'utf8')
	) as { version: string; license: string };
	return { name, version, licence, text: await readFile(join(folder, 'LICENSE'), 'utf8') };
}

/**
 * The text of NOTICE.txt.
 * @param own the project's own notice
 * @param packages in any order
 */
export function noticesOf(own: string, packages: readonly ThirdParty[]): string {
	const sorted = [...packages].sort((a, b) => (a.name < b.name ? -1 : 1));
	const notices = sorted.map(({ name, version, licence, text }) => {
		const title = `${name} ${version} (${licence || 'licence not stated'})`;
		return `${title}\n${'-'.repeat(title.length)}\n\n${text.trim()}`.trimEnd();
	});
	return `${[own.trimEnd(), 'Third-party software', ...notices].join('\n\n\n')}\n`;
}
