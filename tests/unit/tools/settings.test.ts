import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isBuilt } from '../../../tools/lib/build';
import { coversPackages, findNodeFault } from '../../../tools/bootstrap/install.mjs';

describe('the version of Node', () => {
	it.each(['20.19.0', '20.20.2', '22.12.0', '24.0.0', '25.1.0'])('%s is enough', (version) => {
		expect(findNodeFault(version)).toBeNull();
	});

	it.each(['18.20.0', '20.18.3', '21.7.0', '22.11.0'])('%s is refused by name', (version) => {
		expect(findNodeFault(version)).toContain(`this is Node ${version}`);
	});
});

describe('whether the packages are installed', () => {
	const wanted = {
		'': {},
		'node_modules/a': { version: '1.0.0' },
		'node_modules/for-another-system': { version: '1.0.0', optional: true }
	};

	it('is told by their versions, not by times; what is for another system may lack', () => {
		expect(coversPackages(wanted, { 'node_modules/a': { version: '1.0.0' } })).toBe(true);
		expect(coversPackages(wanted, { 'node_modules/a': { version: '1.0.1' } })).toBe(false);
		expect(coversPackages(wanted, {})).toBe(false);
	});
});

describe('whether the build is up to date', () => {
	let root = '';
	const lay = async (path: string, seconds: number) => {
		await writeFile(join(root, path), '');
		await utimes(join(root, path), seconds, seconds);
	};
	beforeEach(async () => {
		root = await mkdtemp(join(tmpdir(), 'fieldlens-build-'));
		await mkdir(join(root, 'src/lib'), { recursive: true });
		await mkdir(join(root, 'build'));
		await lay('src/lib/a.ts', 1000);
		for (const folder of ['src/lib', 'src']) await utimes(join(root, folder), 1000, 1000);
	});
	afterEach(() => rm(root, { recursive: true }));

	it('is told by the newest source', async () => {
		expect(await isBuilt(root)).toBe(false);
		await lay('build/index.html', 2000);
		expect(await isBuilt(root)).toBe(true);
		await lay('src/lib/a.ts', 3000);
		expect(await isBuilt(root)).toBe(false);
	});

	it('notices a removed source', async () => {
		await lay('build/index.html', 2000);
		await rm(join(root, 'src/lib/a.ts'));
		expect(await isBuilt(root)).toBe(false);
	});
});
