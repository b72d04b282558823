// Draws the icons of all sizes from static/icons/icon.svg with Chromium. Run after changing it.
import { readFile, writeFile } from 'node:fs/promises';
import { chromium } from 'playwright';
import { launchOptions } from './lib/browser.ts';

const folder = new URL('../static/icons', import.meta.url);
const svg = await readFile(new URL('icon.svg', folder), 'utf8');
/** Maskable icons may be cut to a circle: a full ground, and the drawing within 80 %. */
const maskable = svg
	.replace('rx="112"', '')
	.replace('<g ', '<g transform="translate(51 51) scale(.8)" ');
const browser = await chromium.launch(launchOptions());
const page = await browser.newPage();
const draw: (name: string, size: number, source: string) => Promise<void> = async (
	name,
	size,
	source
): Promise<void> => {
	await page.setViewportSize({ width: size, height: size });
	await page.setContent(
		`<style>*{margin:0}svg{display:block;width:100vw;height:100vh}</style>${source}`
	);
	await writeFile(new URL(name, folder), await page.screenshot({ omitBackground: true }));
};
for (const size of [48, 96, 144, 180, 192, 256, 384, 512])
	await draw(`icon-${size}.png`, size, svg);
for (const size of [192, 512]) await draw(`maskable-${size}.png`, size, maskable);
await browser.close();
