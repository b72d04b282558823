// What all processes of a browser take together: page, workers, graphics, and the browser itself.
import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { Problem } from '../lib/problem.ts';
import type { BrowserContext } from 'playwright';

const SAMPLE_MS = 100;
/** After its start a browser goes on loading for about so long. */
const SETTLE_MS = 1000;

export interface Processes {
	/** used so far, of all cores */
	processorSeconds: () => Promise<number>;
	/** now, pages that processes share counted once (PSS); null where the system does not say (only Linux does) */
	residentBytes: () => Promise<number | null>;
}

export interface MemoryWatch {
	/** what there was at the beginning, MB; null where the system does not say */
	emptyMegabytes: number | null;
	/** resolves to the most since the beginning, less what there was at the beginning, MB; null where the system does not say */
	stop: () => Promise<number | null>;
}

export async function processesOf(context: BrowserContext): Promise<Processes> {
	const session = await context.browser()?.newBrowserCDPSession();
	if (!session) throw new Problem('This browser does not say which processes it has.');
	const list = async () => (await session.send('SystemInfo.getProcessInfo')).processInfo;
	return {
		processorSeconds: async () => (await list()).reduce((sum, { cpuTime }) => sum + cpuTime, 0),
		residentBytes: async () => {
			const sizes = await Promise.all((await list()).map(({ id }) => residentBytesOf(id)));
			const known = sizes.filter((size) => size !== null);
			return known.length > 0 ? known.reduce((sum, size) => sum + size, 0) : null;
		}
	};
}

/** Follow the memory of a browser that shows an empty page, from now on. */
export async function watchMemory(context: BrowserContext): Promise<MemoryWatch> {
	const processes = await processesOf(context);
	await wait(SETTLE_MS);
	const empty = await processes.residentBytes();
	let most = empty ?? 0;
	let stopped = false;
	const look = async () => {
		most = Math.max(most, (await processes.residentBytes()) ?? 0);
	};
	const sampling = (async () => {
		while (!stopped) {
			await look();
			await wait(SAMPLE_MS);
		}
	})();
	// A browser that ends while it is watched says so where it is used; here nothing more comes.
	sampling.catch(() => undefined);
	return {
		emptyMegabytes: empty === null ? null : megabytes(empty),
		stop: async () => {
			stopped = true;
			await sampling;
			await look();
			return empty === null ? null : megabytes(most - empty);
		}
	};
}

/**
 * @param rollup `/proc/<pid>/smaps_rollup`
 * @returns bytes, null where it does not say
 */
export function pssOf(rollup: string): number | null {
	const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1];
	return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}

async function residentBytesOf(pid: number) {
	// A process may end between two looks.
	return pssOf(await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => ''));
}

export function megabytes(bytes: number) {
	return Math.round(bytes / 1e5) / 10;
}
