/**
 * A backup of sessions that are under a passphrase: its first line holds the key, wrapped as on the
 * device, and every line after it is sealed with it. Each is bound to its place in this file, so no
 * line can be taken out, moved, or put in from another backup.
 */
import * as v from 'valibot';
import { bytes } from './backup-parts';
import { toBase64 } from './base64';
import type { StoredLock } from './stored';
import { MAX_ITERATIONS, open, seal, type WrappedKey } from './seal';

const FORMAT = 'fieldlens-sealed-backup';
/** Rises when an older Fieldlens would misread the file. */
const VERSION = 1;
const ID_BYTES = 16;
const IV_BYTES = 12;
/** More than the first line of any sealed backup, characters. */
export const MAX_SEALED_HEADER = 4096;

const header = v.strictObject({
	format: v.literal(FORMAT),
	version: v.literal(VERSION),
	id: v.pipe(v.string(), v.maxLength(64)),
	salt: bytes(64),
	// A hostile file must not keep the device busy for hours.
	iterations: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_ITERATIONS)),
	iv: bytes(IV_BYTES),
	wrapped: bytes(64)
});

/** The first line of a sealed backup. */
export interface SealedHeader extends WrappedKey {
	/** Of this file alone. */
	readonly id: string;
}

/** Seals the lines of one backup, in their order. */
export class BackupSealer {
	readonly #id = toBase64(crypto.getRandomValues(new Uint8Array(ID_BYTES)));
	#count = 0;

	/** @param lock what wraps the key on this device. */
	constructor(
		private readonly key: CryptoKey,
		private readonly lock: StoredLock
	) {}

	/** The line before all others. */
	header(): string {
		const { salt, iterations, iv, wrapped } = this.lock;
		const said = {
			...{ format: FORMAT, version: VERSION, id: this.#id, iterations },
			salt: toBase64(salt),
			iv: toBase64(iv),
			wrapped: toBase64(new Uint8Array(wrapped))
		};
		return `${JSON.stringify(said)}\n`;
	}

	/** A line, its end with it. */
	async line(text: string): Promise<string> {
		const { iv, data } = await seal(this.key, text, placeOf(this.#id, ++this.#count));
		const sealed = new Uint8Array(IV_BYTES + data.byteLength);
		sealed.set(iv);
		sealed.set(new Uint8Array(data), IV_BYTES);
		return `${toBase64(sealed)}\n`;
	}
}

/** What the first line of a file says, where that is a sealed backup; null of any other. */
export function sealedHeader(line: string): SealedHeader | null {
	try {
		const parsed = v.safeParse(header, JSON.parse(line));
		if (!parsed.success) return null;
		const { id, salt, iterations, iv, wrapped } = parsed.output;
		return { id, salt, iterations, iv, wrapped: wrapped.buffer };
	} catch {
		return null;
	}
}

const sealedLine = bytes(Number.MAX_SAFE_INTEGER);

/**
 * A sealed line as it was, without its end; null where it is damaged, or of another place or file.
 * @param place of the line, 1 for the first after the header.
 */
export async function openLine(
	key: CryptoKey,
	id: string,
	place: number,
	text: string
): Promise<string | null> {
	try {
		const parsed = v.parse(sealedLine, text);
		const iv = parsed.slice(0, IV_BYTES);
		const data = parsed.slice(IV_BYTES).buffer;
		const opened = await open(key, { iv, data }, placeOf(id, place));
		return typeof opened === 'string' ? opened.replace(/\n$/, '') : null;
	} catch {
		return null;
	}
}

const placeOf = (id: string, place: number) => `backup ${id} ${place}`;
