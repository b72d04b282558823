// @ts-check
// Serves the built site on localhost. PORT and BASE_PATH say where.
import { runMain } from './lib/problem.mjs';
import { readPort } from './lib/settings.mjs';
import { startServer } from './lib/static-server.mjs';

await runMain(async () => {
	const server = await startServer({ ...readPort(), base: process.env.BASE_PATH ?? '' });
	console.log(`Fieldlens is served on ${server.url} (Ctrl+C ends it)`);
	for (const signal of ['SIGINT', 'SIGTERM']) {
		process.once(signal, () => void server.close().then(() => process.exit(0)));
	}
});
