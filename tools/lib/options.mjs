// @ts-check
// Reads a tool's command line.
import { parseArgs } from 'node:util';
import { messageOf, Problem } from './problem.mjs';

/** @typedef {import('./browser.mjs').Backend} Backend */

const BACKENDS = /** @type {const} */ (['int8', 'wasm', 'webgl', 'webgpu']);

/**
 * @template {NonNullable<import('node:util').ParseArgsConfig['options']>} Options
 * @param {Options} options
 * @param {string} usage one line, shown when the command line is wrong
 */
export function readOptions(options, usage) {
	try {
		return parseArgs({ options, allowPositionals: false }).values;
	} catch (error) {
		throw new Problem(`${messageOf(error)}\nUse: ${usage}`);
	}
}

/**
 * @param {string} text
 * @returns {Backend | 'auto'}
 */
export function readBackend(text) {
	const backend = [...BACKENDS, /** @type {const} */ ('auto')].find((name) => name === text);
	if (!backend)
		throw new Problem(`--backend is "${text}"; it must be auto, ${BACKENDS.join(', ')}.`);
	return backend;
}

/**
 * @param {string | undefined} text
 * @param {string} name
 * @returns {number | null} null where it was not given
 */
export function readCount(text, name) {
	if (text === undefined) return null;
	const count = Number(text);
	if (!Number.isInteger(count) || count < 1) {
		throw new Problem(`--${name} is "${text}"; it must be a whole number from 1.`);
	}
	return count;
}

/**
 * @param {string | undefined} text numbers with commas between them
 * @param {string} name
 * @returns {number[] | null} each once, the smallest first; null where none were given
 */
export function readCounts(text, name) {
	if (text === undefined) return null;
	const counts = text.split(',').map((one) => Number(readCount(one.trim(), name)));
	return [...new Set(counts)].sort((a, b) => a - b);
}
