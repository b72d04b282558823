/** DICOM files with the greys that pydicom makes of them (fixtures/make_dicom.py). */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { bytesOf, fixture } from './images';

interface Listed {
	path: string;
	copy?: string;
	width: number;
	height: number;
	mean: number;
	grid: string;
}
interface Made {
	name: string;
	width: number;
	height: number;
	bytes: string;
	expected: string;
}
const LIST = fixture<{ grid: number; files: Listed[]; made: Made[] }>('dicom');

/** Greys at this many places across and down. */
export const GRID = LIST.grid;
export const KNOWN = LIST.files.map((file) => ({ ...file, grid: bytesOf(file.grid) }));
export const MADE = LIST.made.map((file) => ({
	...file,
	bytes: bytesOf(file.bytes),
	expected: bytesOf(file.expected)
}));

export function madeNamed(name: string) {
	const found = MADE.find((file) => file.name === name);
	if (!found) throw new Error(`no DICOM named ${name}`);
	return found;
}

/** A file that came with pydicom and is copied here. */
export function copied(name: string): Uint8Array<ArrayBuffer> {
	return new Uint8Array(readFileSync(`tests/unit/fixtures/dicom/${name}`));
}

/** pydicom's folder of test files, or null where no Python at hand has it. */
export const PYDICOM_FILES = pydicomFiles();

function pydicomFiles(): string | null {
	const ask = 'import pydicom, pathlib; print(pathlib.Path(pydicom.__file__).parent)';
	for (const python of ['training-notebooks/.venv/bin/python', 'python3', 'python']) {
		try {
			const folder = execFileSync(python, ['-c', ask], { stdio: ['ignore', 'pipe', 'ignore'] });
			const files = join(folder.toString().trim(), 'data', 'test_files');
			if (existsSync(files)) return files;
		} catch {
			// The next one may have it.
		}
	}
	return null;
}

/** The codecs' WebAssembly is fetched; in Node it comes from the disc. */
export function serveCodecs(): void {
	vi.stubGlobal('fetch', (address: string) => {
		const path = address.startsWith('/@fs/') ? address.slice(4) : `.${address}`;
		const file = address.startsWith('file:') ? fileURLToPath(address) : path;
		return Promise.resolve(new Response(readFileSync(file)));
	});
}
