// WebKit (WebKitGTK's MiniBrowser) on a screen of its own, driven by WebDriver.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Builder, type WebDriver } from 'selenium-webdriver';
import { messageOf } from './problem.ts';
import type { WebKit } from './other-browsers.ts';

/** Ends a hang and says nothing about speed. */
const LIMIT_MS = 300_000;

export interface Session {
	driver: WebDriver;
	close: () => Promise<void>;
}

/**
 * Start WebKit with an empty profile; all that it keeps goes when it is closed.
 * @throws {Error} where it does not start
 */
export async function openWebKit(webkit: WebKit): Promise<Session> {
	const home = await mkdtemp(join(tmpdir(), 'fieldlens-webkit-'));
	const screen = spawn(webkit.screen, ['-displayfd', '3', '-screen', '0', '1366x900x24'], {
		stdio: ['ignore', 'ignore', 'ignore', 'pipe']
	});
	let service: ChildProcess | undefined;
	const end = async () => {
		if (service) endGroup(service);
		screen.kill();
		await rm(home, { recursive: true, force: true, maxRetries: 5 }).catch(() => undefined);
	};
	try {
		const display = await firstLine(screen);
		const port = await freePort();
		service = spawn(webkit.driver, [`--port=${port}`], {
			stdio: 'ignore',
			// A group of its own, so that what it starts ends with it.
			detached: true,
			env: {
				...process.env,
				DISPLAY: `:${display}`,
				HOME: home,
				XDG_CONFIG_HOME: home,
				XDG_CACHE_HOME: home,
				XDG_DATA_HOME: home,
				// No GPU, and no sandbox of namespaces inside a container.
				LIBGL_ALWAYS_SOFTWARE: '1',
				WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1'
			}
		});
		service.once('error', () => undefined);
		const url = `http://127.0.0.1:${port}`;
		await until(async () => (await fetch(`${url}/status`)).ok, 'the driver answers');
		const driver = await withLimit(
			new Builder()
				.usingServer(url)
				.withCapabilities({
					browserName: 'MiniBrowser',
					'webkitgtk:browserOptions': { binary: webkit.browser, args: ['--automation'] }
				})
				.build(),
			'the browser opens'
		);
		await driver.manage().setTimeouts({ script: LIMIT_MS, pageLoad: LIMIT_MS });
		return {
			driver,
			close: async () => {
				await withLimit(driver.quit(), 'the browser ends').catch(() => undefined);
				await end();
			}
		};
	} catch (error) {
		await end();
		throw error;
	}
}

/**
 * Wait until something holds; what it throws counts as not yet.
 * @throws {Error} after five minutes, with what it threw last
 */
export async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
	const end = Date.now() + LIMIT_MS;
	let fault: unknown;
	for (;;) {
		try {
			if (await holds()) return;
			fault = undefined;
		} catch (error) {
			fault = error;
		}
		if (Date.now() > end) {
			const last = fault === undefined ? '' : `: ${messageOf(fault)}`;
			throw new Error(`waited too long until ${what}${last}`);
		}
		await new Promise((resolve) => setTimeout(resolve, 200));
	}
}

/** @throws {Error} where a promise is not settled within five minutes */
async function withLimit<T>(promise: Promise<T>, what: string): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const limit = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new Error(`waited too long until ${what}`)), LIMIT_MS);
	});
	try {
		return await Promise.race([promise, limit]);
	} finally {
		clearTimeout(timer);
	}
}

function endGroup({ pid }: ChildProcess): void {
	if (pid === undefined) return;
	try {
		process.kill(-pid, 'SIGTERM');
	} catch {
		// It has ended by itself.
	}
}

function firstLine(process: ChildProcess): Promise<string> {
	return new Promise((resolve, reject) => {
		process.stdio[3]?.once('data', (text: Buffer) => resolve(text.toString().trim()));
		process.once('error', reject);
		process.once('exit', (code) => reject(new Error(`the screen ended with ${code}`)));
	});
}

function freePort(): Promise<number> {
	return new Promise((resolve, reject) => {
		const server = createServer().once('error', reject);
		server.listen(0, '127.0.0.1', () => {
			const { port } = server.address() as AddressInfo;
			server.close(() => resolve(port));
		});
	});
}
