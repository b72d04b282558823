// How soon the page answers a person while a list is read: Chromium's Event Timing.
import type { Page } from 'playwright';

/** One press, from the event to the frame that shows what came of it. */
interface Interaction {
	/** What was done. */
	readonly name: string;
	/** In steps of 8, milliseconds. Presses below 16 are not reported one by one. */
	readonly ms: number;
}

export interface Interactions {
	/** Those of 16 ms and more, in order. */
	readonly noted: readonly Interaction[];
	/** All of them. */
	readonly count: number;
	/** Interaction to Next Paint, milliseconds; null where all were below 16. */
	readonly inp: number | null;
}

interface TimedEvent {
	id: number;
	ms: number;
}

declare global {
	interface Window {
		fieldlensEvents?: TimedEvent[];
	}
}

/** Chromium counts one of so many as an exception (web.dev/articles/inp). */
const PER_EXCEPTION = 50;
/** An event is reported with the frame that follows it. */
const REPORTED_MS = 400;
/** A part of the page that is not there now is left out. */
const THERE_MS = 3000;

/**
 * The longest interaction, less one exception for each 50.
 * @param durations of those that were reported, milliseconds
 * @param count of all interactions, those included that were too short for a report
 */
export function inpOf(durations: readonly number[], count: number): number | null {
	const falling = [...durations].sort((a, b) => b - a);
	return falling[Math.floor(count / PER_EXCEPTION)] ?? null;
}

/** Use the page as a person does who looks at a list that is being read, until `isDone`. */
export async function useWhileReading(page: Page, isDone: () => boolean): Promise<Interactions> {
	await page.evaluate(() => {
		const events: TimedEvent[] = [];
		window.fieldlensEvents = events;
		new PerformanceObserver((list) => {
			for (const entry of list.getEntries()) {
				const { interactionId = 0, duration } = entry as PerformanceEventTiming;
				if (interactionId > 0) events.push({ id: interactionId, ms: duration });
			}
		}).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
	});
	const before = await page.evaluate(() => performance.interactionCount);
	const noted: Interaction[] = [];
	const steps = stepsOf(page);
	for (let i = 0; !isDone(); i++) {
		const [name, press] = steps[i % steps.length] ?? ['', () => Promise.resolve()];
		await press().catch(passOver);
		await page.waitForTimeout(REPORTED_MS);
		for (const ms of await takeEvents(page)) noted.push({ name, ms });
	}
	const count = (await page.evaluate(() => performance.interactionCount)) - before;
	return {
		noted,
		count,
		inp: inpOf(
			noted.map(({ ms }) => ms),
			count
		)
	};
}

/** The longest event of each interaction since the last time, milliseconds. */
async function takeEvents(page: Page): Promise<number[]> {
	const events = await page.evaluate(() => window.fieldlensEvents?.splice(0) ?? []);
	const longest = new Map<number, number>();
	for (const { id, ms } of events) longest.set(id, Math.max(longest.get(id) ?? 0, ms));
	return [...longest.values()];
}

function stepsOf(page: Page): [string, () => Promise<void>][] {
	const button = (name: string | RegExp) => () =>
		page.getByRole('button', { name }).first().click({ timeout: THERE_MS });
	const key = (name: string) => () => page.keyboard.press(name);
	const search = page.getByRole('searchbox', { name: 'Find a patient or file' });
	return [
		['filter', button(/^Likely /)],
		['filter', button(/^All /)],
		['sort', button('File')],
		['sort', button('File')],
		['search', () => search.pressSequentially('image-000', { delay: 100, timeout: THERE_MS })],
		['search', () => search.press('ControlOrMeta+a', { timeout: THERE_MS })],
		['search', key('Backspace')],
		['open an image', button(/^View /)],
		['next image', key('ArrowRight')],
		['next image', key('ArrowRight')],
		['zoom', key('+')],
		['answer', key('2')],
		['next image', key('ArrowRight')],
		['close', key('Escape')],
		['pause', button('Pause')],
		['go on', button('Go on')]
	];
}

function passOver(error: unknown): void {
	if (!(error instanceof Error && error.name === 'TimeoutError')) throw error;
}
