import { describe, expect, it } from 'vitest';
import { actionOf, KEY_RULES, signOf } from '../../../src/lib/viewer/keys';

function pressed(key: string, changes: Partial<Parameters<typeof actionOf>[0]> = {}) {
	const event = { key, code: '', shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };
	return { ...event, ...changes };
}
const shift = { shiftKey: true };

describe('the keys of the viewer', () => {
	it('have one meaning each, and each meaning a key and a word', () => {
		const keys = KEY_RULES.flatMap((rule) => rule.keys);
		expect(new Set(keys).size).toBe(keys.length);
		for (const { action, shown, says } of KEY_RULES) {
			expect(shown).not.toBe('');
			expect(Boolean(says?.()) || ['present', 'absent', 'unsure'].includes(action)).toBe(true);
		}
	});

	it('do what the help says', () => {
		expect(actionOf(pressed('1', { code: 'Digit1' }), 'page')).toBe('present');
		expect(actionOf(pressed('ArrowRight'), 'page')).toBe('next');
		expect(actionOf(pressed('ArrowRight', shift), 'page')).toBe('right');
		expect(actionOf(pressed('b'), 'page')).toBe('brighter');
		expect(actionOf(pressed('B', shift), 'page')).toBe('darker');
		expect(actionOf(pressed('+', shift), 'page')).toBe('zoom-in');
		expect(actionOf(pressed('?', shift), 'page')).toBe('keys');
		expect(actionOf(pressed('x'), 'page')).toBeNull();
		expect(actionOf(pressed('I', shift), 'page')).toBeNull();
	});

	it('go the way that the text runs: the next image is on the left of an Arabic page', () => {
		expect(actionOf(pressed('ArrowLeft'), 'page', 'rtl')).toBe('next');
		expect(actionOf(pressed('ArrowRight'), 'page', 'rtl')).toBe('previous');
		// A picture has its left where it is.
		expect(actionOf(pressed('ArrowLeft', shift), 'page', 'rtl')).toBe('left');
		expect(actionOf(pressed('PageDown'), 'page', 'rtl')).toBe('next');
		const signs = (direction: 'ltr' | 'rtl') =>
			KEY_RULES.filter(({ action }) => ['next', 'previous', 'left'].includes(action)).map((rule) =>
				signOf(rule, direction)
			);
		expect([signs('ltr'), signs('rtl')]).toEqual([
			['→', '←', '←'],
			['←', '→', '←']
		]);
	});

	it('find a digit by its place where it is typed with the shift key', () => {
		expect(actionOf(pressed('&', { code: 'Digit1' }), 'page')).toBe('present');
		expect(actionOf(pressed('2', { code: 'Digit2', ...shift }), 'page')).toBe('absent');
		expect(actionOf(pressed('3', { code: 'Numpad3' }), 'page')).toBe('unsure');
	});

	it('do not work while somebody writes, and leave a slider its own', () => {
		expect(actionOf(pressed('1', { code: 'Digit1' }), 'text')).toBeNull();
		expect(actionOf(pressed('ArrowRight'), 'slider')).toBeNull();
		expect(actionOf(pressed('PageDown'), 'slider')).toBeNull();
		expect(actionOf(pressed('1', { code: 'Digit1' }), 'slider')).toBe('present');
	});

	it("leave the browser's own alone", () => {
		for (const held of ['ctrlKey', 'metaKey', 'altKey'] as const) {
			expect(actionOf(pressed('f', { [held]: true }), 'page')).toBeNull();
		}
	});
});
