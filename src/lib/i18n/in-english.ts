/** Files are read by programs and by colleagues elsewhere: their words are English everywhere. */
import { getLocale, overwriteGetLocale } from '../paraglide/runtime.js';

/**
 * What `say` says in English, whatever the language of the pages; numbers, too.
 * @param say at once: what it does later is in the language of the pages again.
 */
export function inEnglish<T>(say: () => T): T {
	const before = getLocale;
	overwriteGetLocale(() => 'en');
	try {
		return say();
	} finally {
		overwriteGetLocale(before);
	}
}
