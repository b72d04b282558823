/** How fast a session goes, from the moments at which images were done. */
import { numberText } from '../i18n/format';
import { m } from '../paraglide/messages.js';

/** Moments that count: enough to be steady, few enough to follow a change. */
const WINDOW = 40;
/** Moments of which the median is taken. */
const MEDIAN_WINDOW = 1000;

export class Pace {
	private readonly moments: number[] = [];
	private readonly all: number[] = [];

	/** Note that an image was done, in milliseconds of a steady clock. */
	tick(now: number): void {
		this.moments.push(now);
		if (this.moments.length > WINDOW) this.moments.shift();
		this.all.push(now);
		if (this.all.length > MEDIAN_WINDOW) this.all.shift();
	}

	/** Median time between two finished images, ms; null before there are any. */
	get median(): number | null {
		const gaps = this.all
			.slice(1)
			.map((time, i) => time - this.all[i])
			.sort((a, b) => a - b);
		return gaps.length > 0 ? gaps[Math.floor(gaps.length / 2)] : null;
	}

	/** Forget everything: another list. */
	clear(): void {
		this.reset();
		this.all.length = 0;
	}

	/** Forget what was before a pause. */
	reset(): void {
		this.moments.length = 0;
	}

	/** Images a minute, or null while too few are done to tell. */
	get perMinute(): number | null {
		const count = this.moments.length - 1;
		if (count < 2) return null;
		const span = this.moments[count] - this.moments[0];
		return span > 0 ? (count * 60_000) / span : null;
	}

	/** Milliseconds that `remaining` images will take, or null while unknown. */
	timeLeft(remaining: number): number | null {
		const rate = this.perMinute;
		return rate === null ? null : (remaining / rate) * 60_000;
	}
}

/** A duration in the words that a person uses: `less than a minute`, `4 minutes`, `1 h 20 min`. */
export function durationInWords(milliseconds: number): string {
	const minutes = Math.round(milliseconds / 60_000);
	if (minutes < 1) return m.screen_time_under_a_minute();
	if (minutes < 60) return m.screen_time_minutes({ count: minutes, shown: numberText(minutes) });
	return m.screen_time_hours({
		hours: numberText(Math.floor(minutes / 60)),
		minutes: numberText(minutes % 60)
	});
}
