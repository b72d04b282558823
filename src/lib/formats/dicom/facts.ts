/** What a DICOM header says of the patient and the image. */
import { yearsBetween, type DicomOrigin, type ImageFacts, type Sex } from '../facts';
import { spacingOf } from './spacing';
import { decodeText } from './text';
import type { DataSet } from './data-set';

/** A longer name or number is none. */
const MAX_TEXT_BYTES = 4096;
const DAYS_PER_YEAR = 365.25;
/** Age strings count in these (PS3.5, 6.2, VR AS). */
const PER_YEAR: Record<string, number> = { D: DAYS_PER_YEAR, W: DAYS_PER_YEAR / 7, M: 12, Y: 1 };

/** Patient's Sex (0010,0040). */
const SEXES: Partial<Record<string, Sex>> = { F: 'female', M: 'male', O: 'other' };

/** @param frames pictures in the file. */
export function factsOf(set: DataSet, frames: number): Omit<ImageFacts, 'ownRange'> {
	const text = (tag: string) => set.string(tag) || null;
	/** Newer machines write codes instead, with their meaning in words. */
	const meaning = (tag: string) => set.firstItem(tag)?.string('x00080104') || null;
	const studyDate = dateOf(text('x00080020')) ?? dateOf(text('x00080022'));
	const birthDate = dateOf(text('x00100030'));
	return {
		modality: text('x00080060'),
		bodyPart: text('x00180015') ?? meaning('x00082218'),
		view: text('x00185101') ?? meaning('x00540220'),
		age: ageOf(text('x00101010')) ?? yearsBetween(birthDate, studyDate),
		patientId: decoded(set, 'x00100020'),
		patientName: nameOf(decoded(set, 'x00100010', '^=')),
		birthDate,
		sex: SEXES[text('x00100040')?.toUpperCase() ?? ''] ?? null,
		studyDate,
		spacing: spacingOf(set),
		frames,
		origin: originOf(set)
	};
}

/** A UID as the standard writes it (PS3.5, 9.1). */
const UID = /^(0|[1-9]\d*)(\.(0|[1-9]\d*))+$/;
const MAX_UID_CHARS = 64;
/** Of a text of an origin; the longest that the standard allows, a name, has three parts of 64. */
const MAX_ORIGIN_CHARS = 194;

function originOf(set: DataSet): DicomOrigin | null {
	const uid = (tag: string) => {
		const text = set.string(tag) ?? '';
		return text.length <= MAX_UID_CHARS && UID.test(text) ? text : null;
	};
	const study = uid('x0020000d');
	const series = uid('x0020000e');
	const image = uid('x00080018');
	const kind = uid('x00080016');
	if (!study || !series || !image || !kind) return null;
	const short = (tag: string, delimiters = '') =>
		decoded(set, tag, delimiters)?.slice(0, MAX_ORIGIN_CHARS) ?? '';
	return {
		study,
		series,
		image,
		kind,
		patientName: short('x00100010', '^='),
		patientId: short('x00100020'),
		studyDate: /^\d{8}$/.exec(set.string('x00080020') ?? '')?.[0] ?? '',
		studyTime: /^\d{2,6}(\.\d{1,6})?$/.exec(set.string('x00080030') ?? '')?.[0] ?? '',
		studyId: short('x00200010'),
		accession: short('x00080050')
	};
}

/**
 * `003Y`, `018M`, `020W`, `005D` in years; also in lower case, with a blank, and, as some
 * machines write it, in years without a unit.
 */
function ageOf(age: string | null): number | null {
	const [, count, unit = 'y'] = /^(\d{1,3})\s*([dwmy])?$/i.exec(age ?? '') ?? [];
	return count ? Number(count) / PER_YEAR[unit.toUpperCase()] : null;
}

/** `20261121`, and the `2026.11.21` of old files, as `2026-11-21`. */
function dateOf(date: string | null): string | null {
	const [, year, month, day] = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(date ?? '') ?? [];
	const written = `${year}-${month}-${day}`;
	return year && !Number.isNaN(Date.parse(written)) ? written : null;
}

/**
 * `Family^Given^Middle` as people write it. A name may be written up to three times, apart by
 * `=`: in letters, ideographic, phonetic (PS3.5, 6.2, VR PN); the second stands in brackets.
 */
function nameOf(name: string | null): string | null {
	const [letters = '', ideographic = '', phonetic = ''] = (name ?? '').split('=');
	const [family = '', given = '', middle = ''] = letters.split('^');
	const written = joined([given, middle, family]);
	// In Chinese, Japanese and Korean the family name comes first.
	const [first, ...others] = [
		written,
		joined(ideographic.split('^')),
		joined(phonetic.split('^'))
	].filter(Boolean);
	if (!first) return null;
	return others.length > 0 ? `${first} (${others[0]})` : first;
}

function joined(parts: readonly string[]): string {
	return parts
		.map((part) => part.trim())
		.filter(Boolean)
		.join(' ');
}

function decoded(set: DataSet, tag: string, delimiters = ''): string | null {
	const bytes = set.bytesOf(tag);
	if (!bytes || bytes.length > MAX_TEXT_BYTES) return null;
	return decodeText(bytes, set.string('x00080005') ?? '', delimiters) || null;
}
