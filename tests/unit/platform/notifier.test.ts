import { emptyStorage } from '../helpers/storage';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { storedSettings } from '../../../src/lib/storage/database';
import { Notifier } from '../../../src/lib/platform/notifier.svelte';

let said: string[];
let answer: NotificationPermission;

/** The browser's `Notification`, called with `new`. */
const FakeNotification = Object.assign(
	function (_title: string, { body }: { body: string }) {
		said.push(body);
	},
	{
		permission: 'default',
		requestPermission: () => Promise.resolve((FakeNotification.permission = answer))
	}
);

beforeEach(async () => {
	await emptyStorage();
	said = [];
	answer = 'granted';
	FakeNotification.permission = 'default';
	vi.stubGlobal('Notification', FakeNotification);
	vi.stubGlobal('document', { visibilityState: 'hidden' });
	vi.stubGlobal('navigator', {});
});
afterEach(() => vi.unstubAllGlobals());

describe('the word that a batch is done', () => {
	it('is said to who asked for it and looks elsewhere', async () => {
		const notifier = new Notifier(storedSettings);
		await notifier.notify('Done: 1 file.');
		await notifier.turn(true);
		await notifier.notify('Done: 2 files.');
		vi.stubGlobal('document', { visibilityState: 'visible' });
		await notifier.notify('Done: 3 files.');
		expect(said).toEqual(['Done: 2 files.']);
	});

	it('goes the way of tablets, where there is a service worker', async () => {
		const showNotification = vi.fn(() => Promise.resolve());
		const getRegistration = () => Promise.resolve({ showNotification });
		vi.stubGlobal('navigator', { serviceWorker: { getRegistration } });
		const notifier = new Notifier(storedSettings);
		await notifier.turn(true);
		await notifier.notify('Done: 2 files.');
		expect(showNotification).toHaveBeenCalledWith(
			'Fieldlens',
			expect.objectContaining({ body: 'Done: 2 files.' })
		);
	});

	it('is remembered on the device, and not where the browser took it back', async () => {
		await new Notifier(storedSettings).turn(true);
		const later = new Notifier(storedSettings);
		await later.start();
		expect(later.on).toBe(true);
		FakeNotification.permission = 'denied';
		const last = new Notifier(storedSettings);
		await last.start();
		expect(last.on).toBe(false);
	});

	it('is off where the browser refuses, and the page says so', async () => {
		answer = 'denied';
		const notifier = new Notifier(storedSettings);
		await notifier.turn(true);
		expect([notifier.on, notifier.refused]).toEqual([false, true]);
		await notifier.turn(false);
		expect(notifier.refused).toBe(false);
	});

	it('is not offered where the browser cannot', () => {
		vi.unstubAllGlobals();
		expect(new Notifier(storedSettings).isOffered).toBe(false);
	});
});
