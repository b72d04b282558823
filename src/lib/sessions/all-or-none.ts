/** Transactions that leave all of what they write, or nothing. */

/** A transaction that is on the disk when it is done, not in a cache. */
export const STRICT = { durability: 'strict' } as const;

/** So often a write is prepared again that another tab came before; more is a fault. */
const TRIES = 20;

/** Whether an error says that there is no more room. */
export function isFull(error: unknown): boolean {
	return error instanceof DOMException && error.name === 'QuotaExceededError';
}

/**
 * Sealing takes time in which no transaction stays open: what is sealed may be outdated when it
 * is to be written.
 * @param work prepares and writes; false where what it saw when it prepared holds no more.
 */
export async function untilThrough(work: () => Promise<boolean>): Promise<void> {
	for (let tries = 0; tries < TRIES; tries++) if (await work()) return;
	throw new DOMException('Another tab writes all the time.', 'AbortError');
}

/**
 * Do some writes in a transaction, all or none of them.
 * @param work hands over each write that it begins.
 * @throws what the transaction says, which knows the true reason (a full disk): a write often
 * knows only that it was aborted.
 */
export async function allOrNone<T>(
	transaction: { abort(): void; done: Promise<void> },
	work: (add: (write: Promise<unknown>) => void) => Promise<T>
): Promise<T> {
	const writes: Promise<unknown>[] = [];
	const write = async () => {
		const value = await work((one) => {
			// Whatever becomes of it is asked below; until then it is no unhandled error.
			one.catch(() => undefined);
			writes.push(one);
		});
		await Promise.all(writes);
		return value;
	};
	const [written, ended] = await Promise.allSettled([
		write().catch((error: unknown) => {
			// One that throws leaves the others standing: take them back.
			abort(transaction);
			throw error;
		}),
		transaction.done
	]);
	if (written.status === 'fulfilled' && ended.status === 'fulfilled') return written.value;
	const reasons = [written, ended].flatMap((outcome) =>
		outcome.status === 'rejected' ? [outcome.reason as unknown] : []
	);
	throw reasons.find(isFull) ?? reasons[0];
}

function abort(transaction: { abort(): void }): void {
	try {
		transaction.abort();
	} catch {
		// It was aborted already, by what failed.
	}
}
