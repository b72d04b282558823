// Serves the built site on localhost. PORT and BASE_PATH say where.
import { runMain } from './lib/problem.ts';
import { readPort } from './lib/settings.ts';
import { startServer } from './lib/static-server.ts';

await runMain(async () => {
	const server = await startServer({ ...readPort(), base: process.env.BASE_PATH ?? '' });
	console.log(`Fieldlens is served on ${server.url} (Ctrl+C ends it)`);
	for (const signal of ['SIGINT', 'SIGTERM']) {
		process.once(signal, () => void server.close().then(() => process.exit(0)));
	}
});
