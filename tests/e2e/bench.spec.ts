/** The bench's own command, on a short list: that it measures, not how fast. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import type { ScaleFile } from '../../tools/bench/scale-report';
import type { SmearsFile } from '../../tools/bench/smears-report';

test('npm run bench -- --scale screens a list of the length asked for', async () => {
	const out = test.info().outputPath('bench');
	const { stdout } = await promisify(execFile)(process.execPath, [
		...['--import', 'tsx', 'tools/bench/bench.ts'],
		...['--scale', '--counts', '100', '--rounds', '1', '--out', out],
		...['--model', 'malaria-resnet34', '--backend', 'int8']
	]);
	const file = JSON.parse(await readFile(`${out}/scale.json`, 'utf8')) as ScaleFile;
	expect(file).toMatchObject({ model: 'malaria-resnet34', backend: 'int8', originals: false });
	expect(file.rows).toHaveLength(1);
	const [row] = file.rows;
	expect(row).toMatchObject({ files: 100, runs: 1 });
	const { msPerImage, processorMs, pageMs, heapPeakMegabytes, heapKeptMegabytes } = row;
	for (const figure of [msPerImage, processorMs, pageMs, heapPeakMegabytes, heapKeptMegabytes]) {
		expect(figure).toBeGreaterThan(0);
	}
	if (process.platform === 'linux') expect(row.memoryMegabytes).toBeGreaterThan(0);
	expect(stdout).toMatch(/^\| +100 \| +1 \|/m);
});

test('npm run bench -- --smears reads fields, and measures their steps and other engines', async () => {
	const out = test.info().outputPath('bench');
	const { stdout } = await promisify(execFile)(process.execPath, [
		...['--import', 'tsx', 'tools/bench/bench.ts'],
		...['--smears', '--counts', '6', '--rounds', '1', '--out', out]
	]);
	const file = JSON.parse(await readFile(`${out}/smears.json`, 'utf8')) as SmearsFile;
	expect(file).toMatchObject({ model: 'malaria-resnet34', backend: 'int8' });
	expect(file.rows).toMatchObject([{ files: 6, runs: 1 }]);
	expect(file.rows[0].msPerImage).toBeGreaterThan(0);
	expect(file.parts).toHaveLength(file.sources);
	for (const { cells, decodeMs, findMs, cutMs } of file.parts) {
		for (const figure of [cells, decodeMs, findMs, cutMs]) expect(figure).toBeGreaterThan(0);
	}
	expect(file.cells.slice(0, 2).map(({ engine }) => engine)).toEqual([
		'fieldlens',
		'onnxruntime-web'
	]);
	expect(stdout).toMatch(/^\| +6 \| +\d/m);
});

test('npm run small-device measures the whole browser and the answers of its page', async () => {
	const { stdout } = await promisify(execFile)(process.execPath, [
		...['--import', 'tsx', 'tools/bench/small-device.ts'],
		...['--files', '48', '--slower', '2']
	]);
	expect(stdout).toContain('48 files in');
	const [, count] = /Interaction to Next Paint: .* ms, of (\d+) interactions/.exec(stdout) ?? [];
	expect(Number(count)).toBeGreaterThan(0);
	if (process.platform !== 'linux') return;
	const [, most, empty] =
		/at most (\d+) MB, of which an empty page has (\d+) MB/.exec(stdout) ?? [];
	expect(Number(empty)).toBeGreaterThan(0);
	expect(Number(most)).toBeGreaterThan(Number(empty));
});
