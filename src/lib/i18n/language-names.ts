/** What each language calls itself: known before its words are loaded. */
import type { Locale } from './locales';

const NAMES = import.meta.glob<string>('../../../messages/*/language.json', {
	eager: true,
	import: 'name'
});

export function nameOf(id: Locale): string {
	return NAMES[`../../../messages/${id}/language.json`];
}
