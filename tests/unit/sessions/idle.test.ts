import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Idle } from '../../../src/lib/sessions/idle.svelte';
import { FakeTabs } from '../helpers/tabs';

const MINUTE = 60_000;
const LIMIT = 15 * MINUTE;

let page: EventTarget;
let document: EventTarget;
let tabs: FakeTabs;
let over: ReturnType<typeof vi.fn<() => void>>;

beforeEach(() => {
	vi.useFakeTimers();
	page = new EventTarget();
	document = new EventTarget();
	vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
	vi.stubGlobal('document', document);
	tabs = new FakeTabs();
	over = vi.fn();
});
afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

function listening(): Idle {
	const idle = new Idle(tabs.openChannel);
	idle.setLimit(LIMIT);
	idle.listen(over);
	return idle;
}
const move = () => page.dispatchEvent(new Event('pointermove'));
/** The computer sleeps: its clock goes on, the page's timers do not. */
const sleep = (ms: number) => vi.setSystemTime(Date.now() + ms);

describe('a page that nobody uses', () => {
	it('runs no timer and tells no tab anything while there is nothing to lock', async () => {
		const told = vi.fn();
		tabs.openChannel(told);
		const idle = listening();
		for (let i = 0; i < 100; i++) {
			move();
			await vi.advanceTimersByTimeAsync(MINUTE);
			expect(vi.getTimerCount()).toBe(0);
		}
		idle.begin();
		expect(vi.getTimerCount()).toBe(1);
		idle.end();
		expect(vi.getTimerCount()).toBe(0);
		await vi.advanceTimersByTimeAsync(2 * LIMIT);
		expect(over).not.toHaveBeenCalled();
		// That of `begin`.
		expect(told).toHaveBeenCalledTimes(1);
	});

	it('is over after the limit, once, and has no timer from then on', () => {
		const idle = listening();
		idle.begin();
		vi.advanceTimersByTime(LIMIT - 1);
		expect(idle.isOver).toBe(false);
		vi.advanceTimersByTime(1);
		expect(idle.isOver).toBe(true);
		expect(vi.getTimerCount()).toBe(0);
		vi.advanceTimersByTime(2 * LIMIT);
		expect(over).toHaveBeenCalledTimes(1);
	});

	it('has one timer however much is done, and counts from the last', () => {
		const idle = listening();
		idle.begin();
		for (let i = 0; i < 1000; i++) {
			vi.advanceTimersByTime(7919);
			move();
			expect(vi.getTimerCount()).toBe(1);
		}
		vi.advanceTimersByTime(LIMIT - 1);
		expect(idle.isOver).toBe(false);
		vi.advanceTimersByTime(1);
		expect(idle.isOver).toBe(true);
	});

	it('counts what is done in another tab', async () => {
		const idle = listening();
		const other = new Idle(tabs.openChannel);
		other.setLimit(LIMIT);
		idle.begin();
		other.begin();
		await vi.advanceTimersByTimeAsync(LIMIT - MINUTE);
		other.touch();
		await vi.advanceTimersByTimeAsync(LIMIT - 1);
		expect(idle.isOver).toBe(false);
		await vi.advanceTimersByTimeAsync(1);
		expect(idle.isOver).toBe(true);
	});

	it('goes on when what could not be locked is used again', () => {
		const idle = listening();
		idle.begin();
		vi.advanceTimersByTime(LIMIT);
		move();
		expect(idle.isOver).toBe(false);
		vi.advanceTimersByTime(LIMIT);
		expect(over).toHaveBeenCalledTimes(2);
	});

	it('is over for the touch that wakes the computer, and for a page that is looked at again', () => {
		const idle = listening();
		// As `Passphrase` does when it locks.
		over.mockImplementation(() => idle.end());
		idle.begin();
		sleep(LIMIT);
		move();
		expect(over).toHaveBeenCalledTimes(1);
		expect(vi.getTimerCount()).toBe(0);
		idle.begin();
		sleep(LIMIT);
		document.dispatchEvent(new Event('visibilitychange'));
		expect(over).toHaveBeenCalledTimes(2);
	});

	it('is over a minute after the computer woke, touched or not', () => {
		const idle = listening();
		idle.begin();
		vi.advanceTimersByTime(1);
		sleep(LIMIT);
		vi.advanceTimersByTime(MINUTE);
		expect(idle.isOver).toBe(true);
	});

	it('follows a change of the limit at once', () => {
		const idle = listening();
		idle.begin();
		vi.advanceTimersByTime(6 * MINUTE);
		idle.setLimit(5 * MINUTE);
		expect(idle.isOver).toBe(true);
		idle.setLimit(30 * MINUTE);
		expect(idle.isOver).toBe(false);
		vi.advanceTimersByTime(24 * MINUTE);
		expect(idle.isOver).toBe(true);
	});
});
