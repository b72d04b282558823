/** The language that the pages are shown in. A change shows at once: nothing is loaded anew. */
import { overwriteGetLocale } from '../paraglide/runtime.js';
import { readSetting, writeSetting } from '../storage/database';
import { withTimeLimit } from '../time-limit';
import { chooseLocale, directionOf, isLocale, type Locale } from './locales';

/** Storage that does not answer must not keep the page from showing. */
const LIMIT_MS = 1000;

class CurrentLocale {
	/** Read by every message, so what shows one is drawn anew when it changes. */
	id: Locale = $state('en');
	readonly direction = $derived(directionOf(this.id));

	/** Take the kept language, else the browser's; before anything is shown. */
	async start(): Promise<void> {
		overwriteGetLocale(() => this.id);
		const kept = await withTimeLimit(readSetting('language'), LIMIT_MS).catch(() => undefined);
		this.show(isLocale(kept) ? kept : chooseLocale(navigator.languages));
	}

	/** Change the language and keep the choice. */
	choose(id: Locale): void {
		this.show(id);
		void writeSetting('language', id);
	}

	private show(id: Locale): void {
		this.id = id;
		document.documentElement.lang = id;
		document.documentElement.dir = directionOf(id);
	}
}

export const locale = new CurrentLocale();
