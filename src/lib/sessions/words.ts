/** Dates and sizes in the words of the pages. Pure. */

const TIME: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit' };

/**
 * A moment as a person says it: `today, 14:05`, `yesterday, 09:12`, `3 November 2026, 14:05`.
 * @param iso ISO 8601.
 */
export function whenInWords(iso: string, now = new Date()): string {
	const date = new Date(iso);
	if (Number.isNaN(date.getTime())) return 'at an unknown time';
	const time = date.toLocaleTimeString('en-GB', TIME);
	const yesterday = new Date(now);
	yesterday.setDate(now.getDate() - 1);
	if (date.toDateString() === now.toDateString()) return `today, ${time}`;
	if (date.toDateString() === yesterday.toDateString()) return `yesterday, ${time}`;
	const day = date.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
	return `${day}, ${time}`;
}

/** Bytes as a person reads them: `under 0.1 MB`, `3.2 MB`, `1.4 GB`. */
export function sizeInWords(bytes: number): string {
	if (bytes < 1e5) return 'under 0.1 MB';
	return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

/** `1 image`, `2,000 images`. */
export function counted(count: number, one: string, many = `${one}s`): string {
	return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
