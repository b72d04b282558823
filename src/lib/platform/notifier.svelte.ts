/** Tells the user that a batch is done while they look elsewhere, if they asked for it. */
import type { Settings } from '../base/settings';

export class Notifier {
	/** Whether the user asked for it. */
	on = $state(false);
	/** Whether the browser refuses, so that asking is of no use. */
	refused = $state(false);

	constructor(private readonly settings: Settings) {}

	/** Whether this browser can do it at all. */
	get isOffered(): boolean {
		return 'Notification' in globalThis;
	}

	async start(): Promise<void> {
		this.on =
			(await this.settings.read('notify')) === 'yes' &&
			this.isOffered &&
			Notification.permission === 'granted';
	}

	/** Turn it on or off; the browser asks the user the first time. */
	async turn(on: boolean): Promise<void> {
		const allowed = on && (await Notification.requestPermission()) === 'granted';
		this.on = allowed;
		this.refused = on && !allowed;
		await this.settings.write('notify', allowed ? 'yes' : 'no');
	}

	/** Say it, unless the page is in sight. Made on this device: nothing is sent. */
	async notify(sentence: string): Promise<void> {
		if (!this.on || document.visibilityState === 'visible') return;
		const options = { body: sentence, tag: 'fieldlens' };
		try {
			// Phones and tablets know only the service worker's way.
			const worker = await navigator.serviceWorker?.getRegistration();
			if (worker) await worker.showNotification('Fieldlens', options);
			else new Notification('Fieldlens', options);
		} catch {
			// The title says it too.
		}
	}
}
