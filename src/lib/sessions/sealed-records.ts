/** The one place where sessions and rows are sealed and opened. A record says itself what it is. */
import { LOCKED } from '../storage/database';
import type { SealedResult, SealedSession, StoredResult, StoredSession } from './stored';
import type { Guard } from './keyring';
import { open, seal } from './seal';

export type AnySession = StoredSession | SealedSession;
export type AnyResult = StoredResult | SealedResult;

const placeOfSession = (id: string) => `sessions ${id}`;
const placeOfResult = (session: string, index: number) => `results ${session} ${index}`;

export function isSealed<T extends object>(record: T): record is Extract<T, { sealed: unknown }> {
	return 'sealed' in record;
}

export async function sealSession({ writes }: Guard, session: StoredSession): Promise<AnySession> {
	if (!writes) return session;
	const { id, deletedAt, model } = session;
	const sealed = await seal(writes, session, placeOfSession(id));
	return { id, deletedAt, uses: model && [model.id, model.version], sealed };
}

/** Null where it is damaged. */
export async function openSession(guard: Guard, record: AnySession): Promise<StoredSession | null> {
	if (!isSealed(record)) return record;
	const { id, deletedAt, sealed } = record;
	const opened = (await opening(guard, sealed, placeOfSession(id))) as StoredSession | null;
	return opened && { ...opened, deletedAt };
}

export async function sealResult({ writes }: Guard, result: StoredResult): Promise<AnyResult> {
	if (!writes) return result;
	const { session, index } = result;
	return { session, index, sealed: await seal(writes, result, placeOfResult(session, index)) };
}

/** Null where it is damaged. */
export async function openResult(guard: Guard, record: AnyResult): Promise<StoredResult | null> {
	if (!isSealed(record)) return record;
	const { session, index, sealed } = record;
	return (await opening(guard, sealed, placeOfResult(session, index))) as StoredResult | null;
}

/** Id and version of the model that a session needs. */
export function modelOf(record: AnySession): readonly [string, string] | null {
	if (isSealed(record)) return record.uses;
	return record.model && [record.model.id, record.model.version];
}

/** Whether nobody wrote a session's record between two looks at it. */
export function isUntouched(before: AnySession | undefined, now: AnySession | undefined): boolean {
	if (!before || !now) return before === now;
	if (isSealed(before) !== isSealed(now)) return false;
	if (isSealed(before) && isSealed(now)) return String(before.sealed.iv) === String(now.sealed.iv);
	return JSON.stringify(before) === JSON.stringify(now);
}

async function opening({ reads }: Guard, sealed: SealedSession['sealed'], place: string) {
	// The passphrase was set since the guard was asked.
	if (!reads) throw new DOMException('The sessions are locked.', LOCKED);
	try {
		return await open(reads, sealed, place);
	} catch {
		return null;
	}
}
