/**
 * Names of files in ZIP archives. The format stores bytes: UTF-8 where a flag says so (APPNOTE
 * 4.4.4, bit 11), else by definition code page 437, in practice the code page of the computer
 * that packed them.
 */

/** Characters 0x80 to 0xff of code pages 437 and 850 (Unicode consortium, CP437.TXT, CP850.TXT). */
const CODE_PAGES = {
	437:
		'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀' +
		'αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0',
	850:
		'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀' +
		'ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0'
} as const;

/**
 * The name that these bytes most likely mean: UTF-8 where they are valid UTF-8, else Shift-JIS
 * or GBK where they look like Japanese or Chinese, else code page 437 or 850, whichever makes
 * more letters. Never fails: every byte is a character of code page 437.
 * @param bytes the name as it is stored.
 */
export function zipName(bytes: Uint8Array): string {
	const utf8 = strictly('utf-8', bytes);
	if (utf8 !== null) return utf8;
	if (looksShiftJis(bytes)) return strictly('shift_jis', bytes) ?? inCodePage(bytes);
	if (looksGbk(bytes)) return strictly('gbk', bytes) ?? inCodePage(bytes);
	return inCodePage(bytes);
}

function strictly(encoding: string, bytes: Uint8Array): string | null {
	try {
		return new TextDecoder(encoding, { fatal: true }).decode(bytes);
	} catch {
		return null;
	}
}

function inCodePage(bytes: Uint8Array): string {
	const [us, western] = ([437, 850] as const).map((page) =>
		Array.from(bytes, (byte) =>
			byte < 0x80 ? String.fromCharCode(byte) : CODE_PAGES[page][byte - 0x80]
		).join('')
	);
	return letters(western) > letters(us) ? western : us;
}

function letters(text: string): number {
	return text.match(/\p{Script=Latin}/gu)?.length ?? 0;
}

/** The two-byte characters of a name; null where a byte has no partner that fits. */
function pairsOf(
	bytes: Uint8Array,
	isLead: (byte: number) => boolean,
	isTrail: (byte: number) => boolean,
	isSingle: (byte: number) => boolean
): [lead: number, trail: number][] | null {
	const pairs: [number, number][] = [];
	for (let i = 0; i < bytes.length; i++) {
		const byte = bytes[i];
		if (isSingle(byte)) continue;
		const trail = bytes[++i];
		if (!isLead(byte) || trail === undefined || !isTrail(trail)) return null;
		pairs.push([byte, trail]);
	}
	return pairs;
}

/**
 * Kana and the 2,965 most usual kanji (JIS X 0208, level 1) lead with 0x81 to 0x97. In a western
 * name a letter such as é (0x82) would swallow the ASCII letter behind it, so most characters
 * must have a second byte that is not ASCII.
 */
function looksShiftJis(bytes: Uint8Array): boolean {
	const pairs = pairsOf(
		bytes,
		(lead) => lead >= 0x81 && lead <= 0x98,
		(trail) => trail >= 0x40 && trail <= 0xfc && trail !== 0x7f,
		(byte) => byte < 0x80
	);
	if (!pairs || pairs.length === 0) return false;
	return pairs.filter(([, trail]) => trail >= 0x80).length * 2 >= pairs.length;
}

/** The 3,755 most usual characters of GB 2312 (level 1) and its punctuation. */
function looksGbk(bytes: Uint8Array): boolean {
	const pairs = pairsOf(
		bytes,
		(lead) => (lead >= 0xa1 && lead <= 0xa3) || (lead >= 0xb0 && lead <= 0xd7),
		(trail) => trail >= 0xa1 && trail <= 0xfe,
		(byte) => byte < 0x80
	);
	return pairs !== null && pairs.length > 0;
}
