// Reads a tool's command line.
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { messageOf, Problem } from './problem.ts';
import type { Backend } from './browser.ts';

const BACKENDS = ['int8', 'wasm', 'webgl', 'webgpu'] as const;

/**
 * @param usage one line, shown when the command line is wrong
 */
export function readOptions<const Options extends ParseArgsConfig['options'] & object>(
	options: Options,
	usage: string
) {
	try {
		return parseArgs({ options, allowPositionals: false }).values;
	} catch (error) {
		throw new Problem(`${messageOf(error)}\nUse: ${usage}`);
	}
}

export function readBackend(text: string): Backend | 'auto' {
	const backend = [...BACKENDS, 'auto' as const].find((name) => name === text);
	if (!backend)
		throw new Problem(`--backend is "${text}"; it must be auto, ${BACKENDS.join(', ')}.`);
	return backend;
}

/**
 * @returns null where it was not given
 */
export function readCount(text: string | undefined, name: string): number | null {
	if (text === undefined) return null;
	const count = Number(text);
	if (!Number.isInteger(count) || count < 1) {
		throw new Problem(`--${name} is "${text}"; it must be a whole number from 1.`);
	}
	return count;
}

/**
 * @param text numbers with commas between them
 * @returns each once, the smallest first; null where none were given
 */
export function readCounts(text: string | undefined, name: string): number[] | null {
	if (text === undefined) return null;
	const counts = text.split(',').map((one) => Number(readCount(one.trim(), name)));
	return [...new Set(counts)].sort((a, b) => a - b);
}
