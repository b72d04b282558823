import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Hand } from '../../../src/lib/worklist/hand';

describe('a hand in the list', () => {
	let told: boolean[];
	let hand: Hand;

	beforeEach(() => {
		vi.useFakeTimers();
		told = [];
		hand = new Hand((isIn) => told.push(isIn));
	});
	afterEach(() => vi.useRealTimers());

	it('is a mouse that moves over it, until it leaves', () => {
		hand.moved();
		hand.moved();
		expect(told).toEqual([true]);
		hand.left();
		expect(told).toEqual([true, false]);
	});

	it('is the focus, whatever the mouse does', () => {
		hand.focused(true);
		hand.moved();
		hand.left();
		expect(told).toEqual([true]);
		hand.focused(false);
		expect(told).toEqual([true, false]);
	});

	it('is a finger that touched it, until one touches something else', () => {
		hand.touched(true);
		vi.advanceTimersByTime(3_600_000);
		expect(told).toEqual([true]);
		hand.touched(false);
		expect(told).toEqual([true, false]);
	});

	it('is no mouse that lies there for minutes', () => {
		hand.moved();
		vi.advanceTimersByTime(119_000);
		hand.moved();
		vi.advanceTimersByTime(119_000);
		expect(told).toEqual([true]);
		vi.advanceTimersByTime(1_000);
		expect(told).toEqual([true, false]);
		hand.moved();
		expect(told.at(-1)).toBe(true);
	});

	it('goes with the list', () => {
		hand.touched(true);
		hand.focused(true);
		hand.end();
		expect(told).toEqual([true, false]);
	});
});
