import { describe, expect, it } from 'vitest';
import { durationInWords, Pace } from '../../../src/lib/screening/pace';

/** A pace after images that were done at these moments. */
function paceOf(...moments: number[]): Pace {
	const pace = new Pace();
	for (const moment of moments) pace.tick(moment);
	return pace;
}

describe('the pace', () => {
	it('is unknown until three images are done', () => {
		for (const pace of [paceOf(), paceOf(0), paceOf(0, 500)]) {
			expect(pace.perMinute).toBeNull();
			expect(pace.timeLeft(10)).toBeNull();
		}
	});

	it('is images a minute, and how long the rest takes at that pace', () => {
		const pace = paceOf(1000, 1500, 2000);
		expect(pace.perMinute).toBeCloseTo(120);
		expect(pace.timeLeft(10)).toBeCloseTo(5000);
		expect(pace.timeLeft(0)).toBe(0);
	});

	it('is unknown where all were done at one moment', () => {
		expect(paceOf(7, 7, 7, 7).perMinute).toBeNull();
	});

	it('follows a change: what is long past does not count', () => {
		const pace = new Pace();
		for (let i = 0; i < 100; i++) pace.tick(i * 10_000);
		for (let i = 0; i < 60; i++) pace.tick(1_000_000 + i * 100);
		expect(pace.perMinute).toBeCloseTo(600);
	});

	it('forgets a pause', () => {
		const pace = paceOf(0, 100, 200);
		pace.reset();
		expect(pace.perMinute).toBeNull();
		for (const moment of [600_000, 600_100, 600_200]) pace.tick(moment);
		expect(pace.perMinute).toBeCloseTo(600);
	});
});

describe('a duration', () => {
	it.each([
		[0, 'less than a minute'],
		[29_999, 'less than a minute'],
		[30_000, '1 minute'],
		[89_999, '1 minute'],
		[90_000, '2 minutes'],
		[59 * 60_000, '59 minutes'],
		[60 * 60_000, '1 h 0 min'],
		[80 * 60_000, '1 h 20 min'],
		[26 * 3_600_000, '26 h 0 min']
	])('of %d ms is said as a person would: %s', (milliseconds, words) => {
		expect(durationInWords(milliseconds)).toBe(words);
	});
});
