/** A file name with the date, safe on every system: `fieldlens-2026-11-21-0930.csv`. */
export function reportFileName(now: Date, ending: string): string {
	const two = (value: number) => String(value).padStart(2, '0');
	const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
	return `fieldlens-${day}-${two(now.getHours())}${two(now.getMinutes())}.${ending}`;
}
