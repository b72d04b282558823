// `npm run small-device`: what a tablet with little memory and a slow processor bears: the memory of
// the whole browser and how soon the page answers, while one long list is read.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clearList, openApp, screenFolder } from '../lib/app-driver.ts';
import { ensureChromium } from '../lib/browser.ts';
import { ensureBuilt } from '../lib/build.ts';
import { readCount, readOptions } from '../lib/options.ts';
import { readOfferedManifest } from '../lib/packages.ts';
import { runMain } from '../lib/problem.ts';
import { tellTenths } from '../lib/progress.ts';
import { median } from '../lib/statistics.ts';
import { markdownTable } from '../lib/table.ts';
import { startServer } from '../lib/static-server.ts';
import { checkNoneFailed } from './fieldlens.ts';
import { scaleSources, writeCopies } from './images.ts';
import { useWhileReading, type Interactions } from './interactions.ts';
import { watchMemory } from './processes.ts';

const USAGE = 'npm run small-device -- [--files 500] [--slower 6] [--model id] [--images DIR]';
/** Read before, so that the list does not pay for the start. */
const WARM_UP = 8;

await runMain(async () => {
	const options = readOptions(
		{
			files: { type: 'string', default: '500' },
			slower: { type: 'string', default: '6' },
			model: { type: 'string', default: 'pneumonia-resnet34' },
			images: { type: 'string' }
		},
		USAGE
	);
	const count = readCount(options.files, 'files') ?? 500;
	const slower = readCount(options.slower, 'slower') ?? 6;
	const { id, version, task } = await readOfferedManifest(options.model);
	await ensureBuilt();
	await ensureChromium();
	const { sources } = await scaleSources(options.images, task);
	const work = await mkdtemp(join(tmpdir(), 'fieldlens-small-device-'));
	const site = await startServer();
	try {
		const [before, list] = [join(work, 'warm-up'), join(work, 'list')];
		await writeCopies(sources, before, WARM_UP);
		await writeCopies(sources, list, count);
		const app = await openApp({
			url: site.url,
			model: id,
			backend: 'int8',
			onBrowser: watchMemory
		});
		try {
			const { page, watched } = app;
			await screenFolder(page, before);
			await clearList(page);
			const devtools = await page.context().newCDPSession(page);
			await devtools.send('Emulation.setCPUThrottlingRate', { rate: slower });
			let isDone = false;
			const reading = screenFolder(page, list, { onProgress: tellTenths(`${count} files: `) });
			const [times, used] = await Promise.all([
				reading.finally(() => (isDone = true)),
				useWhileReading(page, () => isDone)
			]);
			await checkNoneFailed(page);
			const over = await watched.stop();
			const seconds = ((times.done ?? NaN) - times.dropped) / 1000;
			console.log(
				`\n${id} ${version}, ${count} files in ${seconds.toFixed(0)} s, the page's thread ${slower} times slower.`
			);
			console.log(
				over === null || watched.emptyMegabytes === null
					? 'Memory: this system does not say.'
					: `Memory of all the browser's processes at most ${(over + watched.emptyMegabytes).toFixed(0)} MB, of which an empty page has ${watched.emptyMegabytes.toFixed(0)} MB.`
			);
			console.log(`${answersSentence(used)}\n\n${answersTable(used)}`);
		} finally {
			await app.close();
		}
	} finally {
		await site.close();
		await rm(work, { recursive: true, force: true });
	}
});

function answersSentence({ count, inp }: Interactions): string {
	return `Interaction to Next Paint: ${inp === null ? 'under 16' : inp} ms, of ${count} interactions.`;
}

function answersTable({ noted }: Interactions): string {
	const names = [...new Set(noted.map(({ name }) => name))];
	return markdownTable(
		['what was done', 'of 16 ms and more', 'median, ms', 'longest, ms'],
		names.map((name) => {
			const all = noted.filter((one) => one.name === name).map(({ ms }) => ms);
			return [name, all.length, median(all), Math.max(...all)];
		})
	);
}
