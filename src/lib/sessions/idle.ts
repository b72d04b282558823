/** Whether the user is away: nothing was done in this tab or another for a while. */
import type { Channel, OpenChannel } from './channel';

/** How often it is looked at, and other tabs are told that the user is here. */
const LOOK_MS = 5000;
const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const;

export class Idle {
	#limit = Infinity;
	#look: (() => void) | null = null;
	#timer: ReturnType<typeof setInterval> | undefined;
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
		this.#look = look;
		this.#watch();
	}

	/** For so long nothing may be done, ms. */
	get limit(): number {
		return this.#limit;
	}

	set limit(limit: number) {
		this.#limit = limit;
		this.#watch();
	}

	/** Without a limit there is nothing to look for: a page that is left alone rests. */
	#watch(): void {
		clearInterval(this.#timer);
		this.#timer =
			this.#look && this.#limit < Infinity ? setInterval(this.#look, LOOK_MS) : undefined;
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
