/** The languages that Fieldlens speaks (the folders of `messages/`), and which a browser asks for. */
import { getTextDirection, locales, type Locale } from '../paraglide/runtime.js';

export type { Locale };

/** English first. */
export const LOCALES: readonly Locale[] = locales;

export function isLocale(id: unknown): id is Locale {
	return LOCALES.some((locale) => locale === id);
}

export function directionOf(id: Locale): 'ltr' | 'rtl' {
	return getTextDirection(id);
}

/**
 * The first of the browser's languages that Fieldlens speaks, else English.
 *
 * @param wanted language tags (BCP 47), most wanted first
 */
export function chooseLocale(wanted: readonly string[]): Locale {
	for (const tag of wanted) {
		const language = tag.toLowerCase().split('-')[0];
		if (isLocale(language)) return language;
	}
	return 'en';
}
