/**
 * Who is on an image, and when it was taken: what a person typed, the file's header, its name and
 * its folder say, each with where it was found. Pure.
 */
import { NO_FACTS, yearsBetween, type ImageFacts, type Sex } from '../formats/facts';

/** What may be known of the patient and the day of an image; null where nothing is. */
interface Particulars {
	/** As people write it. */
	readonly name: string | null;
	/** The number by which the clinic knows the patient. */
	readonly number: string | null;
	/** `YYYY-MM-DD`. */
	readonly birthDate: string | null;
	/** Years when the image was taken (a fraction below two or so). */
	readonly age: number | null;
	readonly sex: Sex | null;
	/** Day when the image was taken, `YYYY-MM-DD`. */
	readonly date: string | null;
}

export type Particular = keyof Particulars;

/** Some of the particulars, as one source says them. */
export type Said = Partial<Particulars>;

/** Where particulars come from. A source counts before those that stand after it. */
const SOURCES = ['typed', 'header', 'file-name', 'folder'] as const;
export type Source = (typeof SOURCES)[number];

/** A patient as far as known. */
export interface Patient extends Particulars {
	/**
	 * By what images of one patient are told to be so: the number; without one the name with the
	 * birth date. Null where neither is known.
	 */
	readonly key: string | null;
	/** Names and numbers that the path holds, those that another source corrected, too. */
	readonly inPath: readonly string[];
	/** Where each particular that is known was found. */
	readonly sources: Readonly<Partial<Record<Particular, Source>>>;
}

/** Nothing is known. */
export const UNKNOWN: Patient = {
	key: null,
	name: null,
	number: null,
	birthDate: null,
	age: null,
	sex: null,
	date: null,
	inPath: [],
	sources: {}
};

/** What stands in headers in the place of a name or a number that was taken out. */
const PLACEHOLDER =
	/^(anon\w*|anonymous.*|de-?identified|no[ _-]?name|unknown|none|null|n\/?a|nn|x+|[-_.*?\s0^]+)$/i;

/** What a file's header says of the patient. */
export function saidByHeader(facts: ImageFacts | null): Said {
	if (!facts) return {};
	const { patientName, patientId, birthDate, age, sex, studyDate: date } = facts;
	return {
		name: realOrNull(patientName),
		number: realOrNull(patientId),
		birthDate,
		age,
		sex,
		date
	};
}

/**
 * Put together what the sources say: each particular is the first one's that knows it. An age is
 * reckoned from the birth date where a source gives that alone.
 */
export function patientFrom(said: Readonly<Partial<Record<Source, Said>>>): Patient {
	const found: Record<string, unknown> = {};
	const sources: Partial<Record<Particular, Source>> = {};
	const settle = (particular: Particular, valueOf: (one: Said) => unknown) => {
		for (const source of SOURCES) {
			const value = valueOf(said[source] ?? {});
			if (value === null || value === undefined || value === '') continue;
			found[particular] = value;
			sources[particular] = source;
			return;
		}
	};
	for (const particular of ['date', 'name', 'number', 'birthDate', 'sex'] as const) {
		settle(particular, (one) => one[particular]);
	}
	const date = (found.date as string | undefined) ?? null;
	settle('age', ({ age, birthDate }) => age ?? yearsBetween(birthDate ?? null, date));
	if (Object.keys(sources).length === 0) return UNKNOWN;
	const inPath = [said['file-name'], said.folder].flatMap((one) => [
		...(one?.name ? [one.name] : []),
		...(one?.number ? [one.number] : [])
	]);
	const patient = { ...UNKNOWN, ...found, inPath, sources };
	return { ...patient, key: keyOf(patient) };
}

/** What a file says of its image, with the age that a person typed in the place of the file's. */
export function statedFacts(facts: ImageFacts | null, typed: Said | null): ImageFacts | null {
	if (!typed) return facts;
	const { age, sources } = patientFrom({ typed, header: saidByHeader(facts) });
	return sources.age === 'typed' ? { ...NO_FACTS, ...facts, age } : facts;
}

function keyOf({ number, name, birthDate }: Particulars): string | null {
	if (number) return `number ${foldedText(number)}`;
	return name ? `name ${foldedText(name)} ${birthDate ?? ''}` : null;
}

/** A text for comparing: small letters without accents of Latin ones, blanks made one. */
export function foldedText(text: string): string {
	return text
		.normalize('NFKD')
		.replace(/[\u0300-\u036f]+/g, '')
		.toLowerCase()
		.replace(/\s+/g, ' ')
		.trim();
}

function realOrNull(text: string | null): string | null {
	return text === null || PLACEHOLDER.test(text.trim()) ? null : text;
}
