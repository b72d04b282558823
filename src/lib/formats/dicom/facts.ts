/** What a DICOM header says of the patient and the image. */
import type { ImageFacts } from '../facts';
import type { DataSet } from './data-set';

const DAYS_PER_YEAR = 365.25;
/** Age strings count in these (PS3.5, 6.2, VR AS). */
const PER_YEAR: Record<string, number> = { D: DAYS_PER_YEAR, W: DAYS_PER_YEAR / 7, M: 12, Y: 1 };

/** @param frames pictures in the file. */
export function factsOf(set: DataSet, frames: number): ImageFacts {
	const text = (tag: string) => set.string(tag)?.trim() || null;
	/** Newer machines write codes instead, with their meaning in words. */
	const meaning = (tag: string) =>
		set.elements[tag]?.items?.[0]?.dataSet?.string('x00080104')?.trim() || null;
	const studyDate = dateOf(text('x00080020')) ?? dateOf(text('x00080022'));
	return {
		modality: text('x00080060'),
		bodyPart: text('x00180015') ?? meaning('x00082218'),
		view: text('x00185101') ?? meaning('x00540220'),
		age: ageOf(text('x00101010')) ?? yearsBetween(dateOf(text('x00100030')), studyDate),
		patientId: decoded(set, 'x00100020'),
		patientName: nameOf(decoded(set, 'x00100010')),
		studyDate,
		frames
	};
}

/** `003Y`, `018M`, `020W`, `005D` in years. */
function ageOf(age: string | null): number | null {
	const [, count, unit] = /^(\d{1,3})([DWMY])$/.exec(age ?? '') ?? [];
	return unit ? Number(count) / PER_YEAR[unit] : null;
}

/** `20261121`, and the `2026.11.21` of old files, as `2026-11-21`. */
function dateOf(date: string | null): string | null {
	const [, year, month, day] = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(date ?? '') ?? [];
	const written = `${year}-${month}-${day}`;
	return year && !Number.isNaN(Date.parse(written)) ? written : null;
}

function yearsBetween(from: string | null, to: string | null): number | null {
	if (!from || !to) return null;
	const years = (Date.parse(to) - Date.parse(from)) / (86_400_000 * DAYS_PER_YEAR);
	return years >= 0 ? years : null;
}

/** `Family^Given^Middle` as people write it; of several spellings the first. */
function nameOf(name: string | null): string | null {
	const [family = '', given = '', middle = ''] = (name ?? '').split('=')[0].split('^');
	return [given, middle, family].filter((part) => part.trim()).join(' ') || null;
}

/** Encodings by their names in (0008,0005) (PS3.3, C.12.1.1.2); without one it is ASCII. */
const ENCODINGS: Record<string, string> = {
	'ISO_IR 192': 'utf-8',
	'ISO_IR 101': 'iso-8859-2',
	'ISO_IR 109': 'iso-8859-3',
	'ISO_IR 110': 'iso-8859-4',
	'ISO_IR 144': 'iso-8859-5',
	'ISO_IR 127': 'iso-8859-6',
	'ISO_IR 126': 'iso-8859-7',
	'ISO_IR 138': 'iso-8859-8',
	'ISO_IR 148': 'windows-1254',
	'ISO_IR 166': 'windows-874',
	'ISO_IR 13': 'shift_jis',
	'ISO 2022 IR 87': 'iso-2022-jp',
	'ISO 2022 IR 149': 'euc-kr',
	GB18030: 'gb18030',
	GBK: 'gbk'
};

function decoded(set: DataSet, tag: string): string | null {
	const element = set.elements[tag];
	if (!element || element.length === 0) return null;
	const names = (set.string('x00080005') ?? '').split('\\').map((name) => name.trim());
	const known = names.map((name) => ENCODINGS[name]).filter(Boolean);
	const { dataOffset, length } = element;
	const bytes = set.byteArray.subarray(dataOffset, dataOffset + length);
	const text = new TextDecoder(known.at(-1) ?? 'windows-1252').decode(bytes);
	// Padded with blanks or zeros.
	return text.replace(/[\0\s]+$/, '').trim() || null;
}
