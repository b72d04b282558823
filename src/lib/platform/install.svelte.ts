/** The browser's offer to install the program, kept until the user takes it. */

/** Chromium's event; other browsers install from their own menus only. */
interface InstallEvent extends Event {
	prompt(): Promise<unknown>;
}

export class InstallOffer {
	private offered: InstallEvent | null = $state.raw(null);

	/** Whether the browser would install it now. */
	get isOffered(): boolean {
		return this.offered !== null;
	}

	/** Follow the browser. Called once a page. */
	start(): void {
		addEventListener('beforeinstallprompt', (event) => {
			// The user asks for it, where it is explained.
			event.preventDefault();
			this.offered = event as InstallEvent;
		});
		addEventListener('appinstalled', () => (this.offered = null));
	}

	async ask(): Promise<void> {
		const { offered } = this;
		// One event can be used once.
		this.offered = null;
		await offered?.prompt();
	}
}
