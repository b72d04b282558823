/** Where the instructions of a page draw pictures (ISO 32000-1, 8.2 to 8.4 and 8.8). */
import type { PDFRawStream } from '@cantoo/pdf-lib';

/** `[a b c d e f]`: x' = a x + c y + e, y' = b x + d y + f (8.3.3). */
export type Matrix = readonly [number, number, number, number, number, number];

/** The matrix that does `first`, then `second` (8.3.4). */
export function times([a, b, c, d, e, f]: Matrix, [A, B, C, D, E, F]: Matrix): Matrix {
	return [
		a * A + b * C,
		a * B + b * D,
		c * A + d * C,
		c * B + d * D,
		e * A + f * C + E,
		e * B + f * D + F
	];
}

/** A picture and where its unit square lies on the page, y upward. */
export interface Drawn {
	image: PDFRawStream;
	at: Matrix;
}

/** Deeper nesting of states is no page. */
const MAX_STATES = 1000;

/** The objects that are drawn (operator `Do`), with the matrix in force. */
export function* drawnOn(
	content: Uint8Array,
	start: Matrix
): Generator<{ key: string; at: Matrix }> {
	let matrix = start;
	const states: Matrix[] = [];
	let operands: string[] = [];
	for (const token of tokensOf(content)) {
		if (/^[-+.\d/(<[]/.test(token)) {
			operands.push(token);
			continue;
		}
		if (token === 'q' && states.length < MAX_STATES) states.push(matrix);
		if (token === 'Q') matrix = states.pop() ?? matrix;
		if (token === 'cm') {
			const [a, b, c, d, e, f] = operands.slice(-6).map(Number);
			matrix = times([a, b, c, d, e, f], matrix);
			if (!matrix.every(Number.isFinite)) throw new Error('no matrix');
		}
		if (token === 'Do') yield { key: keyOf(operands.at(-1) ?? ''), at: matrix };
		operands = [];
	}
}

/** Names, numbers and operators; strings, arrays and dictionaries as a mark of their beginning. */
function* tokensOf(bytes: Uint8Array): Generator<string> {
	const space = (byte: number | undefined) =>
		byte === undefined || [0, 9, 10, 12, 13, 32].includes(byte);
	const delimiter = (byte: number) => '()<>[]{}/%'.includes(String.fromCharCode(byte));
	for (let at = 0; at < bytes.length;) {
		const byte = bytes[at];
		const sign = String.fromCharCode(byte);
		if (space(byte) || '{}]>)'.includes(sign)) {
			at++;
		} else if (sign === '%') {
			while (at < bytes.length && bytes[at] !== 10 && bytes[at] !== 13) at++;
		} else if (sign === '(') {
			at = endOfString(bytes, at);
			yield '(';
		} else if (sign === '<' && bytes[at + 1] !== byte) {
			while (at < bytes.length && bytes[at] !== 0x3e) at++;
			yield '<';
		} else if (sign === '<' || sign === '[') {
			at += sign === '<' ? 2 : 1;
			yield sign;
		} else {
			let end = at + 1;
			while (end < bytes.length && !space(bytes[end]) && !delimiter(bytes[end])) end++;
			const token = String.fromCharCode(...bytes.subarray(at, Math.min(end, at + 200)));
			at = end;
			if (token === 'ID') {
				// A picture within the instructions is small (8.9.7): its bytes are passed over.
				while (at < bytes.length) {
					const isEnd = bytes[at] === 0x45 && bytes[at + 1] === 0x49;
					if (isEnd && space(bytes[at - 1]) && space(bytes[at + 2])) break;
					at++;
				}
			} else yield token;
		}
	}
}

/** Behind a string in parentheses, which may hold others. */
function endOfString(bytes: Uint8Array, start: number): number {
	let depth = 0;
	for (let at = start; at < bytes.length; at++) {
		if (bytes[at] === 0x5c) at++;
		else if (bytes[at] === 0x28) depth++;
		else if (bytes[at] === 0x29 && --depth === 0) return at + 1;
	}
	return bytes.length;
}

/** A name without its slash, with its escapes (7.3.5). */
function keyOf(token: string): string {
	return token
		.slice(1)
		.replace(/#([\da-f]{2})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}
