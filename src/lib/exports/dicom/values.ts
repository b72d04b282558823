/** Values as DICOM writes them (PS3.5, 6.2). */
import { newUuid } from '../uuid';

/** Value representations that are written here. */
type LongVr = 'OB' | 'SQ' | 'UT';
type TextVr = 'AS' | 'CS' | 'DA' | 'DS' | 'DT' | 'IS' | 'LO' | 'PN' | 'SH' | 'ST' | 'TM' | 'UI';
export type Vr = LongVr | TextVr | 'US';

/** Characters of a text at most; of a name those of each of its parts. */
const MOST: Partial<Record<Vr, number>> = { LO: 64, PN: 64, SH: 16, ST: 1024 };
/** Value representations that hold lines of text. */
const PROSE: ReadonlySet<Vr> = new Set(['ST', 'UT']);

/**
 * A text that the value representation allows: without control characters and, where several
 * values would be read out of it, without backslashes; cut where it is too long.
 */
export function textOf(vr: Vr, text: string): string {
	if (PROSE.has(vr)) return cut(text.replace(/\r?\n/g, '\r\n').trimEnd(), MOST[vr]);
	const plain = text.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim();
	if (vr === 'UI' || vr === 'CS') return plain;
	const single = plain.replaceAll('\\', '/');
	if (vr !== 'PN') return cut(single, MOST[vr]);
	const groups = single.split('=').map((group) => cut(group, MOST.PN));
	return groups.slice(0, 3).join('=');
}

/** By characters, not by halves of them. */
function cut(text: string, most = Infinity): string {
	const characters = Array.from(text);
	return characters.length > most ? characters.slice(0, most).join('').trimEnd() : text;
}

/** A name as people write it, as a name of one part: which word is the family's is not known. */
export function personName(name: string): string {
	return name.replace(/[\^=\\]+/g, ' ');
}

/** `2026-11-21` as `20261121`; '' where it is not known. */
export function dayOf(day: string | null | undefined): string {
	return day?.replaceAll('-', '') ?? '';
}

/** The day and the time of a moment where the device is, and how far that is from UTC. */
export function momentOf(at: Date): { day: string; time: string; zone: string } {
	const two = (value: number) => String(value).padStart(2, '0');
	const offset = -at.getTimezoneOffset();
	const minutes = Math.abs(offset);
	return {
		day: `${at.getFullYear()}${two(at.getMonth() + 1)}${two(at.getDate())}`,
		time: `${two(at.getHours())}${two(at.getMinutes())}${two(at.getSeconds())}`,
		zone: `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${two(minutes % 60)}`
	};
}

/** A moment (ISO 8601) as a DT, in the zone that `momentOf` says; null where there is none. */
export function dateTimeOf(time: string): string | null {
	const at = new Date(time);
	if (Number.isNaN(at.getTime())) return null;
	const { day, time: clock } = momentOf(at);
	return `${day}${clock}`;
}

/** Years as an age string: `003Y`, below two years `018M`; null where they are not known. */
export function ageOf(years: number | null): string | null {
	if (years === null || years < 0 || years >= 1000) return null;
	const three = (value: number) => String(Math.floor(value)).padStart(3, '0');
	return years < 2 ? `${three(years * 12)}M` : `${three(years)}Y`;
}

/** A new UID from a random UUID (PS3.5, B.2). */
export function newUid(): string {
	return `2.25.${BigInt(`0x${newUuid().replaceAll('-', '')}`)}`;
}
