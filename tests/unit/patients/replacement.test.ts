import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { patientFrom } from '../../../src/lib/patients/patient';
import {
	isReplacement,
	newSecret,
	pathWithout,
	replacementsOf
} from '../../../src/lib/patients/replacement';

const SECRET = new Uint8Array(32).fill(7);

/** The same by Node's own HMAC, five bits at a time. */
function expected(key: string): string {
	const signed = createHmac('sha256', SECRET).update(key).digest();
	const bits = [...signed].map((byte) => byte.toString(2).padStart(8, '0')).join('');
	const digits = Array.from(
		{ length: 8 },
		(_, i) => '0123456789ABCDEFGHJKMNPQRSTVWXYZ'[parseInt(bits.slice(5 * i, 5 * i + 5), 2)]
	).join('');
	return `P-${digits.slice(0, 4)}-${digits.slice(4)}`;
}

describe('a replacement number', () => {
	it('is the same for a patient whatever the list, and another under another secret', async () => {
		const keys = ['number 0012', 'name amina kato 2023-05-02', 'name राम '];
		const codes = await replacementsOf(SECRET, [...keys, keys[0]]);
		expect([...codes]).toEqual(keys.map((key) => [key, expected(key)]));
		const others = await replacementsOf(newSecret(), keys);
		for (const key of keys) expect(others.get(key)).not.toBe(codes.get(key));
	});

	it('is known when it is searched for', () => {
		expect(isReplacement(' p-7k3m-q2xd ')).toBe(true);
		for (const text of ['P-0012', 'P-7K3M-Q2X', 'amina', 'P-7K3U-Q2XD']) {
			expect(isReplacement(text), text).toBe(false);
		}
	});
});

describe('a path', () => {
	const amina = patientFrom({ folder: { name: 'Kato Amina', number: '12' } });

	it('holds no name and no number that were found in it', () => {
		expect(pathWithout('Kato, Amina 12/2026-11-02/amina kato_12.jpg', amina, 'P-1')).toBe(
			'P-1 P-1/2026-11-02/amina kato_P-1.jpg'
		);
		expect(pathWithout('KATO_AMINA/film120.jpg', amina, '…')).toBe('…/film120.jpg');
	});

	it('holds no name that a person corrected either', () => {
		const corrected = patientFrom({
			typed: { name: 'Amina Okello' },
			folder: { name: 'Amina Kato' }
		});
		expect(pathWithout('Amina Kato/1.jpg', corrected, '…')).toBe('…/1.jpg');
	});

	it('keeps what is there by chance', () => {
		const header = patientFrom({ header: { number: '1', name: 'Amina' } });
		expect(pathWithout('ward 1/1.jpg', header, '…')).toBe('ward 1/1.jpg');
		expect(pathWithout('amina 1.jpg', header, '…')).toBe('… 1.jpg');
		expect(pathWithout('a (b).jpg', patientFrom({ typed: { name: '(b) [c' } }), '…')).toBe(
			'a (b).jpg'
		);
	});
});
