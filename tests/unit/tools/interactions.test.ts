import { describe, expect, it } from 'vitest';
import { inpOf } from '../../../tools/bench/interactions';

describe('interaction to next paint', () => {
	it('is the longest of fewer than 50', () => {
		expect(inpOf([24, 304, 40], 49)).toBe(304);
	});
	it('leaves one out for each 50', () => {
		expect(inpOf([24, 304, 40], 50)).toBe(40);
		expect(inpOf([24, 304, 40], 149)).toBe(24);
	});
	it('is not known where all that count were too short for a report', () => {
		expect(inpOf([], 12)).toBeNull();
		expect(inpOf([24, 304, 40], 150)).toBeNull();
	});
});
