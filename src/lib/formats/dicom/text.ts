/**
 * Text of a DICOM file in its character sets (PS3.3 C.12.1.1.2, PS3.5 section 6.1), code
 * extensions by ISO 2022 escapes included. The reference of the tests is pydicom.
 */

/** Encodings of the browser by the registration number of a character set (ISO-IR). */
const BY_NUMBER: Record<string, string> = {
	'6': 'windows-1252',
	'13': 'shift_jis',
	'58': 'gb18030',
	'87': 'jis-x-0208',
	'100': 'windows-1252',
	'101': 'iso-8859-2',
	'109': 'iso-8859-3',
	'110': 'iso-8859-4',
	'126': 'iso-8859-7',
	'127': 'iso-8859-6',
	'138': 'iso-8859-8',
	'144': 'iso-8859-5',
	'148': 'windows-1254',
	'149': 'euc-kr',
	'159': 'jis-x-0212',
	'166': 'windows-874',
	'192': 'utf-8',
	'203': 'iso-8859-15'
};

/** The same by the escape sequence, without its ESC, that switches to them (PS3.3 C.12.1.1.2). */
const BY_ESCAPE: Record<string, string> = {
	'(B': BY_NUMBER['6'],
	'(J': BY_NUMBER['13'],
	')I': BY_NUMBER['13'],
	'-A': BY_NUMBER['100'],
	'-B': BY_NUMBER['101'],
	'-C': BY_NUMBER['109'],
	'-D': BY_NUMBER['110'],
	'-F': BY_NUMBER['126'],
	'-G': BY_NUMBER['127'],
	'-H': BY_NUMBER['138'],
	'-L': BY_NUMBER['144'],
	'-M': BY_NUMBER['148'],
	'-T': BY_NUMBER['166'],
	'-b': BY_NUMBER['203'],
	$B: BY_NUMBER['87'],
	'$(D': BY_NUMBER['159'],
	'$)A': BY_NUMBER['58'],
	'$)C': BY_NUMBER['149']
};

const ESC = 0x1b;

/**
 * Decode a text.
 * @param bytes the value as it is stored, padding included.
 * @param sets Specific Character Set (0008,0005), values apart by `\`; '' where there is none.
 * @param delimiters characters behind which the first set is in force again: `^=` in names.
 * @returns the text without padding.
 */
export function decodeText(bytes: Uint8Array, sets: string, delimiters = ''): string {
	const named = sets.split('\\').map(encodingOf);
	const first = named[0] ?? null;
	const hasEscapes = bytes.includes(ESC);
	// What names no set, or one that nobody knows, is often UTF-8: other encodings hardly ever
	// make a valid sequence by chance.
	const utf8 = first === null && !hasEscapes ? validUtf8(bytes) : null;
	const text = utf8 ?? fragmentsOf(bytes, first ?? BY_NUMBER['6'], delimiters).join('');
	return text.replace(/[\0\s]+$/, '').trim();
}

/** `ISO_IR 100`, `ISO 2022 IR 87`, and the spellings `ISO-IR 100`, `ISO IR 192`, `UTF-8`. */
function encodingOf(name: string): string | null {
	const plain = name.trim().toUpperCase();
	if (/^UTF-?8$/.test(plain)) return 'utf-8';
	if (plain === 'GB18030' || plain === 'GBK') return 'gb18030';
	const [, number] = /^ISO[-_ ]*(?:2022[-_ ]*)?IR[-_ ]*(\d+)$/.exec(plain) ?? [];
	return BY_NUMBER[number ?? ''] ?? null;
}

function validUtf8(bytes: Uint8Array): string | null {
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		return null;
	}
}

/** The text between escapes, each part decoded by the set that is in force. */
function fragmentsOf(bytes: Uint8Array, first: string, delimiters: string): string[] {
	const resets = new Set(Array.from(delimiters, (character) => character.charCodeAt(0)));
	const texts: string[] = [];
	let encoding = first;
	let from = 0;
	const end = (to: number) => {
		if (to > from) texts.push(decodeIn(encoding, bytes.subarray(from, to)));
		from = to;
	};
	for (let i = 0; i < bytes.length; i++) {
		// A byte of two-byte text may look like a delimiter: JIS X 0208 and 0212 have 7 bits.
		const isTwoByte = encoding.startsWith('jis-');
		if (bytes[i] === ESC) {
			end(i);
			const found = escapeAt(bytes, i + 1);
			if (found) {
				encoding = BY_ESCAPE[found];
				from = i + 1 + found.length;
				i = from - 1;
			}
		} else if (encoding !== first && !isTwoByte && resets.has(bytes[i])) {
			end(i);
			encoding = first;
		}
	}
	end(bytes.length);
	return texts;
}

function escapeAt(bytes: Uint8Array, at: number): string | null {
	for (const length of [3, 2]) {
		const written = String.fromCharCode(...bytes.subarray(at, at + length));
		if (Object.hasOwn(BY_ESCAPE, written)) return written;
	}
	return null;
}

function decodeIn(encoding: string, bytes: Uint8Array): string {
	if (encoding === 'jis-x-0208') return decodeEucJp(bytes, []);
	if (encoding === 'jis-x-0212') return decodeEucJp(bytes, [0x8f]);
	return new TextDecoder(encoding).decode(bytes);
}

/**
 * Pairs of 7-bit bytes as EUC-JP writes them: with their high bits set, JIS X 0212 behind 0x8F
 * (RFC 1554 names the same tables).
 */
function decodeEucJp(bytes: Uint8Array, prefix: readonly number[]): string {
	const euc: number[] = [];
	for (let i = 0; i + 1 < bytes.length; i += 2) {
		euc.push(...prefix, bytes[i] | 0x80, bytes[i + 1] | 0x80);
	}
	return new TextDecoder('euc-jp').decode(new Uint8Array(euc));
}
