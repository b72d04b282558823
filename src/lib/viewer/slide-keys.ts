/** The keys of a slide's page: one table for what they do and for what its help says. */
import { m } from '../paraglide/messages.js';

export type SlideAction =
	| 'parasite'
	| 'none'
	| 'cannot-tell'
	| 'next'
	| 'previous'
	| 'below'
	| 'above'
	| 'undo'
	| 'field'
	| 'missed'
	| 'no-cell'
	| 'next-field'
	| 'previous-field';

interface SlideKey {
	action: SlideAction;
	/** `KeyboardEvent.key`, small letters, any of them. */
	keys: readonly string[];
	/** What the help shows. */
	shown: string;
	says: () => string;
}

export const SLIDE_KEYS: readonly SlideKey[] = [
	{ action: 'parasite', keys: ['1'], shown: '1', says: m.smears_parasite },
	{ action: 'none', keys: ['2'], shown: '2', says: m.smears_none },
	{ action: 'cannot-tell', keys: ['3'], shown: '3', says: m.smears_cannot_tell },
	{ action: 'next', keys: ['arrowright'], shown: '→', says: m.smears_key_next },
	{ action: 'previous', keys: ['arrowleft'], shown: '←', says: m.smears_key_previous },
	{ action: 'below', keys: ['arrowdown'], shown: '↓', says: m.smears_key_below },
	{ action: 'above', keys: ['arrowup'], shown: '↑', says: m.smears_key_above },
	{ action: 'undo', keys: ['u'], shown: 'U', says: m.review_undo },
	{ action: 'field', keys: ['f'], shown: 'F', says: m.smears_key_field },
	{ action: 'missed', keys: ['m'], shown: 'M', says: m.smears_missed },
	{ action: 'no-cell', keys: ['x', 'delete'], shown: 'X', says: m.smears_no_cell },
	{ action: 'next-field', keys: ['pagedown'], shown: '⇟', says: m.smears_key_next_field },
	{ action: 'previous-field', keys: ['pageup'], shown: '⇞', says: m.smears_key_previous_field }
];

const BY_KEY = new Map(SLIDE_KEYS.flatMap(({ action, keys }) => keys.map((key) => [key, action])));
/** Where text runs from right to left, the next cell is on the left. */
const TURNED: Partial<Record<string, string>> = {
	arrowleft: 'arrowright',
	arrowright: 'arrowleft'
};

/**
 * What a key does on a slide's page; null where it is nothing here.
 * @param isInText whether the focus is in a field of text, which keeps its keys.
 * @param direction of the page's text.
 */
export function slideActionOf(
	event: Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey'>,
	isInText: boolean,
	direction: 'ltr' | 'rtl' = 'ltr'
): SlideAction | null {
	if (isInText || event.ctrlKey || event.metaKey || event.altKey) return null;
	// The digits stand behind the shift key on a French keyboard: there the place counts.
	const digit = /^(?:Digit|Numpad)([1-3])$/.exec(event.code)?.[1];
	const key = digit ?? event.key.toLowerCase();
	return BY_KEY.get(direction === 'rtl' ? (TURNED[key] ?? key) : key) ?? null;
}

/** The sign of a key as the help shows it in a page of this direction. */
export function slideKeySign({ action, shown }: SlideKey, direction: 'ltr' | 'rtl'): string {
	if (direction === 'ltr') return shown;
	return action === 'next' ? '←' : action === 'previous' ? '→' : shown;
}
