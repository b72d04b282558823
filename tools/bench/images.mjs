// @ts-check
// Images for the bench where there are none: noise of all scales, as JPEG, by Chromium.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openBrowser } from '../lib/app-driver.mjs';

const VARIANTS = 8;

/**
 * Write `count` grey JPEGs; a few different ones, over and over.
 * @param {string} folder
 * @param {number} count
 * @param {number} width
 * @param {number} height
 */
export async function writeJpegs(folder, count, width, height) {
	await mkdir(folder, { recursive: true });
	const { context, close } = await openBrowser('wasm');
	try {
		const page = await context.newPage();
		const jpegs = [];
		for (let seed = 1; seed <= Math.min(VARIANTS, count); seed++) {
			const base64 = await page.evaluate(drawJpeg, { width, height, seed });
			jpegs.push(Buffer.from(base64, 'base64'));
		}
		for (let i = 0; i < count; i++) {
			const name = `image-${String(i + 1).padStart(5, '0')}.jpeg`;
			await writeFile(join(folder, name), jpegs[i % jpegs.length] ?? '');
		}
	} finally {
		await close();
	}
}

/**
 * Runs in the page.
 * @param {{ width: number, height: number, seed: number }} options
 * @returns {Promise<string>} base64
 */
async function drawJpeg({ width, height, seed }) {
	const canvas = new OffscreenCanvas(width, height);
	const context = canvas.getContext('2d');
	if (!context) throw new Error('no canvas');
	let state = seed;
	context.globalAlpha = 0.5;
	for (const side of [4, 16, 64, 256]) {
		const noise = new ImageData(side, side);
		for (let i = 0; i < noise.data.length; i += 4) {
			state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
			noise.data.fill(state >>> 24, i, i + 3);
			noise.data[i + 3] = 255;
		}
		const small = new OffscreenCanvas(side, side);
		small.getContext('2d')?.putImageData(noise, 0, 0);
		context.drawImage(small, 0, 0, width, height);
	}
	const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
	const bytes = new Uint8Array(await blob.arrayBuffer());
	let text = '';
	for (const byte of bytes) text += String.fromCharCode(byte);
	return btoa(text);
}
