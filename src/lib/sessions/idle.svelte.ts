/** Whether the user is away: nothing was done in this tab or another for a while. */
import type { Channel, OpenChannel } from './channel';

/** Other tabs are told no more often that the user is here, ms. */
const TELL_MS = 5000;
/**
 * The longest timeout that is set, ms. A browser's timers stand still while the computer sleeps:
 * no later than this after it wakes the clock on the wall is looked at.
 */
const LONGEST_MS = 60_000;
const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const;

/** Between `begin` and `end` one timeout runs until the time is over; otherwise none does. */
export class Idle {
	#isOver = $state(false);
	/** For so long nothing may be done, ms. */
	#limit = Infinity;
	#last = 0;
	#told = 0;
	#isWatching = false;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#onOver: () => void = () => undefined;
	readonly #channel: Channel;

	constructor(openChannel: OpenChannel) {
		this.#channel = openChannel(({ kind }) => {
			if (kind === 'active' && this.#isWatching) this.#goOn();
		});
	}

	/**
	 * Listen for what the user does. Called once.
	 * @param onOver called at once when the time is over.
	 */
	listen(onOver: () => void): void {
		this.#onOver = onOver;
		const sign = () => {
			// A computer that slept wakes with a touch: the look comes before it counts.
			this.#look();
			if (this.#isWatching) this.touch();
		};
		for (const name of SIGNS) addEventListener(name, sign, { capture: true, passive: true });
		document.addEventListener('visibilitychange', () => this.#look());
	}

	/** Watch from now on. */
	begin(): void {
		this.#isWatching = true;
		this.touch();
	}

	/** Watch no more. */
	end(): void {
		this.#isWatching = false;
		this.#isOver = false;
		clearTimeout(this.#timer);
		this.#timer = undefined;
	}

	/** Whether nothing was done for as long as the limit; until the user is here again. */
	get isOver(): boolean {
		return this.#isOver;
	}

	/** Change for how long nothing may be done, ms. */
	setLimit(ms: number): void {
		this.#limit = ms;
		if (this.#isWatching) this.#arm();
	}

	/** The user is here. */
	touch(): void {
		this.#goOn();
		if (this.#last - this.#told < TELL_MS) return;
		this.#told = this.#last;
		this.#channel.tell({ kind: 'active' });
	}

	#goOn(): void {
		this.#last = Date.now();
		// A timeout that runs looks at the clock when it ends, and is set for the rest.
		if (this.#timer === undefined) this.#arm();
	}

	#look(): void {
		if (this.#isWatching && !this.#isOver && this.#rest <= 0) this.#arm();
	}

	/** By the clock on the wall, ms. */
	get #rest(): number {
		return this.#last + this.#limit - Date.now();
	}

	#arm(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.#isOver = this.#rest <= 0;
		if (this.#isOver) this.#onOver();
		else this.#timer = setTimeout(() => this.#arm(), Math.min(this.#rest, LONGEST_MS));
	}
}
