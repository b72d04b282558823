/** Thrown by `withTimeLimit` when the time is up. */
export class TimeUp extends Error {
	override name = 'TimeUp';
}

/**
 * Wait for `work` for at most `milliseconds`.
 * @throws {TimeUp} when it takes longer; the work itself goes on and its result is dropped.
 */
export async function withTimeLimit<T>(work: Promise<T>, milliseconds: number): Promise<T> {
	let timer: ReturnType<typeof setTimeout> | undefined;
	const limit = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new TimeUp(`no answer in ${milliseconds} ms`)), milliseconds);
	});
	try {
		return await Promise.race([work, limit]);
	} finally {
		clearTimeout(timer);
	}
}
