/** The keys of the viewer: one table for what they do and for what its help says. */
import { m } from '../paraglide/messages.js';

export type ViewerAction =
	| 'present'
	| 'absent'
	| 'unsure'
	| 'next'
	| 'previous'
	| 'undo'
	| 'note'
	| 'zoom-in'
	| 'zoom-out'
	| 'fit'
	| 'own-size'
	| 'left'
	| 'right'
	| 'up'
	| 'down'
	| 'brighter'
	| 'darker'
	| 'more-contrast'
	| 'less-contrast'
	| 'rotate'
	| 'mirror'
	| 'measure'
	| 'invert'
	| 'reset-window'
	| 'heat-map'
	| 'more-heat'
	| 'less-heat'
	| 'outline'
	| 'keys';

export interface KeyRule {
	action: ViewerAction;
	/** `KeyboardEvent.key`, small letters, any of them; `Shift+` in front where it is held. */
	keys: readonly string[];
	/** What the help shows, beside the shift key where that is held. */
	shown: string;
	isShifted?: true;
	/** What it does, in the language of the pages; null for the findings, which the task names. */
	says: (() => string) | null;
}

export const KEY_RULES: readonly KeyRule[] = [
	{ action: 'present', keys: ['1'], shown: '1', says: null },
	{ action: 'absent', keys: ['2'], shown: '2', says: null },
	{ action: 'unsure', keys: ['3'], shown: '3', says: null },
	{ action: 'next', keys: ['arrowright', 'pagedown'], shown: '→', says: m.review_key_next },
	{ action: 'previous', keys: ['arrowleft', 'pageup'], shown: '←', says: m.review_key_previous },
	{ action: 'undo', keys: ['u'], shown: 'U', says: m.review_key_undo },
	{ action: 'note', keys: ['n'], shown: 'N', says: m.review_key_note },
	{ action: 'zoom-in', keys: ['+', '='], shown: '+', says: m.review_key_zoom_in },
	{ action: 'zoom-out', keys: ['-', '_'], shown: '−', says: m.review_key_zoom_out },
	{ action: 'fit', keys: ['f', '0'], shown: 'F', says: m.review_key_fit },
	{ action: 'own-size', keys: ['o'], shown: 'O', says: m.review_key_own_size },
	{
		action: 'left',
		keys: ['Shift+arrowleft'],
		shown: '←',
		isShifted: true,
		says: m.review_key_left
	},
	{
		action: 'right',
		keys: ['Shift+arrowright'],
		shown: '→',
		isShifted: true,
		says: m.review_key_right
	},
	{ action: 'up', keys: ['Shift+arrowup', 'arrowup'], shown: '↑', says: m.review_key_up },
	{ action: 'down', keys: ['Shift+arrowdown', 'arrowdown'], shown: '↓', says: m.review_key_down },
	{ action: 'brighter', keys: ['b'], shown: 'B', says: m.review_key_brighter },
	{ action: 'darker', keys: ['Shift+b'], shown: 'B', isShifted: true, says: m.review_key_darker },
	{ action: 'more-contrast', keys: ['c'], shown: 'C', says: m.review_key_more_contrast },
	{
		action: 'less-contrast',
		keys: ['Shift+c'],
		shown: 'C',
		isShifted: true,
		says: m.review_key_less_contrast
	},
	{ action: 'rotate', keys: ['t'], shown: 'T', says: m.review_key_rotate },
	{ action: 'mirror', keys: ['m'], shown: 'M', says: m.review_key_mirror },
	{ action: 'measure', keys: ['d'], shown: 'D', says: m.measure_key },
	{ action: 'invert', keys: ['i'], shown: 'I', says: m.review_key_invert },
	{ action: 'reset-window', keys: ['r'], shown: 'R', says: m.review_key_reset_window },
	{ action: 'heat-map', keys: ['h'], shown: 'H', says: m.review_key_heat_map },
	{
		action: 'more-heat',
		keys: ['Shift+h'],
		shown: 'H',
		isShifted: true,
		says: m.review_key_more_heat
	},
	{ action: 'less-heat', keys: ['g'], shown: 'G', says: m.review_key_less_heat },
	{ action: 'outline', keys: ['l'], shown: 'L', says: m.regions_key_outline },
	{ action: 'keys', keys: ['?', 'k'], shown: 'K', says: m.review_key_keys }
];

const BY_KEY = new Map(KEY_RULES.flatMap(({ action, keys }) => keys.map((key) => [key, action])));
/** Where text runs from right to left, the next image is on the left. */
const TURNED: Partial<Record<string, string>> = {
	arrowleft: 'arrowright',
	arrowright: 'arrowleft'
};
/** What a slider does itself. */
const SLIDER_KEYS = /^(arrow|page|home|end)/;

type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/**
 * What a key does; null where it is nothing here.
 * @param within where the focus is: a text keeps all its keys, a slider those that move it.
 * @param direction of the page's text.
 */
export function actionOf(
	event: Pressed,
	within: 'text' | 'slider' | 'page',
	direction: 'ltr' | 'rtl' = 'ltr'
): ViewerAction | null {
	if (within === 'text' || event.ctrlKey || event.metaKey || event.altKey) return null;
	const key = event.key.toLowerCase();
	if (within === 'slider' && SLIDER_KEYS.test(key)) return null;
	// The digits stand behind the shift key on a French keyboard: there the place counts.
	const digit = /^(?:Digit|Numpad)([0-3])$/.exec(event.code)?.[1];
	if (digit) return BY_KEY.get(digit) ?? null;
	// Signs such as + and ? are typed with the shift key on many keyboards; letters are not.
	const isShifted = event.shiftKey && /^[a-z]/.test(key);
	if (direction === 'rtl' && !event.shiftKey) return BY_KEY.get(TURNED[key] ?? key) ?? null;
	return BY_KEY.get(isShifted ? `Shift+${key}` : key) ?? null;
}

/** The sign of a key as the help shows it in a page of this direction, without the shift key. */
export function signOf({ action, shown }: KeyRule, direction: 'ltr' | 'rtl'): string {
	if (direction === 'ltr') return shown;
	return action === 'next' ? '←' : action === 'previous' ? '→' : shown;
}
