/**
 * Every error that a user can meet: a code and what its words need to know. Thrown exceptions
 * are bugs; these are values. Workers make them and storage keeps them, so they hold no words:
 * `problems/messages.ts` makes the sentences where they are shown.
 */

/** A value from outside as one of a kind. */
type Guard<T> = (value: unknown) => value is T;

/** Longer details come from hostile files only; a backup takes no more. */
const MAX_TEXT = 500;

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown): value is string =>
	typeof value === 'string' && value.length <= MAX_TEXT;
const number = (value: unknown): value is number => typeof value === 'number';
const bytesOrNull = (value: unknown): value is number | null => value === null || number(value);
const texts = (value: unknown): value is readonly string[] =>
	Array.isArray(value) && value.every(text);
const oneOf =
	<const T extends string>(...names: readonly T[]): Guard<T> =>
	(value): value is T =>
		names.some((name) => name === value);

/** How large something is: a picture in pixels, a file in bytes, or more bytes than were counted. */
export type Size = { width: number; height: number } | { bytes: number } | { over: number };
const size = (value: unknown): value is Size =>
	isObject(value) &&
	/^(width,height|bytes|over)$/.test(Object.keys(value).join()) &&
	Object.values(value).every(number);

/** Ways to store pixels that are not read. */
const CODINGS = [
	'video',
	'syntax',
	'channels',
	'bits',
	'bits-unusual',
	'fractions',
	'palette-segments',
	'big-tiff',
	'fax',
	'old-jpeg',
	'compression',
	'colours'
] as const;
/** How pixels are stored; `name` and `number` are the file's own, where the kind has any. */
export interface Coding {
	kind: (typeof CODINGS)[number];
	name?: string;
	number?: number;
}
const coding = (value: unknown): value is Coding =>
	isObject(value) &&
	oneOf(...CODINGS)(value.kind) &&
	Object.entries(value).every(([key, field]) =>
		key === 'name' ? text(field) : key === 'number' ? number(field) : key === 'kind'
	);

/** One thing by which a file says that its image is outside the intended use. */
export type Outside =
	/** As the file spells it: DICOM's code of the machine, the body part, the view. */
	| { what: 'modality' | 'body-part' | 'view'; value: string }
	/** Age of the patient, years. */
	| { what: 'age'; years: number };
const isOutside = (value: unknown): value is Outside =>
	isObject(value) &&
	(value.what === 'age'
		? number(value.years)
		: oneOf('modality', 'body-part', 'view')(value.what) && text(value.value));
const reasons = (value: unknown): value is readonly Outside[] =>
	Array.isArray(value) && value.every(isOutside);

const backend = oneOf('webgpu', 'webgl', 'int8', 'wasm');
const trials = (value: unknown): value is readonly { code: string; details: object }[] =>
	Array.isArray(value) && value.every((trial) => isObject(trial) && isObject(trial.details));

/** Every code with the details that its words need. */
const DETAILS = {
	// One file
	'empty-file': {},
	'empty-image': {},
	'system-file': {},
	'not-an-image': {},
	'no-image-inside': {},
	'format-not-read': { format: text },
	'archive-not-read': { format: text },
	'no-colours': {},
	'heic-not-read': {},
	'truncated-image': {},
	'damaged-image': {},
	'image-too-large': { size },
	'file-absent': {},
	'file-gone': {},
	'image-not-finished': {},
	'image-not-opened': {},
	'not-recognised': { task: text },
	'outside-use': { task: text, reasons },
	'coding-not-read': { coding },
	'dicom-directory': {},
	'dicom-no-image': {
		what: oneOf('report', 'document', 'display', 'files', 'ecg', 'plan', 'outlines', 'other')
	},
	'dicom-encrypted': {},
	'archive-encrypted': {},
	'archive-cut-off': {},
	'archive-damaged': {},
	/** `name`: the compression method, as other programs call it. */
	'archive-method': { name: text },
	'archive-nested': {},
	'archive-too-large': { bytes: number },
	'pdf-encrypted': {},
	'pdf-damaged': {},
	'pdf-no-picture': {},
	'pdf-several-pictures': {},
	// A model; `detail` is for who made it, and stays as it is in every language
	'model-not-offered': { id: text },
	'model-manifest-newer': {},
	'model-manifest-invalid': { detail: text },
	'model-offline': { host: text },
	'model-server': { status: number },
	'model-damaged': { file: text },
	'model-file-missing': { file: text },
	'model-file-damaged': { file: text },
	'model-file-invalid': { detail: text },
	'model-foreign': { detail: text },
	'model-parts-lost': {},
	'disk-full': { needed: number, left: bytesOrNull },
	'storage-refused': { detail: text },
	'not-secure': {},
	'no-webassembly': {},
	'no-workers': {},
	'browser-old': {},
	'no-simd': {},
	'little-memory': {},
	'storage-newer': {},
	// The engine
	'backend-absent': { backend },
	'backend-not-for-model': { backend },
	'backend-software': { backend },
	'backend-wrong': { backend, difference: number },
	'backend-failed': { backend, detail: text },
	/** The problems of the backends that were tried. */
	'no-engine': { trials },
	'reading-stopped': { count: number },
	// The list
	'nothing-added': {},
	'too-many-files': { count: number },
	'folder-unreadable': { path: text },
	'share-cut': { count: number, bytes: number },
	'share-nothing': {},
	'share-failed': {},
	'files-changed': { count: number },
	// Sessions
	'sessions-disk-full': {},
	'sessions-not-kept': { detail: text },
	'session-lost': {},
	'result-lost': {},
	'session-in-use': { name: text },
	'list-elsewhere': {},
	'session-model-gone': { version: text },
	'folder-refused': {},
	'backup-unreadable': { line: number },
	'backup-cut-off': {},
	'backup-newer': {},
	'backup-too-large': { bytes: number },
	'backup-no-room': {},
	'backup-encrypted': {},
	'nothing-copied': {},
	'paste-refused': {},
	'storage-locked': {},
	'passphrase-wrong': {},
	'passphrase-elsewhere': {},
	'passphrase-failed': { detail: text },
	'passphrase-unfinished': { detail: text },
	// Local calibration
	'labels-too-large': { bytes: number },
	'labels-no-columns': { found: texts },
	'labels-empty': {},
	'labels-damaged': { line: number },
	'study-failed': { detail: text },
	'point-invalid': { detail: text },
	'point-newer': {},
	'point-other-model': { model: text },
	'point-other-version': { name: text, made: text, version: text },
	'point-gone': {},
	'point-not-kept': {}
} as const;

export type ProblemCode = keyof typeof DETAILS;

type Guarded<G> = G extends Guard<infer T> ? T : never;
/** The details of each code. */
export type Details = {
	[C in ProblemCode]: { [K in keyof (typeof DETAILS)[C]]: Guarded<(typeof DETAILS)[C][K]> };
};

export interface Problem {
	code: ProblemCode;
	/** Plain values, as `Details` has them for the code. */
	details?: Readonly<Record<string, unknown>>;
}

/** A value, or the problem that stands in its place. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; problem: Problem };

/** Whether a text is the code of a problem, for what comes from a file. */
export function isProblemCode(code: string): code is ProblemCode {
	return Object.hasOwn(DETAILS, code);
}

/**
 * The details of a problem that was kept or came from a file, and nothing beside them; null
 * where one is missing or of another kind.
 */
export function detailsOf<C extends ProblemCode>(code: C, found: unknown): Details[C] | null {
	if (!isProblemCode(code)) return null;
	const given = isObject(found) ? found : {};
	const guards = Object.entries<Guard<unknown>>(DETAILS[code]);
	if (!guards.every(([name, fits]) => Object.hasOwn(given, name) && fits(given[name]))) return null;
	return Object.fromEntries(guards.map(([name]) => [name, given[name]])) as Details[C];
}

/** Details may be left out where a code has none. */
type Given<C extends ProblemCode> =
	Record<never, never> extends Details[C] ? [details?: Details[C]] : [details: Details[C]];

/** Build a problem. */
export function problem<C extends ProblemCode>(code: C, ...[details]: Given<C>): Problem {
	return { code, details: cut<Readonly<Record<string, unknown>>>(details ?? {}) };
}

/** An `Outcome` that failed. */
export function failed<C extends ProblemCode>(code: C, ...given: Given<C>) {
	return { ok: false as const, problem: problem(code, ...given) };
}

/** An `Outcome` that went well. */
export function succeeded<T>(value: T) {
	return { ok: true as const, value };
}

/** The short text of an unknown thrown value, for a problem's detail. */
export function detailOf(error: unknown): string {
	return error instanceof Error ? error.message || error.name : String(error);
}

/** A text of a hostile file may be of any length. */
function cut<T>(value: T): T {
	if (typeof value === 'string') return value.slice(0, MAX_TEXT) as T;
	if (Array.isArray(value)) return value.map(cut) as T;
	if (!isObject(value)) return value;
	return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, cut(field)])) as T;
}
