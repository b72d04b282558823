import { expect, test, type Page } from '@playwright/test';
import {
	addFolder,
	expectAccessible,
	finished,
	folderOf,
	openApp,
	row,
	sample,
	savedFile,
	storeModel
} from './app';

const WORDS = 'four words of it';
const NAME = 'amina-diallo.jpg';
const locked = (page: Page) => page.getByTestId('locked');
const panel = (page: Page) => page.getByTestId('passphrase');
const toPage = (page: Page, name: string) =>
	page.getByRole('navigation').getByRole('link', { name, exact: true }).click();

/** Whether any record in the page's database holds a text, as whoever opens it would see. */
function inDatabase(page: Page, text: string): Promise<boolean> {
	return page.evaluate(async (wanted) => {
		const ask = <T>(request: IDBRequest<T>) =>
			new Promise<T>((resolve, reject) => {
				request.onsuccess = () => resolve(request.result);
				request.onerror = () => reject(request.error ?? new Error('It failed.'));
			});
		const db = await ask(indexedDB.open('fieldlens'));
		const decoder = new TextDecoder();
		const holds = (value: unknown): boolean => {
			if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
				return decoder.decode(value).includes(wanted);
			}
			if (typeof value === 'object' && value) return Object.values(value).some(holds);
			return String(value).includes(wanted);
		};
		const stores = [...db.objectStoreNames].filter((name) => name !== 'files');
		const transaction = db.transaction(stores);
		const all = await Promise.all(
			stores.map((name) => ask(transaction.objectStore(name).getAll()))
		);
		db.close();
		return all.some(holds);
	}, text);
}

async function setPassphrase(page: Page): Promise<void> {
	await panel(page).getByRole('button', { name: 'Set a passphrase' }).click();
	await panel(page).getByLabel('New passphrase').fill(WORDS);
	await panel(page).getByLabel('The same again').fill(WORDS);
	await expectAccessible(page);
	await panel(page).getByRole('button', { name: 'Encrypt the sessions' }).click();
	await expect(panel(page)).toContainText('are encrypted');
	await expect(panel(page).getByRole('progressbar')).toHaveCount(0);
}

async function unlock(page: Page, passphrase = WORDS): Promise<void> {
	await locked(page).getByLabel('Passphrase', { exact: true }).fill(passphrase);
	await locked(page).getByRole('button', { name: 'Unlock' }).click();
}

test('a passphrase makes kept lists unreadable until it is entered, and can be removed @firefox', async ({
	page,
	context
}) => {
	await openApp(page, '?backend=wasm');
	await storeModel(page);
	await addFolder(page, await folderOf({ [NAME]: await sample(1) }));
	await finished(page);
	expect(await inDatabase(page, NAME)).toBe(true);

	await toPage(page, 'Sessions');
	await expect(panel(page)).toContainText('cannot be found again by anybody');
	await setPassphrase(page);
	expect(await inDatabase(page, NAME)).toBe(false);
	await expect(page.getByText('A backup is encrypted, too')).toBeVisible();
	const { text: backup } = await savedFile(page, () =>
		page.getByRole('button', { name: 'Save a backup' }).click()
	);
	expect(backup).not.toContain(NAME);
	const openBackup = async () => {
		await page.getByTestId('backup-input').setInputFiles({
			name: 'backup.jsonl',
			mimeType: '',
			buffer: Buffer.from(backup)
		});
		const asked = page.getByTestId('backup-passphrase');
		await asked.getByLabel('Passphrase').fill(WORDS);
		await asked.getByRole('button', { name: 'Open a backup' }).click();
		await expect(page.getByTestId('backup-done')).toContainText('1 were here already');
	};
	await openBackup();
	await expect(page.getByText('the sessions are not encrypted')).toHaveCount(0);
	// The list on the page stays, and goes on being kept.
	await toPage(page, 'Screen');
	await expect(row(page, `folder/${NAME}`)).toBeVisible();

	await page.reload();
	await expect(locked(page)).toBeVisible();
	await expect(page.getByText(NAME)).toHaveCount(0);
	await expectAccessible(page);
	await unlock(page, 'five words of it');
	await expect(page.getByRole('alert')).toContainText('This is not the passphrase.');
	await unlock(page);
	await expect(locked(page)).toHaveCount(0);
	await page.getByTestId('resume-offer').getByRole('button', { name: 'Open it' }).click();
	await expect(row(page, `folder/${NAME}`)).toBeVisible();
	expect(await inDatabase(page, NAME)).toBe(false);

	// Locking one tab locks the other; unlocking does not.
	const second = await context.newPage();
	await second.goto('./?backend=wasm');
	await unlock(second);
	await expect(locked(second)).toHaveCount(0);
	await toPage(second, 'Sessions');
	await panel(second).getByRole('button', { name: 'Lock now' }).click();
	await expect(locked(second)).toBeVisible();
	await expect(locked(page)).toBeVisible();
	await expect(page.getByText(NAME)).toHaveCount(0);
	await second.close();

	await unlock(page);
	await toPage(page, 'Sessions');
	await panel(page).getByRole('button', { name: 'Remove the passphrase' }).click();
	await panel(page).getByRole('button', { name: 'Remove it' }).click();
	await expect(panel(page).getByRole('button', { name: 'Set a passphrase' })).toBeEnabled();
	expect(await inDatabase(page, NAME)).toBe(true);
	await page.reload();
	await expect(page.getByTestId('session')).toContainText('folder');
	await openBackup();
	await expect(page.getByText('On this device the sessions are not encrypted')).toBeVisible();
});

test('whoever forgot the passphrase deletes what is locked and goes on @firefox', async ({
	page
}) => {
	await openApp(page);
	await toPage(page, 'Sessions');
	await setPassphrase(page);
	await page.reload();
	await locked(page).getByText('Passphrase forgotten?').click();
	await expect(locked(page)).toContainText('Nobody can find it again');
	await locked(page).getByRole('button', { name: 'Delete the locked sessions' }).click();
	await expectAccessible(page);
	await locked(page).getByRole('button', { name: 'Delete them for good' }).click();
	await expect(locked(page)).toHaveCount(0);
	await expect(page.getByTestId('no-sessions')).toBeVisible();
	await page.reload();
	await expect(page.getByTestId('no-sessions')).toBeVisible();
});

test('a page that nobody uses is locked @firefox', async ({ page }) => {
	await page.clock.install();
	await openApp(page);
	await toPage(page, 'Sessions');
	await setPassphrase(page);
	await page.clock.fastForward('14:00');
	await expect(panel(page)).toContainText('are encrypted');
	await page.mouse.move(200, 200);
	await page.clock.fastForward('14:00');
	await expect(panel(page)).toContainText('are encrypted');
	await page.clock.fastForward('02:00');
	await expect(locked(page)).toBeVisible();
});
