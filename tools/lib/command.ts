// Runs other programs, their output shown as it comes.
import { spawn } from 'node:child_process';
import { Problem } from './problem.ts';
import { repoRoot } from './paths.ts';

/** A program and how it is called; without a `cwd` in the repository's root. */
export interface Command {
	program: string;
	args: readonly string[];
	cwd?: string;
}

interface RunOptions {
	cwd?: string;
	env?: Record<string, string>;
	/** The descriptor of an open file that gets all output, instead of the terminal. */
	output?: number;
}

/** @returns the exit code; 127 when the program does not exist */
export function runCommand(
	program: string,
	args: readonly string[],
	{ cwd = repoRoot, env = {}, output }: RunOptions = {}
): Promise<number> {
	return new Promise((resolve, reject) => {
		const child = spawn(program, args, {
			cwd,
			env: { ...process.env, ...env },
			stdio: ['ignore', output ?? 'inherit', output ?? 'inherit']
		});
		child.once('error', (error: NodeJS.ErrnoException) => {
			if (error.code === 'ENOENT') resolve(127);
			else reject(error);
		});
		child.once('close', (code, signal) => resolve(signal ? 130 : (code ?? 1)));
	});
}

/** What a program prints, or null when it is missing or fails. */
export function readCommand(program: string, args: readonly string[]): Promise<string | null> {
	return new Promise((resolve) => {
		const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
		let text = '';
		child.stdout.on('data', (chunk) => (text += chunk));
		child.once('error', () => resolve(null));
		child.once('close', (code) => resolve(code === 0 ? text.trim() : null));
	});
}

/** A call of npm, also where that is not a plain program (Windows). */
export function npmCommand(args: readonly string[]): Command {
	const script = process.env['npm_execpath'];
	if (script && /npm-cli\.[cm]?js$/.test(script)) {
		return { program: process.execPath, args: [script, ...args] };
	}
	return process.platform === 'win32'
		? { program: 'cmd.exe', args: ['/d', '/s', '/c', 'npm', ...args] }
		: { program: 'npm', args };
}

export function runNpm(args: readonly string[], env: Record<string, string> = {}): Promise<number> {
	const command = npmCommand(args);
	return runCommand(command.program, command.args, { env });
}

/**
 * Run a script of an installed package under this same Node.
 * @param script path below node_modules, such as `vite/bin/vite.js`
 */
export function runPackage(
	script: string,
	args: readonly string[],
	env: Record<string, string> = {}
) {
	return runCommand(process.execPath, [`node_modules/${script}`, ...args], { env });
}

/** Fail with a sentence when a step did. */
export function expectSuccess(code: number, sentence: string) {
	if (code !== 0) throw new Problem(sentence);
}
