// `npm start`: builds where it is needed, serves the site and opens the browser. The packages
// are installed before (bootstrap/run.mjs).
import { ensureBuilt } from './lib/build.ts';
import { runMain } from './lib/problem.ts';
import { readPort } from './lib/settings.ts';
import { startServer } from './lib/static-server.ts';

await runMain(async () => {
	const port = readPort();
	await ensureBuilt();
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

/** Open the address where there is a browser to open; the program runs on without one. */
async function openBrowser(url: string) {
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
