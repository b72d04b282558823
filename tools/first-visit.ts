// `npm run first-visit`: bytes and seconds until the first button works on a slow line.
import { onBuiltSite } from './lib/built-site.ts';
import { measureFirstVisit } from './lib/first-visit.ts';
import { readCount, readOptions } from './lib/options.ts';
import { runMain } from './lib/problem.ts';

const USAGE = 'npm run first-visit -- [--kilobits 256] [--latency 300]';

await runMain(async () => {
	const options = readOptions(
		{
			kilobits: { type: 'string', default: '256' },
			latency: { type: 'string', default: '300' }
		},
		USAGE
	);
	const kilobits = readCount(options.kilobits, 'kilobits') ?? 256;
	const latency = readCount(options.latency, 'latency') ?? 300;
	await onBuiltSite(async (page, url) => {
		const visit = await measureFirstVisit(page, url, { kilobits, latency });
		for (const { path, bytes, isWhole } of visit.files) {
			const size = isWhole ? `${(bytes / 1000).toFixed(1)} kB` : 'on its way';
			console.log(`${size.padStart(12)}  ${path || 'index.html'}`);
		}
		console.log(
			`At ${kilobits} kbit/s and ${latency} ms the first button works after ${visit.seconds.toFixed(1)} s ` +
				`and ${(visit.bytes / 1000).toFixed(0)} kB.`
		);
	});
});
