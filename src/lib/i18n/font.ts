/** The font of a language's script, which comes with the page (`src/fonts/fonts.css`). */
import { nameOf } from './language-names';
import type { Locale } from './locales';

/**
 * Get the font of a language, before its words are shown: they would move when it comes.
 * Resolves without it where it cannot be had, since every system has some other font.
 */
export async function loadFont(id: Locale): Promise<void> {
	// The language's own name is in its script.
	await document.fonts.load('1em "Noto Sans"', nameOf(id)).catch(() => []);
}
