// The Python package's virtual environment, made once for each set of requirements.
import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readCommand, runCommand } from './command.ts';
import { repoRoot } from './paths.ts';

/** The folder of the Python package. */
export const pythonDir = join(repoRoot, 'training-notebooks');
const venv = join(pythonDir, '.venv');
const stampFile = join(venv, 'requirements.sha256');
/** First and by this very version, which has a CPU build; what is newer brings CUDA along. */
const TORCH = 'torch==2.13.0';
/** The second names the first: the notebooks, which the tests run, need both. */
const REQUIREMENTS = ['requirements.txt', 'requirements-notebook.txt'];

/**
 * Make the environment, or find it as it is.
 * @returns its interpreter, or why there
 *   is none
 */
export async function preparePython(): Promise<{ python: string } | { leftOut: string }> {
	const missing = REQUIREMENTS.find((name) => !existsSync(join(pythonDir, name)));
	if (missing !== undefined) return { leftOut: `training-notebooks/${missing} is missing` };
	const base = await findPython();
	if (base === null) return { leftOut: 'no python3 of version 3.11 or newer' };
	const python = join(venv, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
	const hash = createHash('sha256').update(`${TORCH}\n${base.version}\n`);
	for (const name of REQUIREMENTS) hash.update(await readFile(join(pythonDir, name)));
	const stamp = hash.digest('hex');
	if (existsSync(python) && (await readFile(stampFile, 'utf8').catch(() => '')) === stamp) {
		return { python };
	}
	await rm(venv, { recursive: true, force: true });
	if ((await runCommand(base.program, ['-m', 'venv', venv])) !== 0) {
		return { leftOut: 'a virtual environment could not be made (Debian: python3-venv)' };
	}
	// Errors alone: a package index that does not answer warns once a package.
	const pip = ['-m', 'pip', 'install', '-qq', '--disable-pip-version-check'];
	for (const what of [[TORCH], ...REQUIREMENTS.map((name) => ['-r', name])]) {
		if ((await runCommand(python, [...pip, ...what], { cwd: pythonDir })) !== 0) {
			return { leftOut: `pip could not install ${what.join(' ')} (see above)` };
		}
	}
	await writeFile(stampFile, stamp);
	return { python };
}

async function findPython(): Promise<{ program: string; version: string } | null> {
	const ask = 'import sys; print("%d.%d" % sys.version_info[:2])';
	for (const program of ['python3', 'python']) {
		const version = await readCommand(program, ['-c', ask]);
		const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
		if (version !== null && major === 3 && minor >= 11) return { program, version };
	}
	return null;
}
