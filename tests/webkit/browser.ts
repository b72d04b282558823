/** WebKit (WebKitGTK's MiniBrowser) on a screen of its own, driven by WebDriver. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Builder, By, type WebDriver } from 'selenium-webdriver';
import type { WebKit } from '../../tools/lib/other-browsers';

/** Ends a hang and says nothing about speed. */
const LIMIT_MS = 300_000;

export interface Session {
	driver: WebDriver;
	close: () => Promise<void>;
}

/** Start WebKit with an empty profile; all that it keeps goes when it is closed. */
export async function openWebKit(webkit: WebKit): Promise<Session> {
	const home = await mkdtemp(join(tmpdir(), 'fieldlens-webkit-'));
	const screen = spawn(webkit.screen, ['-displayfd', '3', '-screen', '0', '1366x900x24'], {
		stdio: ['ignore', 'ignore', 'ignore', 'pipe']
	});
	const display = await firstLine(screen);
	const port = await freePort();
	const service = spawn(webkit.driver, [`--port=${port}`], {
		stdio: 'ignore',
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
	const end = async () => {
		service.kill();
		screen.kill();
		await rm(home, { recursive: true, force: true, maxRetries: 3 });
	};
	try {
		const url = `http://127.0.0.1:${port}`;
		await until(async () => (await fetch(`${url}/status`)).ok, 'the driver answers');
		const driver = await new Builder()
			.usingServer(url)
			.withCapabilities({
				browserName: 'MiniBrowser',
				'webkitgtk:browserOptions': { binary: webkit.browser, args: ['--automation'] }
			})
			.build();
		await driver.manage().setTimeouts({ script: LIMIT_MS, pageLoad: LIMIT_MS });
		return {
			driver,
			close: async () => {
				await driver.quit().catch(() => undefined);
				await end();
			}
		};
	} catch (error) {
		await end();
		throw error;
	}
}

/** Wait until something holds; what it throws counts as not yet. */
export async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
	const end = Date.now() + LIMIT_MS;
	for (;;) {
		if (await holds().catch(() => false)) return;
		if (Date.now() > end) throw new Error(`waited too long until ${what}`);
		await new Promise((resolve) => setTimeout(resolve, 200));
	}
}

/** The text of an attribute of an element by its test id, null where there is none. */
export function attribute(driver: WebDriver, testid: string, name: string): Promise<string | null> {
	return driver.executeScript(
		'return document.querySelector(`[data-testid="${arguments[0]}"]`)?.getAttribute(arguments[1]) ?? null',
		testid,
		name
	);
}

/** Press what a selector finds, as soon as it is there. */
export async function press(driver: WebDriver, selector: string): Promise<void> {
	await until(async () => {
		await driver.findElement(By.css(selector)).click();
		return true;
	}, `${selector} can be pressed`);
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
