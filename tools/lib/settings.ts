// Reads the environment's settings.
import { Problem } from './problem.ts';

const DEFAULT_PORT = 4173;

/**
 * PORT where it is set; else the default one and how many of the next may be tried.
 * @throws {Problem} where PORT is no port
 */
export function readPort(): { port: number; tries: number } {
	const text = process.env['PORT'] ?? '';
	if (text === '') return { port: DEFAULT_PORT, tries: 11 };
	const port = Number(text);
	if (!Number.isInteger(port) || port < 0 || port > 65535) {
		throw new Problem(`PORT is "${text}"; it must be a number from 0 to 65535.`);
	}
	return { port, tries: 1 };
}
