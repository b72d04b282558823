/**
 * Sealing records, pure WebCrypto: AES-GCM of 256 bits under a random key, which is itself
 * wrapped by a key that PBKDF2 derives from a passphrase. Another passphrase so rewraps one key
 * and touches no record. Knows neither sessions nor storage.
 */
import { pack, unpack } from './packing';

type Bytes = Uint8Array<ArrayBuffer>;

/** A value that only the key opens. */
export interface Sealed {
	/** 96 bits, new for every value (NIST SP 800-38D, 8.2.2). */
	iv: Bytes;
	/** The ciphertext with its tag of 128 bits. */
	data: ArrayBuffer;
}

/** A key that only the passphrase opens. */
export interface WrappedKey {
	/** 128 bits. */
	salt: Bytes;
	/** Of PBKDF2 with SHA-256. */
	iterations: number;
	iv: Bytes;
	wrapped: ArrayBuffer;
}

/** OWASP's least for PBKDF2 with SHA-256 (Password Storage Cheat Sheet, 2023). */
export const MIN_ITERATIONS = 600_000;
/** Beyond it a slower device that opens the same key would seem to hang. */
export const MAX_ITERATIONS = 10_000_000;
const WANTED_MS = 500;
const PROBE_ITERATIONS = 100_000;

/** Whether the browser encrypts here: only on https and on this device's own address. */
export function canSeal(): boolean {
	return globalThis.crypto?.subtle !== undefined;
}

/** Iterations that take this device about half a second, at least `MIN_ITERATIONS`. */
export async function measureIterations(): Promise<number> {
	let milliseconds = Infinity;
	for (let i = 0; i < 3; i++) {
		const start = performance.now();
		await derive('a probe', new Uint8Array(16), PROBE_ITERATIONS);
		milliseconds = Math.min(milliseconds, performance.now() - start);
	}
	const fitting = Math.round((PROBE_ITERATIONS * WANTED_MS) / Math.max(milliseconds, 1));
	return Math.min(MAX_ITERATIONS, Math.max(MIN_ITERATIONS, fitting));
}

/** A new random key, and the same wrapped by a passphrase. The key cannot be read out. */
export async function makeKey(
	passphrase: string,
	iterations: number
): Promise<{ key: CryptoKey; wrapped: WrappedKey }> {
	const fresh = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, [
		'encrypt',
		'decrypt'
	]);
	const wrapped = await wrap(fresh, passphrase, iterations);
	const key = await unwrap(wrapped, passphrase);
	if (!key) throw new DOMException('The new key cannot be opened.', 'OperationError');
	return { key, wrapped };
}

/** The key; null where the passphrase is wrong. It cannot be read out. */
export async function unwrap(wrapped: WrappedKey, passphrase: string): Promise<CryptoKey | null> {
	return unwrapAs(wrapped, passphrase, false);
}

/** The same key under another passphrase; null where the old one is wrong. */
export async function rewrap(
	wrapped: WrappedKey,
	passphrase: string,
	next: string,
	iterations: number
): Promise<WrappedKey | null> {
	const key = await unwrapAs(wrapped, passphrase, true);
	return key && wrap(key, next, iterations);
}

/**
 * Seal a value.
 * @param place where it is kept: it opens nowhere else, so records cannot be exchanged.
 */
export async function seal(key: CryptoKey, value: unknown, place: string): Promise<Sealed> {
	const iv = crypto.getRandomValues(new Uint8Array(12));
	const data = await crypto.subtle.encrypt(algorithm(iv, place), key, pack(value));
	return { iv, data };
}

/** @throws DOMException `OperationError` where the key or the place is another, or it is damaged. */
export async function open(key: CryptoKey, { iv, data }: Sealed, place: string): Promise<unknown> {
	return unpack(new Uint8Array(await crypto.subtle.decrypt(algorithm(iv, place), key, data)));
}

function algorithm(iv: Bytes, place: string): AesGcmParams {
	return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(place) };
}

async function wrap(key: CryptoKey, passphrase: string, iterations: number): Promise<WrappedKey> {
	const salt = crypto.getRandomValues(new Uint8Array(16));
	const iv = crypto.getRandomValues(new Uint8Array(12));
	const outer = await derive(passphrase, salt, iterations);
	const wrapped = await crypto.subtle.wrapKey('raw', key, outer, { name: 'AES-GCM', iv });
	return { salt, iterations, iv, wrapped };
}

async function unwrapAs(
	{ salt, iterations, iv, wrapped }: WrappedKey,
	passphrase: string,
	extractable: boolean
): Promise<CryptoKey | null> {
	const outer = await derive(passphrase, salt, iterations);
	try {
		return await crypto.subtle.unwrapKey(
			'raw',
			wrapped,
			outer,
			{ name: 'AES-GCM', iv },
			'AES-GCM',
			extractable,
			['encrypt', 'decrypt']
		);
	} catch (error) {
		if (error instanceof DOMException && error.name === 'OperationError') return null;
		throw error;
	}
}

async function derive(passphrase: string, salt: Bytes, iterations: number): Promise<CryptoKey> {
	// Keyboards differ in how they compose letters: the same word must give the same bytes.
	const bytes = new TextEncoder().encode(passphrase.normalize('NFKC'));
	const material = await crypto.subtle.importKey('raw', bytes, 'PBKDF2', false, ['deriveKey']);
	return crypto.subtle.deriveKey(
		{ name: 'PBKDF2', hash: 'SHA-256', salt, iterations },
		material,
		{ name: 'AES-GCM', length: 256 },
		false,
		['wrapKey', 'unwrapKey']
	);
}
