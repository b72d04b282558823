import { describe, expect, it } from 'vitest';
import { pack, unpack } from '../../../src/lib/sessions/packing';
import {
	makeKey,
	measureIterations,
	MIN_ITERATIONS,
	open,
	rewrap,
	seal,
	unwrap
} from '../../../src/lib/sessions/seal';
import { storedResult } from '../helpers/stored';

/** Few, so that tests are quick. */
const ROUNDS = 1000;
const WORDS = 'four words of it';

describe('a record', () => {
	it('comes back from its bytes as it was, both kinds of bytes included', () => {
		const record = {
			...storedResult('a', 3),
			later: { map: Uint8Array.of(7), NaN: NaN, far: -Infinity, long: 2 ** 45 + 1 }
		};
		const back = unpack(pack(record));
		expect(back).toEqual(record);
		expect((back as typeof record).thumbnail).toBeInstanceOf(ArrayBuffer);
	});

	it('holds no more bytes than its own when it comes back', () => {
		const back = unpack(pack(storedResult('a', 0))) as ReturnType<typeof storedResult>;
		expect(back.map?.buffer.byteLength).toBe(64);
		expect(back.thumbnail?.byteLength).toBe(4);
	});
});

describe('a sealed value', () => {
	it('is opened by its key at its place only', async () => {
		const { key } = await makeKey(WORDS, ROUNDS);
		const other = await makeKey(WORDS, ROUNDS);
		const sealed = await seal(key, storedResult('a', 0), 'results a 0');
		expect(await open(key, sealed, 'results a 0')).toEqual(storedResult('a', 0));
		const refusal = { name: 'OperationError' };
		await expect(open(key, sealed, 'results a 1')).rejects.toMatchObject(refusal);
		await expect(open(other.key, sealed, 'results a 0')).rejects.toMatchObject(refusal);
		new Uint8Array(sealed.data)[5] ^= 1;
		await expect(open(key, sealed, 'results a 0')).rejects.toMatchObject(refusal);
	});

	it('never has the same number twice', async () => {
		const { key } = await makeKey(WORDS, ROUNDS);
		const all = await Promise.all(Array.from({ length: 200 }, () => seal(key, 'the same', 'a')));
		expect(new Set(all.map(({ iv }) => String(iv))).size).toBe(200);
		expect(all.every(({ iv }) => iv.length === 12)).toBe(true);
	});

	it('shows nothing of what is in it', async () => {
		const { key } = await makeKey(WORDS, ROUNDS);
		const { data } = await seal(key, storedResult('a', 0), 'a');
		expect(Buffer.from(data).includes('film')).toBe(false);
		expect(Buffer.from(pack(storedResult('a', 0))).includes('film')).toBe(true);
	});
});

describe('the key', () => {
	it('cannot be read out of the page', async () => {
		const { key, wrapped } = await makeKey(WORDS, ROUNDS);
		await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow();
		const again = await unwrap(wrapped, WORDS);
		await expect(crypto.subtle.exportKey('raw', again!)).rejects.toThrow();
		expect(wrapped.iterations).toBe(ROUNDS);
		expect(wrapped.salt).toHaveLength(16);
	});

	it('stays the same under another passphrase', async () => {
		const { key, wrapped } = await makeKey(WORDS, ROUNDS);
		const sealed = await seal(key, 'a value', 'a');
		const next = await rewrap(wrapped, WORDS, 'another one', ROUNDS + 1);
		expect(await open((await unwrap(next!, 'another one'))!, sealed, 'a')).toBe('a value');
		expect(await unwrap(next!, WORDS)).toBeNull();
		expect(next!.salt).not.toEqual(wrapped.salt);
	});

	it('is not given for a wrong passphrase', async () => {
		const { wrapped } = await makeKey(WORDS, ROUNDS);
		expect(await unwrap(wrapped, 'Four words of it')).toBeNull();
		expect(await rewrap(wrapped, 'no', 'another one', ROUNDS)).toBeNull();
	});

	it('is given however the keyboard composes letters', async () => {
		const { wrapped } = await makeKey('caf\u00e9 noir', ROUNDS);
		expect(await unwrap(wrapped, 'cafe\u0301 noir')).not.toBeNull();
	});

	it('takes as many rounds as the device can, never fewer than are safe', async () => {
		expect(await measureIterations()).toBeGreaterThanOrEqual(MIN_ITERATIONS);
	});

	it('is derived as other programs derive it', async () => {
		// RFC 7914, section 11: PBKDF2-HMAC-SHA-256, password "Password", salt "NaCl", 80,000
		// rounds; the first 32 bytes are the key that opens what was wrapped with it here.
		const expected = '4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56';
		const iv = new Uint8Array(12);
		const outer = await crypto.subtle.importKey(
			'raw',
			Buffer.from(expected, 'hex'),
			'AES-GCM',
			false,
			['encrypt']
		);
		const inner = new Uint8Array(32).fill(7);
		const wrapped = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, outer, inner);
		const salt = new TextEncoder().encode('NaCl');
		const key = await unwrap({ salt, iterations: 80_000, iv, wrapped }, 'Password');
		expect(key).not.toBeNull();
	});
});
