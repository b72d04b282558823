import { expect, it } from 'vitest';
import { noticesOf } from '../../../tools/lib/third-party-notices';

it('the notice holds the own words first, then each package with its licence, by name', () => {
	const text = noticesOf('Own words\n', [
		{ name: 'zeta', version: '2.0.0', licence: 'MIT', text: 'MIT text\n' },
		{ name: 'alpha', version: '1.0.0', licence: '', text: '' }
	]);
	expect(text.indexOf('Own words')).toBe(0);
	expect(text).toContain('alpha 1.0.0 (licence not stated)');
	expect(text).toContain('zeta 2.0.0 (MIT)\n----------------\n\nMIT text');
	expect(text.indexOf('alpha')).toBeLessThan(text.indexOf('zeta'));
});
