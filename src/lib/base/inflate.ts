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
