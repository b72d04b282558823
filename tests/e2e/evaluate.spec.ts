/** `npm run evaluate`: that it reads folders, with classes and without, and writes its files. */
import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { encode } from 'fast-png';

const evaluate = (images: string, out: string, ...more: string[]) =>
	promisify(execFile)(process.execPath, [
		...['--import', 'tsx', 'tools/evaluate.ts'],
		...['--model', 'pneumonia-resnet34', '--images', images, '--backend', 'int8', '--out', out],
		...more
	]);

const CLASSES = { NORMAL: [1, 2], PNEUMONIA: [3, 4] };

test('npm run evaluate writes figures, results and heat maps of a folder', async () => {
	const images = test.info().outputPath('images');
	const out = test.info().outputPath('out');
	for (const [folder, samples] of Object.entries(CLASSES)) {
		await mkdir(join(images, folder), { recursive: true });
		for (const number of samples) {
			const name = `synthetic-${number}.jpg`;
			await cp(`static/samples/chest/${name}`, join(images, folder, name));
		}
	}
	const views = test.info().outputPath('views.csv');
	await writeFile(
		views,
		'stem,age,sex,view\nsynthetic-1,4,F,AP\nsynthetic-2,40,M,PA\nsynthetic-3,9,F,AP\nsynthetic-4,,M,PA\n'
	);
	const masks = test.info().outputPath('masks');
	for (const [folder, number] of [
		['NORMAL', 1],
		['PNEUMONIA', 3]
	] as const) {
		await mkdir(join(masks, folder), { recursive: true });
		const data = new Uint8Array(64).fill(255);
		await writeFile(
			join(masks, folder, `synthetic-${number}.png`),
			encode({ width: 8, height: 8, data, channels: 1, depth: 8 })
		);
	}
	const { stdout } = await evaluate(images, out, '--views', views, '--masks', masks);
	const read = async (name: string) =>
		JSON.parse(await readFile(join(out, name), 'utf8')) as object;
	expect(await read('metrics.json')).toMatchObject({ files: 4, failed: 0, n: 4, positives: 2 });
	const metrics = (await read('metrics.json')) as {
		groups: { group: string; n: number; positives: number }[];
		masks: { n: number };
	};
	expect(metrics.groups.map(({ group, n, positives }) => [group, n, positives])).toEqual([
		['view AP', 2, 1],
		['view PA', 2, 1],
		['age under 18', 2, 1],
		['age 18 and over', 1, 0]
	]);
	expect(metrics.masks).toMatchObject({ n: 2 });
	expect(stdout).toContain('| view AP');
	expect(stdout).toContain('Drawn outlines of 2 images');
	const maps = Object.keys(await read('maps.json'));
	expect(maps.map((path) => path.split('/').slice(-2).join('/')).sort()).toEqual(
		Object.entries(CLASSES).flatMap(([folder, samples]) =>
			samples.map((number) => `${folder}/synthetic-${number}.jpg`)
		)
	);
	expect((await readFile(join(out, 'results.csv'), 'utf8')).trim().split('\n')).toHaveLength(5);
});

test('npm run evaluate says of each file of a folder without classes what became of it', async () => {
	const images = test.info().outputPath('images');
	const out = test.info().outputPath('out');
	await mkdir(images, { recursive: true });
	await cp('static/samples/chest/synthetic-1.jpg', join(images, 'film.jpg'));
	await writeFile(join(images, 'films.7z'), Uint8Array.from([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]));
	const film = await readFile(join(images, 'film.jpg'));
	await writeFile(join(images, 'cut.jpg'), film.subarray(0, film.length / 2));
	const { stdout } = await evaluate(images, out);
	expect(stdout).toMatch(/films\.7z .*archive-not-read/);
	const [, ...rows] = (await readFile(join(out, 'files.csv'), 'utf8')).trim().split('\r\n');
	expect(rows.map((row) => row.split(',').slice(0, 3))).toEqual([
		['cut.jpg', 'failed', 'truncated-image'],
		['film.jpg', 'done', ''],
		['films.7z', 'failed', 'archive-not-read']
	]);
});
