/** Fonts of other widths in place of the pages' own, as where that one cannot be loaded. */
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';

/**
 * How wide its letters are, in percent of the pages' font. `wide` is a little above DejaVu Sans
 * Bold (115) and `narrow` is Liberation Sans Narrow; see the factors in `src/fonts/fonts.css`.
 */
export const WIDTHS = { own: 100, wide: 118, narrow: 78 } as const;
export type FontWidth = keyof typeof WIDTHS;

const file = new URL('../../src/fonts/noto-sans-latin.woff2', import.meta.url);

/** Show every page from now on in a font of that width. It is there before the first text. */
export async function useFont(page: Page, width: FontWidth): Promise<void> {
	if (width === 'own') return;
	const bytes = readFileSync(file).toString('base64');
	const descriptors = { weight: '400 700', sizeAdjust: `${WIDTHS[width]}%` };
	await page.addInitScript(
		({ bytes, descriptors }) => {
			const data = Uint8Array.from(atob(bytes), (char) => char.charCodeAt(0));
			document.fonts.add(new FontFace('Other', data, descriptors));
			const sheet = new CSSStyleSheet();
			sheet.replaceSync(`:root, select { font-family: Other, sans-serif !important; }`);
			document.adoptedStyleSheets.push(sheet);
		},
		{ bytes, descriptors }
	);
}
