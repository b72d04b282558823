// Images for the bench: the folder given or the originals beside the project; where there are
// none, noise of all scales, as JPEG, by Chromium; and lists of any length made of a few.
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { crc32 } from 'node:zlib';
import { openBrowser } from '../lib/app-driver.ts';
import { repoRoot } from '../lib/paths.ts';
import { Problem } from '../lib/problem.ts';
import { createRandom } from '../../src/lib/statistics/bootstrap.ts';
import { shuffle } from '../lib/statistics.ts';
import { TASK_DATA } from '../../src/lib/tasks/data.ts';
import type { Task } from '../../src/lib/tasks/task.ts';

const VARIANTS = 8;
/** Images of a usual X-ray's size, where no originals are given. */
const GENERATED = { count: 24, width: 1500, height: 1200 };
/** Each part of a list holds about the same mix of images, the same in every run. */
const MIX_SEED = 8;

const JPEG_START = Buffer.from([0xff, 0xd8]);
const PNG_START = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** The folder to drop: the one given, the originals beside the project, or generated images. */
export async function findImages(given: string | undefined, spare: string) {
	const folder = originalsFolder(given) ?? spare;
	if (folder === spare) {
		console.log('No originals found: images are generated.');
		await writeJpegs(folder, GENERATED.count, GENERATED.width, GENERATED.height);
	}
	return { folder, count: (await filesBelow(folder)).length, generated: folder === spare };
}

/** The images of which long lists are made: the originals, or the task's samples. */
export async function scaleSources(
	given: string | undefined,
	task: Task
): Promise<{ sources: string[]; originals: boolean }> {
	// Those beside the project are X-rays.
	const folder = given || task === 'chest-xray-pneumonia' ? originalsFolder(given) : null;
	if (folder) return { sources: await filesBelow(folder), originals: true };
	const samples = TASK_DATA.find(({ id }) => id === task)?.samples ?? [];
	const sources = samples.map((path) => join(repoRoot, 'static/samples', path));
	return { sources, originals: false };
}

/**
 * Photographs of microscope fields: those given, those of another laboratory beside the project, or
 * the sample slide.
 */
export async function fieldSources(
	given: string | undefined
): Promise<{ sources: string[]; originals: boolean }> {
	const folder = originalsFolder(given, '../shared/data/smears/falciparum_plymouth/fields');
	if (folder) return { sources: await filesBelow(folder), originals: true };
	return { sources: await filesBelow(join(repoRoot, 'static/samples/smear')), originals: false };
}

/**
 * @param beside where originals may lie, from the repository's root
 * @returns null where there is neither
 */
function originalsFolder(
	given: string | undefined,
	beside = '../shared/data/originals'
): string | null {
	const shared = join(repoRoot, beside);
	if (!given) return existsSync(shared) ? shared : null;
	const folder = resolve(given);
	if (!existsSync(folder)) throw new Problem(`--images: there is no folder ${folder}.`);
	return folder;
}

/**
 * @returns paths, sorted
 * @throws {Problem} where it holds none
 */
async function filesBelow(folder: string): Promise<string[]> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	const files = entries.filter((entry) => entry.isFile());
	if (files.length === 0) throw new Problem(`--images: ${folder} holds no file.`);
	return files.map(({ parentPath, name }) => join(parentPath, name)).sort();
}

/**
 * Write `count` files made of a few images, no two with the same bytes.
 * @param sources JPEG or PNG files
 * @param folder is made
 */
export async function writeCopies(sources: readonly string[], folder: string, count: number) {
	await mkdir(folder, { recursive: true });
	const mixed = shuffle(sources, createRandom(MIX_SEED));
	for (let from = 0; from < Math.min(mixed.length, count); from++) {
		const path = mixed[from] ?? '';
		const bytes = await readFile(path);
		for (let i = from; i < count; i += mixed.length) {
			const name = `image-${String(i + 1).padStart(5, '0')}${path.slice(path.lastIndexOf('.'))}`;
			await writeFile(join(folder, name), withComment(bytes, `copy ${i + 1}`, path));
		}
	}
}

/**
 * The same image with a comment: other bytes, the same pixels.
 * @param bytes of a JPEG or PNG
 * @param text at most 65,533 characters of Latin-1
 * @param path what the file is called where it is neither
 * @throws {Problem} where it is neither
 */
export function withComment(bytes: Buffer, text: string, path: string): Buffer {
	const comment = Buffer.from(text, 'latin1');
	if (bytes.subarray(0, 2).equals(JPEG_START)) {
		// The segment COM: ISO/IEC 10918-1, B.2.4.5.
		const head = Buffer.from([0xff, 0xfe, 0, 0]);
		head.writeUInt16BE(comment.length + 2, 2);
		return Buffer.concat([JPEG_START, head, comment, bytes.subarray(2)]);
	}
	if (bytes.subarray(0, 8).equals(PNG_START)) {
		// The chunk tEXt: PNG specification, 11.3.3.2.
		const body = Buffer.concat([Buffer.from('tEXtComment\0', 'latin1'), comment]);
		const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
		length.writeUInt32BE(body.length - 4);
		sum.writeUInt32BE(crc32(body));
		// In front of the last chunk, whose name follows its length.
		const end = bytes.lastIndexOf('IEND') - length.length;
		return Buffer.concat([bytes.subarray(0, end), length, body, sum, bytes.subarray(end)]);
	}
	throw new Problem(`Copies can be made of JPEG and PNG files only; ${path} is neither.`);
}

/** Write `count` grey JPEGs; a few different ones, over and over. */
async function writeJpegs(folder: string, count: number, width: number, height: number) {
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
 * @returns base64
 */
async function drawJpeg({
	width,
	height,
	seed
}: {
	width: number;
	height: number;
	seed: number;
}): Promise<string> {
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
