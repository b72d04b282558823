/** The languages that Fieldlens speaks, and which of them a browser asks for. */

export const LOCALES = [
	{ id: 'en', name: 'English', direction: 'ltr' },
	{ id: 'fr', name: 'Français', direction: 'ltr' },
	{ id: 'es', name: 'Español', direction: 'ltr' },
	{ id: 'pt', name: 'Português', direction: 'ltr' },
	{ id: 'sw', name: 'Kiswahili', direction: 'ltr' },
	{ id: 'hi', name: 'हिन्दी', direction: 'ltr' },
	{ id: 'ar', name: 'العربية', direction: 'rtl' }
] as const satisfies readonly { id: string; name: string; direction: 'ltr' | 'rtl' }[];

export type Locale = (typeof LOCALES)[number]['id'];

export function isLocale(id: unknown): id is Locale {
	return LOCALES.some((locale) => locale.id === id);
}

export function directionOf(id: Locale): 'ltr' | 'rtl' {
	return LOCALES.find((locale) => locale.id === id)?.direction ?? 'ltr';
}

/** What a language calls itself. */
export function nameOf(id: Locale): string {
	return LOCALES.find((locale) => locale.id === id)?.name ?? '';
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
