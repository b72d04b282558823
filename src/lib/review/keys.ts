/** The keys of the viewer: one table for what they do and for what its help says. */

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
	| 'invert'
	| 'plain-light'
	| 'heat-map'
	| 'more-heat'
	| 'less-heat'
	| 'keys';

export interface KeyRule {
	action: ViewerAction;
	/** `KeyboardEvent.key`, small letters, any of them; `Shift+` in front where it is held. */
	keys: readonly string[];
	/** What the help shows. */
	shown: string;
	says: string;
}

/** The findings' words come from the task; the help puts them in. */
export const KEY_RULES: readonly KeyRule[] = [
	{ action: 'present', keys: ['1'], shown: '1', says: '' },
	{ action: 'absent', keys: ['2'], shown: '2', says: '' },
	{ action: 'unsure', keys: ['3'], shown: '3', says: '' },
	{ action: 'next', keys: ['arrowright', 'pagedown'], shown: '→', says: 'Next image' },
	{ action: 'previous', keys: ['arrowleft', 'pageup'], shown: '←', says: 'Previous image' },
	{ action: 'undo', keys: ['u'], shown: 'U', says: 'Undo the last review' },
	{ action: 'note', keys: ['n'], shown: 'N', says: 'Write a note' },
	{ action: 'zoom-in', keys: ['+', '='], shown: '+', says: 'Larger' },
	{ action: 'zoom-out', keys: ['-', '_'], shown: '−', says: 'Smaller' },
	{ action: 'fit', keys: ['f', '0'], shown: 'F', says: 'The whole image' },
	{ action: 'own-size', keys: ['o'], shown: 'O', says: 'Pixel by pixel (1:1)' },
	{ action: 'left', keys: ['Shift+arrowleft'], shown: 'Shift ←', says: 'Look further left' },
	{ action: 'right', keys: ['Shift+arrowright'], shown: 'Shift →', says: 'Look further right' },
	{ action: 'up', keys: ['Shift+arrowup', 'arrowup'], shown: '↑', says: 'Look further up' },
	{ action: 'down', keys: ['Shift+arrowdown', 'arrowdown'], shown: '↓', says: 'Look further down' },
	{ action: 'brighter', keys: ['b'], shown: 'B', says: 'Brighter' },
	{ action: 'darker', keys: ['Shift+b'], shown: 'Shift B', says: 'Darker' },
	{ action: 'more-contrast', keys: ['c'], shown: 'C', says: 'More contrast' },
	{ action: 'less-contrast', keys: ['Shift+c'], shown: 'Shift C', says: 'Less contrast' },
	{ action: 'invert', keys: ['i'], shown: 'I', says: 'Black for white' },
	{ action: 'plain-light', keys: ['r'], shown: 'R', says: 'Reset: the image as it is' },
	{ action: 'heat-map', keys: ['h'], shown: 'H', says: 'Heat map on or off' },
	{ action: 'more-heat', keys: ['Shift+h'], shown: 'Shift H', says: 'Stronger heat map' },
	{ action: 'less-heat', keys: ['g'], shown: 'G', says: 'Weaker heat map' },
	{ action: 'keys', keys: ['?', 'k'], shown: 'K', says: 'This list' }
];

const BY_KEY = new Map(KEY_RULES.flatMap(({ action, keys }) => keys.map((key) => [key, action])));
/** What a slider does itself. */
const SLIDER_KEYS = /^(arrow|page|home|end)/;

type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/**
 * What a key does; null where it is nothing here.
 * @param within where the focus is: a text keeps all its keys, a slider those that move it.
 */
export function actionOf(event: Pressed, within: 'text' | 'slider' | 'page'): ViewerAction | null {
	if (within === 'text' || event.ctrlKey || event.metaKey || event.altKey) return null;
	const key = event.key.toLowerCase();
	if (within === 'slider' && SLIDER_KEYS.test(key)) return null;
	// The digits stand behind the shift key on a French keyboard: there the place counts.
	const digit = /^(?:Digit|Numpad)([0-3])$/.exec(event.code)?.[1];
	if (digit) return BY_KEY.get(digit) ?? null;
	// Signs such as + and ? are typed with the shift key on many keyboards; letters are not.
	const isShifted = event.shiftKey && /^[a-z]/.test(key);
	return BY_KEY.get(isShifted ? `Shift+${key}` : key) ?? null;
}
