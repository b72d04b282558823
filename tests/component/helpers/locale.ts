import { overwriteGetLocale, type Locale } from '../../../src/lib/paraglide/runtime.js';

/** Show what is rendered from now on in a language, with the direction of its script. */
export function showLocale(locale: Locale): void {
	overwriteGetLocale(() => locale);
	document.documentElement.lang = locale;
	document.documentElement.dir = locale === 'ar' ? 'rtl' : 'ltr';
}
showLocale('en');
