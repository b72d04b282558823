/** What a person does with the page, by WebDriver. */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { By, type WebDriver } from 'selenium-webdriver';
import { until } from '../../tools/lib/webkit';
import { READ_SCORES, type Scores } from './scores';

export class Page {
	constructor(readonly driver: WebDriver) {}

	/** An attribute of an element by its test id, null where there is none. */
	attribute(testid: string, name: string): Promise<string | null> {
		return this.driver.executeScript(
			'return document.querySelector(`[data-testid="${arguments[0]}"]`)?.getAttribute(arguments[1]) ?? null',
			testid,
			name
		);
	}

	/** Wait until an attribute of an element has a value. */
	async shows(testid: string, name: string, value: string): Promise<void> {
		await until(
			async () => (await this.attribute(testid, name)) === value,
			`${testid} has ${name}=${value}`
		);
	}

	count(selector: string): Promise<number> {
		return this.driver.executeScript(
			'return document.querySelectorAll(arguments[0]).length',
			selector
		);
	}

	/** Press what a selector finds, as soon as it is there. */
	async press(selector: string | By): Promise<void> {
		const by = typeof selector === 'string' ? By.css(selector) : selector;
		await until(
			async () => {
				await this.driver.findElement(by).click();
				return true;
			},
			`${String(by)} can be pressed`
		);
	}

	async keys(...keys: string[]): Promise<void> {
		await this.driver
			.actions()
			.sendKeys(...keys)
			.perform();
	}

	async engineReady(): Promise<void> {
		await this.shows('engine-panel', 'data-engine', 'ready');
	}

	async finished(): Promise<void> {
		await this.shows('session-status', 'data-state', 'done');
	}

	scores(): Promise<Scores> {
		return this.driver.executeScript(`return ${READ_SCORES}`);
	}

	/** Give the page files as its chooser does, folders left out. */
	async addFiles(folder: string): Promise<void> {
		const names = await readdir(folder);
		const files = await Promise.all(
			names.map(async (name) => [name, (await readFile(join(folder, name))).toString('base64')])
		);
		await this.driver.executeScript(
			`const transfer = new DataTransfer();
			for (const [name, content] of arguments[0]) {
				const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
				transfer.items.add(new File([bytes], name));
			}
			const input = document.querySelector('[data-testid=file-input]');
			input.files = transfer.files;
			input.dispatchEvent(new Event('change', { bubbles: true }));`,
			files
		);
	}

	/** Choose a language by the page's own chooser. */
	async speak(locale: string): Promise<void> {
		await this.driver.executeScript(
			`const chooser = document.querySelector('header select');
			chooser.value = arguments[0];
			chooser.dispatchEvent(new Event('change', { bubbles: true }));`,
			locale
		);
		await until(
			async () =>
				(await this.driver.executeScript<string>('return document.documentElement.lang')) ===
				locale,
			`the page speaks ${locale}`
		);
	}

	/** By how many pixels the page is wider than its window. */
	excess(): Promise<number> {
		return this.driver.executeScript(
			'return document.documentElement.scrollWidth - document.documentElement.clientWidth'
		);
	}
}

/** A button by its name, whole or from its beginning. */
export function button(name: string): By {
	return By.xpath(
		`//button[starts-with(normalize-space(@aria-label), "${name}") or starts-with(normalize-space(.), "${name}")]`
	);
}
