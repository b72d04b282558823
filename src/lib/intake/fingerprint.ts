/** What tells a file from others: by it a kept result finds its file again. */
export interface FileFingerprint {
	/** Bytes. */
	size: number;
	/** Milliseconds since 1970. */
	modified: number;
	/** Of the whole content, hexadecimal; '' where it was not read to the end, or cannot be computed. */
	sha256: string;
}
