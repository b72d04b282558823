// How the message catalogue (`messages/`) is compiled to `src/lib/paraglide`, and how the site
// carries it: English with the program, each other language in a file that is fetched when it
// is first shown. All seven together are more than twice as large as the rest of the program.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CompilerOptions } from '@inlang/paraglide-js';
import { normalizePath, type Plugin } from 'vite';
import { repoRoot } from './paths.ts';

export const WORDS: CompilerOptions = {
	project: './project.inlang',
	outdir: './src/lib/paraglide',
	// The page says which language it is in (`i18n/locale.svelte.ts`).
	strategy: ['globalVariable', 'baseLocale'],
	// A file for each language.
	outputStructure: 'locale-modules',
	emitReadme: false
};

const MESSAGES = join(repoRoot, 'src/lib/paraglide/messages');
const INDEX = normalizePath(join(MESSAGES, '_index.js'));

/**
 * In the built site each message asks `i18n/catalogues.ts` for the language that is shown,
 * instead of Paraglide's index, which imports all of them. Tests and `npm run dev` keep that one.
 */
export function oneLanguageAtATime(): Plugin {
	return {
		name: 'fieldlens-one-language-at-a-time',
		apply: 'build',
		enforce: 'pre',
		load: {
			order: 'pre',
			async handler(id) {
				return id === INDEX ? indexOf(await messageNames()) : null;
			}
		}
	};
}

/** The names of all messages: what the compiled module of the base locale exports. */
export async function messageNames(): Promise<string[]> {
	const english = (await import(pathToFileURL(join(MESSAGES, 'en.js')).href)) as object;
	return Object.keys(english);
}

/**
 * An index of messages, each of them in the shown language where its words are loaded, else in
 * English.
 * @returns the source of a module beside Paraglide's own index
 */
export function indexOf(names: readonly string[]): string {
	return [
		"import * as en from './en.js';",
		"import { wordsOf } from '../../i18n/catalogues';",
		...names.map(
			(name) =>
				`export const ${name} = (inputs = {}, options) => (wordsOf(options)?.${name} ?? en.${name})(inputs);`
		)
	].join('\n');
}
