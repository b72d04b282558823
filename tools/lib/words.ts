// How the message catalogue (`messages/`) is compiled to `src/lib/paraglide`, and how the site
// carries it: English with the program, each other language in a file that is fetched when it
// is first shown. All seven together are more than twice as large as the rest of the program.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CompilerOptions } from '@inlang/paraglide-js';
import { normalizePath, type Plugin } from 'vite';
import { repoRoot } from './paths.ts';

export const WORDS = {
	project: './project.inlang',
	outdir: './src/lib/paraglide',
	// The page says which language it is in (`i18n/locale.svelte.ts`).
	strategy: ['globalVariable', 'baseLocale'],
	// A file for each language.
	outputStructure: 'locale-modules',
	emitReadme: false
} satisfies CompilerOptions;

/** In a language's folder, and no messages: what it calls itself (`i18n/language-names.ts`). */
const OWN_NAME = 'language.json';

/**
 * Write the compiler's project file: a language is a folder of `messages/`, and all of them have
 * the files of the English one.
 */
export function writeProject(root: string = repoRoot): void {
	const languages = readdirSync(join(root, 'messages')).filter((id) => id !== 'en');
	const parts = readdirSync(join(root, 'messages/en')).filter((file) => file !== OWN_NAME);
	const settings = {
		baseLocale: 'en',
		locales: ['en', ...languages.sort()],
		telemetry: 'off',
		modules: ['./node_modules/@inlang/plugin-message-format/dist/index.js'],
		'plugin.inlang.messageFormat': {
			pathPattern: parts.sort().map((file) => `./messages/{locale}/${file}`)
		}
	};
	const path = join(root, WORDS.project, 'settings.json');
	const text = JSON.stringify(settings, null, '\t');
	mkdirSync(join(root, WORDS.project), { recursive: true });
	if (readOrNull(path) !== text) writeFileSync(path, text);
}

function readOrNull(path: string): string | null {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return null;
	}
}

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
