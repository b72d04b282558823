// A folder of images, with one subfolder a class or without: its files, their patients, a
// balanced sample of it.
import { copyFile, link, mkdir, readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { Problem } from './problem.ts';
import { patientInName } from '../../src/lib/tasks/data.ts';

/** path: below the folder, with `/`; className: '' where there are no classes */
export type ClassFile = { path: string; className: string };

/**
 * Every file below a folder without classes, hidden ones too, in the order of names.
 * @throws {Problem} when there is no such folder or nothing in it
 */
export async function listAllFiles(folder: string): Promise<ClassFile[]> {
	await checkFolder(folder);
	const paths = await listBelow(folder, '');
	if (paths.length === 0) throw new Problem(`${folder} has no files in it.`);
	return paths.map((path) => ({ path, className: '' }));
}

/** The folders directly below a folder. @throws {Problem} when there is no such folder */
export async function subfolders(folder: string): Promise<string[]> {
	await checkFolder(folder);
	return (await readSorted(folder)).filter((one) => one.isDirectory()).map(({ name }) => name);
}

/** Tables and notes, which may lie beside the class folders. */
const ABOUT_IMAGES = /\.(csv|tsv|txt|md|json)$/i;

/**
 * Every file of every class, in the order of names. Tables and notes beside the folders are no
 * images.
 * @throws {Problem} when there is no such folder or nothing in it
 */
export async function listClassFiles(folder: string): Promise<ClassFile[]> {
	await checkFolder(folder);
	const files: ClassFile[] = [];
	for (const entry of await readSorted(folder)) {
		if (entry.name.startsWith('.')) continue;
		if (!entry.isDirectory()) {
			if (ABOUT_IMAGES.test(entry.name)) continue;
			throw new Problem(
				`${join(folder, entry.name)} lies beside the class folders. Each image must lie in the subfolder of its class.`
			);
		}
		for (const path of await listBelow(join(folder, entry.name), entry.name)) {
			files.push({ path, className: entry.name });
		}
	}
	if (files.length === 0) throw new Problem(`${folder} has no files in its subfolders.`);
	return files;
}

/** At most `limit` files, taken evenly over the classes and over the names of each class. */
export function sampleEvenly(files: readonly ClassFile[], limit: number): ClassFile[] {
	const classes = [...new Set(files.map((file) => file.className))];
	const groups = classes.map((name) => files.filter((file) => file.className === name));
	const counts = shareOut(
		groups.map((group) => group.length),
		limit
	);
	return groups.flatMap((group, place) => {
		const count = counts[place] ?? 0;
		return group.filter(
			(_, i) =>
				Math.floor(((i + 1) * count) / group.length) > Math.floor((i * count) / group.length)
		);
	});
}

/** Fill groups in turn, one each, until `limit` is shared out or all are full. */
function shareOut(sizes: readonly number[], limit: number): number[] {
	const counts = sizes.map(() => 0);
	let left = Math.min(
		limit,
		sizes.reduce((sum, size) => sum + size, 0)
	);
	while (left > 0) {
		for (const [place, size] of sizes.entries()) {
			const count = counts[place] ?? 0;
			if (left > 0 && count < size) {
				counts[place] = count + 1;
				left--;
			}
		}
	}
	return counts;
}

/** Lay the files of a sample into another folder (as links where the disk allows). */
export async function layOut(files: readonly ClassFile[], from: string, to: string) {
	for (const { path } of files) {
		const target = join(to, path);
		await mkdir(dirname(target), { recursive: true });
		await link(join(from, path), target).catch(() => copyFile(join(from, path), target));
	}
}

/** Who was imaged, from a file's name; a name of no known form is its own patient. */
export function patientOf(path: string): string {
	const name = basename(path);
	return patientInName(name) ?? name.slice(0, name.length - extname(name).length);
}

async function checkFolder(folder: string): Promise<void> {
	const isFolder = await stat(folder).then(
		(found) => found.isDirectory(),
		() => false
	);
	if (!isFolder) throw new Problem(`${folder} is no folder.`);
}

async function listBelow(folder: string, prefix: string): Promise<string[]> {
	const paths = [];
	for (const entry of await readSorted(folder)) {
		const path = prefix ? `${prefix}/${entry.name}` : entry.name;
		if (entry.isDirectory()) paths.push(...(await listBelow(join(folder, entry.name), path)));
		else paths.push(path);
	}
	return paths;
}

async function readSorted(folder: string) {
	const entries = await readdir(folder, { withFileTypes: true });
	return entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
