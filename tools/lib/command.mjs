// @ts-check
// Runs other programs, their output shown as it comes.
import { spawn } from 'node:child_process';
import { Problem } from './problem.mjs';
import { repoRoot } from './paths.mjs';

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: Record<string, string>, quiet?: boolean }} [options]
 *   quiet: nothing is shown
 * @returns {Promise<number>} the exit code; 127 when the program does not exist
 */
export function runCommand(program, args, { cwd = repoRoot, env = {}, quiet = false } = {}) {
	return new Promise((resolve, reject) => {
		const child = spawn(program, args, {
			cwd,
			env: { ...process.env, ...env },
			stdio: quiet ? 'ignore' : ['ignore', 'inherit', 'inherit']
		});
		child.once('error', (/** @type {NodeJS.ErrnoException} */ error) =>
			error.code === 'ENOENT' ? resolve(127) : reject(error)
		);
		child.once('close', (code, signal) => resolve(signal ? 130 : (code ?? 1)));
	});
}

/**
 * What a program prints, or null when it is missing or fails.
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {Promise<string | null>}
 */
export function readCommand(program, args) {
	return new Promise((resolve) => {
		const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
		let text = '';
		child.stdout.on('data', (chunk) => (text += chunk));
		child.once('error', () => resolve(null));
		child.once('close', (code) => resolve(code === 0 ? text.trim() : null));
	});
}

/**
 * Run npm, also where it is not a plain program (Windows).
 * @param {readonly string[]} args
 * @param {Record<string, string>} [env]
 */
export function runNpm(args, env = {}) {
	const script = process.env.npm_execpath;
	if (script && /npm-cli\.[cm]?js$/.test(script)) {
		return runCommand(process.execPath, [script, ...args], { env });
	}
	return process.platform === 'win32'
		? runCommand('cmd.exe', ['/d', '/s', '/c', 'npm', ...args], { env })
		: runCommand('npm', args, { env });
}

/**
 * Run a script of an installed package under this same Node.
 * @param {string} script path below node_modules, such as `vite/bin/vite.js`
 * @param {readonly string[]} args
 * @param {Record<string, string>} [env]
 */
export function runPackage(script, args, env = {}) {
	return runCommand(process.execPath, [`node_modules/${script}`, ...args], { env });
}

/**
 * Fail with a sentence when a step did.
 * @param {number} code
 * @param {string} sentence
 */
export function expectSuccess(code, sentence) {
	if (code !== 0) throw new Problem(sentence);
}
