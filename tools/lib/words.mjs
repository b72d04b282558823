// @ts-check
// How the message catalogue (`messages/`) is compiled to `src/lib/paraglide`, and how the site
// carries it: English with the program, each other language in a file that is fetched when it
// is spoken. All seven together are more than twice as large as the rest of the program.

/** @satisfies {import('@inlang/paraglide-js').CompilerOptions} */
export const WORDS = {
	project: './project.inlang',
	outdir: './src/lib/paraglide',
	// The page says which language it is in (`i18n/locale.svelte.ts`).
	strategy: ['globalVariable', 'baseLocale'],
	// A file for each language.
	outputStructure: 'locale-modules',
	emitReadme: false
};

const INDEX = /\/src\/lib\/paraglide\/messages\/_index\.js$/;

/**
 * In the built site each message asks `i18n/catalogues.ts` for the language that is shown,
 * instead of Paraglide's index, which imports all of them. Tests and `npm run dev` keep that one.
 * @returns {import('vite').Plugin}
 */
export function oneLanguageAtATime() {
	return {
		name: 'fieldlens-one-language-at-a-time',
		apply: 'build',
		transform: {
			filter: { id: INDEX },
			handler: (code) => ({ code: indexOf(code), map: null })
		}
	};
}

/**
 * The index of the messages, each of them in the shown language where its words are loaded, else
 * in English.
 * @param {string} compiled Paraglide's index of all languages
 */
export function indexOf(compiled) {
	const names = [...compiled.matchAll(/^export const (\w+) =/gm)].map(([, name]) => name);
	if (names.length === 0) throw new Error('Paraglide’s index of messages has another form now.');
	return [
		"import * as en from './en.js';",
		"import { wordsOf } from '../../i18n/catalogues';",
		...names.map(
			(name) =>
				`export const ${name} = (inputs = {}, options) => (wordsOf(options)?.${name} ?? en.${name})(inputs);`
		)
	].join('\n');
}
