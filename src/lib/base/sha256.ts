/** Lower-case hexadecimal SHA-256 of some bytes. @throws TypeError where the page is not secure. */
export async function sha256Of(bytes: BufferSource): Promise<string> {
	const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
	return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
