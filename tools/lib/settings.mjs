// @ts-check
// Reads the environment's settings; built-ins only, since `npm start` needs it before install.
import { Problem } from './problem.mjs';

const DEFAULT_PORT = 4173;
/** The oldest Node that Fieldlens is built with. */
const OLDEST_NODE = '20.19.0';

/**
 * PORT where it is set; else the default one and how many of the next may be tried.
 * @returns {{ port: number, tries: number }}
 */
export function readPort() {
	const text = process.env.PORT ?? '';
	if (text === '') return { port: DEFAULT_PORT, tries: 11 };
	const port = Number(text);
	if (!Number.isInteger(port) || port < 0 || port > 65535) {
		throw new Problem(`PORT is "${text}"; it must be a number from 0 to 65535.`);
	}
	return { port, tries: 1 };
}

/**
 * @param {string} version such as `20.20.2`
 * @returns {string | null} what to say when it is too old
 */
export function findNodeFault(version) {
	const [major = 0, minor = 0] = version.split('.').map(Number);
	// Vite 8's own rule: 20.19, 22.12, or anything newer; 21 and early 22 lack require(esm).
	const enough = major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19);
	return enough
		? null
		: `Fieldlens needs Node ${OLDEST_NODE} or newer (of Node 22: 22.12 or newer; not 21); this is Node ${version}. Get a newer one, for example the current LTS version, and run the command again.`;
}

/** Fails with a sentence on a Node that is too old. */
export function checkNode() {
	const fault = findNodeFault(process.versions.node);
	if (fault) throw new Problem(fault);
}
