/**
 * The words of the languages that are not English. Each is one file of the site, fetched when it
 * is first spoken and kept with the shell; see `tools/lib/words.ts`.
 */
import { getLocale } from '../paraglide/runtime.js';
import type { Locale } from './locales';

/** What a language says for each message. */
type Words = Readonly<Record<string, (inputs: object) => string>>;

const FILES = import.meta.glob<Words>([
	'../paraglide/messages/*.js',
	'!../paraglide/messages/{_index,en}.js'
]);

const loaded: Partial<Record<Locale, Words>> = {};

/**
 * Get the words of a language, before it is shown.
 * @throws TypeError where they are not on the device and there is no network.
 */
export async function loadWords(id: Locale): Promise<void> {
	if (id !== 'en') loaded[id] ??= await FILES[`../paraglide/messages/${id}.js`]();
}

/** The words of a message's language, by default the shown one; undefined for English. */
export function wordsOf(options?: { locale?: Locale }): Words | undefined {
	return loaded[options?.locale ?? getLocale()];
}
