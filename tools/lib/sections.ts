// Parts of documents that a tool writes, between two lines that mark them.
import { Problem } from './problem.ts';

/**
 * A text with what stands between two markers replaced; the markers stay.
 * @param file what the text is, for the message
 * @throws {Problem} where the markers are not there once each, in order
 */
export function replaceBetween(
	text: string,
	[first, last]: readonly [string, string],
	section: string,
	file: string
): string {
	const start = text.indexOf(first);
	const end = text.indexOf(last);
	const once = text.lastIndexOf(first) === start && text.lastIndexOf(last) === end;
	if (start < 0 || end < start || !once) {
		throw new Problem(`${file} must hold these two lines once each:\n${first}\n${last}`);
	}
	return `${text.slice(0, start + first.length)}\n\n${section}\n\n${text.slice(end)}`;
}
