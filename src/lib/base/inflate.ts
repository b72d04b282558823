/** Unpacks deflated bytes with the browser's own stream, up to a bound. */

/**
 * @param format `deflate-raw` (RFC 1951), `deflate` (RFC 1950) or `gzip` (RFC 1952).
 * @param limit bytes of the result; what would be longer is not unpacked any further.
 * @throws {RangeError} beyond the limit. @throws Error where the bytes are damaged.
 */
export async function inflate(
	bytes: Uint8Array,
	format: 'deflate' | 'deflate-raw' | 'gzip',
	limit: number
): Promise<Uint8Array<ArrayBuffer>> {
	const stream = new Blob([bytes as BlobPart])
		.stream()
		.pipeThrough(new DecompressionStream(format) as ReadableWritablePair<Uint8Array, Uint8Array>);
	const parts: Uint8Array[] = [];
	let length = 0;
	const reader = stream.getReader();
	for (;;) {
		const { done, value } = await reader.read();
		if (done) break;
		length += value.length;
		if (length > limit) {
			// Nobody waits for the rest, nor for its errors.
			reader.cancel().catch(() => undefined);
			throw new RangeError(`more than ${limit} bytes`);
		}
		parts.push(value);
	}
	const result = new Uint8Array(length);
	let at = 0;
	for (const part of parts) {
		result.set(part, at);
		at += part.length;
	}
	return result;
}

/** Writers that fill up to whole words leave at most so many zeros. */
const MOST_PADDING = 4;

/**
 * The same for data that zeros may follow, which the browser's stream refuses.
 * @throws {RangeError} and Error as `inflate`.
 */
export async function inflatePadded(
	bytes: Uint8Array,
	format: 'deflate' | 'deflate-raw',
	limit: number
): Promise<Uint8Array<ArrayBuffer>> {
	try {
		return await inflate(bytes, format, limit);
	} catch (error) {
		if (error instanceof RangeError || bytes.at(-1) !== 0) throw error;
	}
	let end = bytes.length;
	while (end > 0 && bytes[end - 1] === 0) end--;
	// A check sum may itself end with zeros.
	const lengths = Array.from({ length: MOST_PADDING + 1 }, (_, zeros) => end + zeros);
	for (const length of lengths.filter((one) => one < bytes.length)) {
		try {
			return await inflate(bytes.subarray(0, length), format, limit);
		} catch (error) {
			if (error instanceof RangeError) throw error;
		}
	}
	throw new Error('the data are damaged');
}
