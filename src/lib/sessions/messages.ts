/** Moments and sizes of sessions, in the language of the pages. */
import { bytesText, dayText, nearDayText, timeText } from '../i18n/format';
import { m } from '../paraglide/messages.js';

/** Below this a size is no figure. */
const SMALL_BYTES = 1e5;

/**
 * A moment as a person says it: today, yesterday or the day, and the time.
 * @param iso ISO 8601.
 */
export function whenInWords(iso: string, now = new Date()): string {
	const date = new Date(iso);
	if (Number.isNaN(date.getTime())) return m.sessions_when_unknown();
	const yesterday = new Date(now);
	yesterday.setDate(now.getDate() - 1);
	const near = [now, yesterday].findIndex((day) => day.toDateString() === date.toDateString());
	const day = near < 0 ? dayText(date) : nearDayText(-near);
	return m.sessions_when({ day, time: timeText(date) });
}

/** Bytes as a person reads them: `under 0.1 MB`, `3.2 MB`, `1.4 GB`. */
export function sizeInWords(bytes: number): string {
	return bytes < SMALL_BYTES
		? m.sessions_size_under({ size: bytesText(SMALL_BYTES) })
		: bytesText(bytes);
}
