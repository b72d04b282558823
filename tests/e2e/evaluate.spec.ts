/** `npm run evaluate`, on a folder of four samples: that it reads, measures and writes its files. */
import { execFile } from 'node:child_process';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';

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
	await promisify(execFile)(process.execPath, [
		...['--import', 'tsx', 'tools/evaluate.ts'],
		...['--model', 'pneumonia-resnet34', '--images', images, '--backend', 'int8', '--out', out]
	]);
	const read = async (name: string) =>
		JSON.parse(await readFile(join(out, name), 'utf8')) as object;
	expect(await read('metrics.json')).toMatchObject({ files: 4, failed: 0, n: 4, positives: 2 });
	const maps = Object.keys(await read('maps.json'));
	expect(maps.map((path) => path.split('/').slice(-2).join('/')).sort()).toEqual(
		Object.entries(CLASSES).flatMap(([folder, samples]) =>
			samples.map((number) => `${folder}/synthetic-${number}.jpg`)
		)
	);
	expect((await readFile(join(out, 'results.csv'), 'utf8')).trim().split('\n')).toHaveLength(5);
});
