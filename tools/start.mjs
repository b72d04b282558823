// @ts-check
// `npm start`: from a fresh clone to the running program. It needs Node and npm alone, so
// everything that is imported here must work before the packages are installed.
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { runMain } from './lib/problem.mjs';
import { checkNode, readPort } from './lib/settings.mjs';

await runMain(async () => {
	for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));
	checkNode();
	const port = readPort();
	await ensureInstalled();
	await ensureBuilt();

	const { startServer } = await import('./lib/static-server.mjs');
	const server = await startServer({ ...port, base: process.env.BASE_PATH ?? '' });
	for (const signal of ['SIGINT', 'SIGTERM']) {
		process.removeAllListeners(signal);
		process.once(signal, () => {
			console.log('\nFieldlens has ended.');
			void server.close().then(() => process.exit(0));
		});
	}
	console.log(`\n  Fieldlens is running on  ${server.url}\n`);
	console.log('  Images stay on this computer. Ctrl+C ends the program.\n');
	await openBrowser(server.url);
});

/**
 * Open the address where there is a browser to open; the program runs on without one.
 * @param {string} url
 */
async function openBrowser(url) {
	const { CI, BROWSER, DISPLAY, WAYLAND_DISPLAY } = process.env;
	const noScreen = process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY;
	if ((CI && CI !== 'false') || BROWSER === 'none' || noScreen) return;
	try {
		const { default: open } = await import('open');
		const browser = await open(url);
		browser.on('error', () => {});
	} catch {
		console.log('  No browser could be opened: open the address above yourself.\n');
	}
}
