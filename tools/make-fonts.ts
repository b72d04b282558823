// Cuts the pages' font to the characters and weights that src/fonts/fonts.css names, from the
// npm packages of the font. Run after changing the ranges there or the version of a package.
import { readFile, writeFile } from 'node:fs/promises';
import subsetFont from 'subset-font';
import { Problem, runMain } from './lib/problem.ts';

const PACKAGES = new URL('../node_modules/@fontsource-variable/', import.meta.url);
const FONTS = new URL('../src/fonts/', import.meta.url);

/** The file of a package that holds the script whole, by the name of ours. */
const SOURCES = new Map([
	['noto-sans-latin.woff2', 'noto-sans/files/noto-sans-latin-wght-normal.woff2'],
	['noto-sans-arabic.woff2', 'noto-sans-arabic/files/noto-sans-arabic-arabic-wght-normal.woff2'],
	['noto-sans-devanagari.woff2', 'noto-sans/files/noto-sans-devanagari-wght-normal.woff2']
]);

/** Those that change how their neighbours join: every script's file needs them. */
const JOINERS = '\u200c\u200d\u200e\u200f';

await runMain(async () => {
	const css = await readFile(new URL('fonts.css', FONTS), 'utf8');
	for (const [name, source] of SOURCES) {
		const { characters, weights } = faceOf(css, name);
		const font = await subsetFont(await readFile(new URL(source, PACKAGES)), characters + JOINERS, {
			targetFormat: 'woff2',
			variationAxes: { wght: weights }
		});
		await writeFile(new URL(name, FONTS), font);
		console.log(`${name}: ${font.length} bytes`);
	}
	// Of the script's own project is the copyright alone; the licence is the same.
	const [latin, arabic] = await Promise.all(
		['noto-sans', 'noto-sans-arabic'].map((one) =>
			readFile(new URL(`${one}/LICENSE`, PACKAGES), 'utf8')
		)
	);
	await writeFile(new URL('OFL.txt', FONTS), `${arabic.split('\n')[0]}\n${latin}`);
	return 0;
});

/**
 * What a file has to hold by its rule in the style sheet.
 * @param name of the file
 * @throws {Problem} where no rule names the file, its weights and its range
 */
function faceOf(
	css: string,
	name: string
): { characters: string; weights: { min: number; max: number } } {
	const face = css.split('@font-face').find((rule) => rule.includes(`/${name}'`)) ?? '';
	const weights = /font-weight: (\d+) (\d+);/.exec(face);
	const range = /unicode-range:([^;]+);/.exec(face);
	if (!weights || !range) throw new Problem(`src/fonts/fonts.css has no whole rule for ${name}.`);
	let characters = '';
	for (const [, from, to = from] of range[1].matchAll(/U\+([0-9A-F]+)(?:-([0-9A-F]+))?/g)) {
		for (let code = parseInt(from, 16); code <= parseInt(to, 16); code++) {
			characters += String.fromCodePoint(code);
		}
	}
	return { characters, weights: { min: Number(weights[1]), max: Number(weights[2]) } };
}
