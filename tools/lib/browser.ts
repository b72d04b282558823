// Which Chromium is used, how it is installed, and with which flags it starts.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { expectSuccess, readCommand, runCommand, runPackage } from './command.ts';
import { Problem } from './problem.ts';

export type Backend = 'int8' | 'wasm' | 'webgl' | 'webgpu';

const KNOWN_PLACES = [
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome',
	'/usr/bin/google-chrome-stable',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
];

/** Keeps Chromium from asking Google's hosts for anything. */
export const QUIET_FLAGS = ['--disable-quic', '--disable-sync', '--disable-component-update'];

const MESA_FILES = [
	'/usr/lib/x86_64-linux-gnu/libEGL_mesa.so.0',
	'/usr/lib/x86_64-linux-gnu/dri/swrast_dri.so'
];

/**
 * The flags that a backend needs on a machine without a GPU. On one with, CHROMIUM_GPU=real makes
 * Chromium take that, since software adapters are forced otherwise.
 * WebGL works on SwiftShader as it is; Mesa's llvmpipe is 2.8 times faster.
 * `--use-angle=vulkan` hangs and is never used.
 */
function backendFlags(backend: Backend | 'auto'): string[] {
	if (process.env.CHROMIUM_GPU === 'real') {
		return ['--enable-gpu', '--enable-unsafe-webgpu', '--ignore-gpu-blocklist'];
	}
	if (backend === 'webgpu') {
		return ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];
	}
	if (backend === 'webgl' && MESA_FILES.every((file) => existsSync(file))) {
		return ['--use-angle=gl-egl', '--ignore-gpu-blocklist'];
	}
	return [];
}

/** V8's flags in CHROMIUM_JS_FLAGS, for measurements. */
function scriptFlags(): string[] {
	const flags = process.env.CHROMIUM_JS_FLAGS;
	return flags ? [`--js-flags=${flags}`] : [];
}

/** Playwright's launch options for a headless Chromium that can run a backend. */
export function launchOptions(backend: Backend | 'auto' = 'wasm') {
	const executablePath = findSystemChromium();
	return {
		args: [...QUIET_FLAGS, ...backendFlags(backend), ...scriptFlags()],
		...(executablePath && { executablePath })
	};
}

/** The program to start: CHROMIUM_PATH, the system's, or undefined for Playwright's own. */
export function findSystemChromium(): string | undefined {
	const chosen = process.env.CHROMIUM_PATH;
	if (chosen) {
		if (existsSync(chosen)) return chosen;
		throw new Problem(`CHROMIUM_PATH is ${chosen}, but there is no such file.`);
	}
	return KNOWN_PLACES.find((place) => existsSync(place));
}

/** Whether a Chromium can be started. */
async function hasChromium() {
	if (findSystemChromium()) return true;
	const { chromium } = await import('playwright');
	return existsSync(chromium.executablePath());
}

/** Install Chromium where there is none: Debian's as root, else Playwright's. */
export async function ensureChromium() {
	if (await hasChromium()) return;
	console.log('Installing Chromium for the browser tests ...');
	if ((await installDebianPackages(['chromium'])) && (await hasChromium())) return;
	const cli = 'playwright/cli.js';
	const code = await runPackage(cli, ['install', '--with-deps', 'chromium']);
	if (code !== 0) await runPackage(cli, ['install', 'chromium']);
	expectSuccess(
		(await hasChromium()) ? 0 : 1,
		'No Chromium could be installed. Install Chromium or Google Chrome yourself, or name one: CHROMIUM_PATH=/path/to/chromium'
	);
}

/** @returns whether they are installed; nothing is tried but as root on Debian */
export async function installDebianPackages(packages: readonly string[]): Promise<boolean> {
	if (!(await isDebianRoot())) return false;
	console.log(`Installing ${packages.join(', ')} ...`);
	const env = { DEBIAN_FRONTEND: 'noninteractive' };
	await runCommand('apt-get', ['update', '-q'], { env });
	const install = ['install', '-y', '-q', ...packages];
	return (await runCommand('apt-get', install, { env })) === 0;
}

async function isDebianRoot() {
	if (process.getuid?.() !== 0 || (await readCommand('apt-get', ['--version'])) === null) {
		return false;
	}
	const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
	// Ubuntu's package of that name only points to a snap.
	return /^ID=debian$/m.test(release);
}

/**
 * A script for every page that gets functions sent: tsx compiles names into calls of a helper of
 * its module, which such a function leaves behind (esbuild, keepNames).
 */
export const NAME_HELPER = 'globalThis.__name ??= (value) => value';
