/** Whether the user is away: nothing was done in this tab or another for a while. */
import type { Channel, OpenChannel } from './channel';

/** How often it is looked at, and other tabs are told that the user is here. */
const LOOK_MS = 5000;
const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const;

export class Idle {
	/** For so long nothing may be done, ms. */
	limit = Infinity;
	private last = Date.now();
	private told = 0;
	private channel: Channel | null = null;

	constructor(private readonly openChannel: OpenChannel) {}

	/**
	 * Begin to look.
	 * @param look called every few seconds, and when the user comes back to the page.
	 */
	start(look: () => void): void {
		this.channel ??= this.openChannel(({ kind }) => {
			if (kind === 'active') this.last = Date.now();
		});
		const sign = () => {
			// A computer that slept wakes with a touch: the look comes before it counts.
			if (this.isOver) look();
			this.touch();
		};
		for (const name of SIGNS) addEventListener(name, sign, { capture: true, passive: true });
		document.addEventListener('visibilitychange', look);
		setInterval(look, LOOK_MS);
	}

	/** By the clock on the wall: others stand still while the computer sleeps. */
	get isOver(): boolean {
		return Date.now() - this.last >= this.limit;
	}

	/** The user is here. */
	touch(): void {
		this.last = Date.now();
		if (this.last - this.told < LOOK_MS) return;
		this.told = this.last;
		this.channel?.tell({ kind: 'active' });
	}
}
