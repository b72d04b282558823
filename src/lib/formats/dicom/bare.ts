/** DICOM that begins at its first element, as old devices write it, without the mark `DICM`. */
import { viewOf } from '../bytes';

/** Value representations whose length takes two bytes, of elements that come first in files. */
const SHORT_VALUES = /^(AE|AS|CS|DA|DS|IS|LO|PN|SH|TM|UI|UL|US)$/;

/**
 * Whether two elements of group 2 or 8 follow one another in order, with lengths that fit.
 * @param head the first bytes of the file.
 * @returns how values are written, or null where it is no DICOM.
 */
export function isBareDicom(head: Uint8Array): 'explicit' | 'implicit' | null {
	for (const way of ['explicit', 'implicit'] as const) {
		const first = elementAt(head, 0, way);
		const second = first && elementAt(head, first.next, way);
		if (second && second.tag > first.tag) return way;
	}
	return null;
}

/** An element's tag and where the next begins, or null where none of a header's start is. */
function elementAt(head: Uint8Array, at: number, way: 'explicit' | 'implicit') {
	if (at + 8 > head.length) return null;
	const view = viewOf(head);
	const group = view.getUint16(at, true);
	const element = view.getUint16(at + 2, true);
	if ((group !== 2 && group !== 8) || element > 0x1200) return null;
	const isShort = SHORT_VALUES.test(String.fromCharCode(head[at + 4], head[at + 5]));
	if (way === 'explicit' && group === 2 && element === 1) {
		// The header's version, OB: its length takes four bytes behind two of no use.
		if (at + 12 > head.length) return null;
		return { tag: 0x20001, next: at + 12 + view.getUint32(at + 8, true) };
	}
	if (way === 'explicit' && !isShort) return null;
	const length = way === 'explicit' ? view.getUint16(at + 6, true) : view.getUint32(at + 4, true);
	return length % 2 === 0 && length <= 128
		? { tag: group * 0x10000 + element, next: at + 8 + length }
		: null;
}
