import { describe, expect, it } from 'vitest';
import { SLIDE_KEYS, slideActionOf, slideKeySign } from '../../../src/lib/viewer/slide-keys';

const pressed = (key: string, changes = {}) => ({
	key,
	code: '',
	ctrlKey: false,
	metaKey: false,
	altKey: false,
	...changes
});

describe('keys of a slide', () => {
	it('say what is seen, and move', () => {
		expect(
			['1', '2', '3', 'ArrowRight', 'u', 'X'].map((key) => slideActionOf(pressed(key), false))
		).toEqual(['parasite', 'none', 'cannot-tell', 'next', 'undo', 'no-cell']);
		expect(slideActionOf(pressed('q'), false)).toBeNull();
	});

	it('count by their place on a keyboard whose digits need the shift key', () => {
		expect(slideActionOf(pressed('&', { code: 'Digit1' }), false)).toBe('parasite');
	});

	it('leave a text and the browser their own', () => {
		expect(slideActionOf(pressed('1'), true)).toBeNull();
		expect(slideActionOf(pressed('f', { ctrlKey: true }), false)).toBeNull();
	});

	it('go where the text runs, as the help shows', () => {
		expect(slideActionOf(pressed('ArrowLeft'), false, 'rtl')).toBe('next');
		const next = SLIDE_KEYS.find(({ action }) => action === 'next')!;
		expect([slideKeySign(next, 'ltr'), slideKeySign(next, 'rtl')]).toEqual(['→', '←']);
	});
});
