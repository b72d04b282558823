/**
 * Whether a person's hand is in the list: the mouse or a pen over it, the focus in it, or a finger
 * that touched it last. Knows no DOM.
 */

/** A mouse that rests for so long was left there: nobody aims with it. */
const RESTS_AFTER_MS = 120_000;

export class Hand {
	#pointer = false;
	#finger = false;
	#focus = false;
	#isIn = false;
	#rest: ReturnType<typeof setTimeout> | undefined;

	/** @param onChange is told when the hand comes and when it goes. */
	constructor(private readonly onChange: (isIn: boolean) => void) {}

	/** The mouse or a pen moved over the list, or pressed there. */
	moved(): void {
		clearTimeout(this.#rest);
		this.#rest = setTimeout(() => this.left(), RESTS_AFTER_MS);
		this.#pointer = true;
		this.#tell();
	}

	/** The mouse or a pen is no longer over the list. */
	left(): void {
		clearTimeout(this.#rest);
		this.#pointer = false;
		this.#tell();
	}

	/** A finger touched the list, or the page elsewhere. A finger in the air still means the list. */
	touched(isInside: boolean): void {
		this.#finger = isInside;
		this.#tell();
	}

	/** The focus came into the list, or left it. */
	focused(isInside: boolean): void {
		this.#focus = isInside;
		this.#tell();
	}

	/** The list goes. */
	end(): void {
		this.#finger = this.#focus = false;
		this.left();
	}

	#tell(): void {
		const isIn = this.#pointer || this.#finger || this.#focus;
		if (isIn === this.#isIn) return;
		this.#isIn = isIn;
		this.onChange(isIn);
	}
}
