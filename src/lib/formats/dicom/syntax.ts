/** Transfer syntaxes: how the pixels of a DICOM file are packed (PS3.6, annex A). */
import type { Coding } from '../../problems/problems';
import type { FramePacking } from '../codecs/codestream';

export type Packing = 'plain' | 'rle' | FramePacking;

const ROOT = '1.2.840.10008.1.2';
export const DEFLATED = `${ROOT}.1.99`;

const PACKINGS: Record<string, Packing> = {
	'': 'plain',
	[ROOT]: 'plain',
	[`${ROOT}.1`]: 'plain',
	[DEFLATED]: 'plain',
	[`${ROOT}.2`]: 'plain',
	[`${ROOT}.5`]: 'rle',
	[`${ROOT}.4.50`]: 'jpeg',
	[`${ROOT}.4.51`]: 'jpeg-12',
	[`${ROOT}.4.57`]: 'jpeg-lossless',
	[`${ROOT}.4.70`]: 'jpeg-lossless',
	[`${ROOT}.4.80`]: 'jpeg-ls',
	[`${ROOT}.4.81`]: 'jpeg-ls',
	[`${ROOT}.4.90`]: 'jpeg-2000',
	[`${ROOT}.4.91`]: 'jpeg-2000',
	[`${ROOT}.4.201`]: 'htj2k',
	[`${ROOT}.4.202`]: 'htj2k',
	[`${ROOT}.4.203`]: 'htj2k'
};

/** How the pixels are packed; null where this program does not unpack them. */
export function packingOf(syntax: string): Packing | null {
	return PACKINGS[syntax] ?? null;
}

/** A transfer syntax that is not read. */
export function unreadSyntax(syntax: string): Coding {
	const number = Number(syntax.split('.').at(-1));
	const isVideo = syntax.startsWith(`${ROOT}.4.10`) && number >= 100 && number <= 108;
	return isVideo ? { kind: 'video' } : { kind: 'syntax', name: syntax.slice(0, 64) };
}
