/** Settings that are as secret as the sessions: sealed on the device where those are. */
import type { Settings } from '../base/settings';
import { database, type Database } from '../storage/database';
import { allOrNone, STRICT, untilThrough } from './all-or-none';
import { fromBase64, toBase64 } from './base64';
import { currentGuard, isFor, type Guard } from './keyring';
import { open, seal } from './seal';

/** Under which replacement numbers of patients are made (`app/patients.svelte.ts`). */
export const PATIENT_SECRET = 'patient secret';
/** All of them. They stay on the device, too: no backup holds them. */
const SECRETS: readonly string[] = [PATIENT_SECRET];

const SEALED = 'sealed:';
const IV_BYTES = 12;
const placeOf = (name: string) => `settings ${name}`;

export const secretSettings: Settings = {
	/**
	 * @throws DOMException where the sessions are locked, or storage is refused: whoever takes that
	 *   for "there is none" would write another over it.
	 */
	async read(name) {
		const db = await database();
		const [guard, kept] = await Promise.all([currentGuard(db), db.get('settings', name)]);
		return kept === undefined ? undefined : openText(guard, name, kept);
	},
	async write(name, value) {
		const db = await database();
		await untilThrough(async () => {
			const guard = await currentGuard(db);
			return put(db, guard, name, await sealText(guard, name, value));
		});
	}
};

/** Whether a setting is one of them. */
export function isSecret(name: string): boolean {
	return SECRETS.includes(name);
}

/** Bring them into the form that new ones have. */
export async function convertSecrets(db: Database, guard: Guard): Promise<void> {
	for (const name of SECRETS) {
		const kept = await db.get('settings', name);
		if (kept === undefined || kept.startsWith(SEALED) === (guard.writes !== null)) continue;
		const text = await openText(guard, name, kept);
		// A damaged one can never be opened again: another is made when it is wanted.
		if (text === undefined) await db.delete('settings', name);
		else await put(db, guard, name, await sealText(guard, name, text));
	}
}

/** Delete what only the lost passphrase opens. */
export async function deleteSealedSecrets(db: Database): Promise<void> {
	for (const name of SECRETS) {
		const kept = await db.get('settings', name);
		if (kept?.startsWith(SEALED)) await db.delete('settings', name);
	}
}

/** @returns false where the lock is another by now. */
async function put(db: Database, guard: Guard, name: string, text: string): Promise<boolean> {
	const transaction = db.transaction(['settings', 'locks'], 'readwrite', STRICT);
	return allOrNone(transaction, async (add) => {
		if (!isFor(guard, await transaction.objectStore('locks').get('sessions'))) return false;
		add(transaction.objectStore('settings').put(text, name));
		return true;
	});
}

async function sealText({ writes }: Guard, name: string, text: string): Promise<string> {
	if (!writes) return text;
	const { iv, data } = await seal(writes, text, placeOf(name));
	const bytes = new Uint8Array(IV_BYTES + data.byteLength);
	bytes.set(iv);
	bytes.set(new Uint8Array(data), IV_BYTES);
	return SEALED + toBase64(bytes);
}

async function openText({ reads }: Guard, name: string, kept: string): Promise<string | undefined> {
	if (!kept.startsWith(SEALED)) return kept;
	if (!reads) return undefined;
	try {
		const bytes = fromBase64(kept.slice(SEALED.length));
		const sealed = { iv: bytes.slice(0, IV_BYTES), data: bytes.slice(IV_BYTES).buffer };
		return String(await open(reads, sealed, placeOf(name)));
	} catch {
		return undefined;
	}
}
