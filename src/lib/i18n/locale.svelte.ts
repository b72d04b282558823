/** The language that the pages are shown in. A change shows at once: nothing is loaded anew. */
import { overwriteGetLocale } from '../paraglide/runtime.js';
import type { Settings } from '../base/settings';
import { withTimeLimit } from '../base/time-limit';
import { loadWords } from './catalogues';
import { loadFont } from './font';
import { chooseLocale, directionOf, isLocale, type Locale } from './locales';

/** Storage that does not answer, or a slow font, must not keep the page from showing. */
const LIMIT_MS = 1000;

class CurrentLocale {
	/** Read by every message, so what shows one is drawn anew when it changes. */
	id: Locale = $state('en');
	readonly direction = $derived(directionOf(this.id));
	/** Aborted when another language is asked for: the words of an earlier one may come late. */
	private loading = new AbortController();
	private settings: Settings | null = null;

	/** Take the kept language, else the browser's; before anything is shown. */
	async start(settings: Settings): Promise<void> {
		this.settings = settings;
		overwriteGetLocale(() => this.id);
		const kept = await withTimeLimit(settings.read('language'), LIMIT_MS).catch(() => undefined);
		await this.show(isLocale(kept) ? kept : chooseLocale(navigator.languages));
	}

	/**
	 * Change the language and keep the choice. Where its words cannot be had (no network, and not
	 * yet on the device) the page stays as it is.
	 */
	async choose(id: Locale): Promise<void> {
		if (await this.show(id)) await this.settings?.write('language', id);
	}

	/** @returns whether it is shown now. */
	private async show(id: Locale): Promise<boolean> {
		this.loading.abort();
		const { signal } = (this.loading = new AbortController());
		try {
			const font = withTimeLimit(loadFont(id), LIMIT_MS).catch(() => undefined);
			await Promise.all([loadWords(id), font]);
		} catch {
			return false;
		}
		if (signal.aborted) return false;
		this.id = id;
		document.documentElement.lang = id;
		document.documentElement.dir = directionOf(id);
		return true;
	}
}

export const locale = new CurrentLocale();
