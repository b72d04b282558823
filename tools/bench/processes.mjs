// @ts-check
// What all processes of a browser take together: page, workers, graphics, and the browser itself.
import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { Problem } from '../lib/problem.mjs';

const SAMPLE_MS = 100;
/** After its start a browser goes on loading for about so long. */
const SETTLE_MS = 1000;

/**
 * @typedef {object} Processes
 * @property {() => Promise<number>} processorSeconds used so far, of all cores
 * @property {() => Promise<number | null>} residentBytes now, pages that processes share counted
 *   once (PSS); null where the system does not say (only Linux does)
 *
 * @typedef {object} MemoryWatch
 * @property {() => Promise<number | null>} stop resolves to the most since the beginning, less
 *   what there was at the beginning, MB; null where the system does not say
 */

/**
 * @param {import('playwright').BrowserContext} context
 * @returns {Promise<Processes>}
 */
export async function processesOf(context) {
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

/**
 * Follow the memory of a browser that shows an empty page, from now on.
 * @param {import('playwright').BrowserContext} context
 * @returns {Promise<MemoryWatch>}
 */
export async function watchMemory(context) {
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
		stop: async () => {
			stopped = true;
			await sampling;
			await look();
			return empty === null ? null : megabytes(most - empty);
		}
	};
}

/**
 * @param {string} rollup `/proc/<pid>/smaps_rollup`
 * @returns {number | null} bytes, null where it does not say
 */
export function pssOf(rollup) {
	const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1];
	return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}

/** @param {number} pid */
async function residentBytesOf(pid) {
	// A process may end between two looks.
	return pssOf(await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => ''));
}

/** @param {number} bytes */
export function megabytes(bytes) {
	return Math.round(bytes / 1e5) / 10;
}
