/**
 * Replacement numbers: a patient has the same one in every list and file of a device, and without
 * the device's secret nobody can tell who it is. Nothing but the secret is kept.
 */
import type { Patient } from './patient';

/** Letters and digits that are not taken for one another (Crockford's base 32). */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const FORM = /^P-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/i;
const SECRET_BYTES = 32;

/** Whether the page may make them: browsers sign on secure pages only. */
export function canReplace(): boolean {
	return globalThis.crypto?.subtle !== undefined;
}

/** A secret for a device, to be kept there. */
export function newSecret(): Uint8Array<ArrayBuffer> {
	return crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
}

/** Whether a text is written like a replacement number: `P-7K3M-Q2XD`. */
export function isReplacement(text: string): boolean {
	return FORM.test(text.trim());
}

/**
 * The replacement numbers of patients: 40 bits of HMAC-SHA-256 of the key, so that of 10,000
 * patients two share one in 1 of 20,000 devices.
 * @param keys of the patients (`Patient.key`).
 */
export async function replacementsOf(
	secret: Uint8Array<ArrayBuffer>,
	keys: Iterable<string>
): Promise<Map<string, string>> {
	const algorithm = { name: 'HMAC', hash: 'SHA-256' };
	const signer = await crypto.subtle.importKey('raw', secret, algorithm, false, ['sign']);
	const made = [...new Set(keys)].map(async (key) => {
		const signed = await crypto.subtle.sign('HMAC', signer, new TextEncoder().encode(key));
		return [key, writtenAs(new Uint8Array(signed))] as const;
	});
	return new Map(await Promise.all(made));
}

function writtenAs(signed: Uint8Array): string {
	const digits = Array.from({ length: 8 }, (_, i) => {
		const bit = 5 * i;
		const pair = (signed[bit >> 3] << 8) | signed[(bit >> 3) + 1];
		return DIGITS[(pair >> (11 - (bit & 7))) & 31];
	}).join('');
	return `P-${digits.slice(0, 4)}-${digits.slice(4)}`;
}

/** What a name is parted by in a path, in place of the blanks that it is shown with. */
const BETWEEN_WORDS = '[\\s_,;.()[\\]-]+';
/** Shorter ones stand in a path by chance, where they were not found there. */
const MIN_CHARS = 3;

/** A path in which nobody reads the patient's name or number. */
export function pathWithout(path: string, patient: Patient, replacement: string): string {
	const { name, number, inPath } = patient;
	const others = [name, number].filter((text) => text !== null && text.length >= MIN_CHARS);
	let written = path;
	for (const value of [...inPath, ...others] as string[]) {
		const words = value.split(/\s+/).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
		const pattern = `(?<![\\p{L}\\d])${words.join(BETWEEN_WORDS)}(?![\\p{L}\\d])`;
		written = written.replace(new RegExp(pattern, 'giu'), () => replacement);
	}
	return written;
}
