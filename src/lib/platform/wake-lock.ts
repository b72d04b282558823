/** Keeps the computer from sleeping in the middle of a batch. Where it cannot, nothing is said. */

export class ScreenWakeLock {
	private lock: WakeLockSentinel | null = null;
	private wanted = false;
	private asking = false;

	constructor() {
		// The browser lets go of the lock whenever the page is hidden.
		globalThis.document?.addEventListener('visibilitychange', () => void this.hold());
	}

	/** Whether the screen should stay on from now on. */
	want(wanted: boolean): void {
		if (this.wanted === wanted) return;
		this.wanted = wanted;
		if (wanted) void this.hold();
		else void this.lock?.release().catch(() => undefined);
	}

	private async hold(): Promise<void> {
		if (!this.wanted || this.asking || document.visibilityState !== 'visible') return;
		this.asking = true;
		try {
			const lock = await navigator.wakeLock?.request('screen');
			this.lock = lock ?? null;
			// The batch ended while the browser answered.
			if (!this.wanted) await lock?.release();
		} catch {
			// Low battery or not allowed: Help says what to do about a computer that falls asleep.
		} finally {
			this.asking = false;
		}
	}
}
