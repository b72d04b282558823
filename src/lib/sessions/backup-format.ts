/**
 * The lines of a backup: one JSON object each, so that neither writing nor opening one ever
 * holds more than a line and a group. First the header, then settings and manifests, then each
 * session followed by its rows, then the end with their number: a file that was cut off, or
 * of which a part is missing, is known as such.
 */
import * as v from 'valibot';
import type { ImageFacts } from '../formats/facts';
import { areUsable } from '../intake/corners';
import { MAX_FILES, MAX_THUMBNAIL_BYTES } from '../base/limits';
import { MAP_CELLS } from '../reading/occlusion';
import { parseManifest, type Manifest } from '../models/manifest';
import { LUNG_NOTES } from '../regions/lungs/quality';
import { NO_RULES } from '../patients/rules';
import { rulesSchema, saidSchema } from '../patients/schemas';
import { detailsOf, isProblemCode, type Problem, type ProblemCode } from '../problems/problems';
import type { StoredResult, StoredSession } from './stored';
import { TASKS } from '../tasks';
import { field, fieldLine, fieldReview, redCells } from './backup-fields';
import { bytes, count, text, time } from './backup-parts';
import { toBase64 } from './base64';

/** Rises when an older Fieldlens would misread the file. */
const BACKUP_VERSION = 1;
const BACKUP_FORMAT = 'fieldlens-backup';

const place = v.pipe(count, v.maxValue(MAX_FILES - 1));
const task = v.pipe(
	text(64),
	v.check((id) => TASKS.find(id) !== undefined)
);
const identifier = v.pipe(v.string(), v.regex(/^[a-z0-9]{8,64}$/));
const category = v.picklist(['likely', 'unrecognised', 'outside', 'uncertain', 'not-seen']);
const said = v.nullable(text(200));

/** UIDs have 64 characters at most. */
const uid = text(64);
const originSchema = v.object({
	study: uid,
	series: uid,
	image: uid,
	kind: uid,
	patientName: text(200),
	patientId: text(200),
	studyDate: text(8),
	studyTime: text(13),
	studyId: text(200),
	accession: text(200)
});

const header = v.strictObject({
	kind: v.literal('header'),
	format: v.literal(BACKUP_FORMAT),
	version: v.literal(BACKUP_VERSION),
	savedAt: time
});

const settings = v.strictObject({
	kind: v.literal('settings'),
	values: v.pipe(
		v.record(text(200), text(200_000)),
		v.check((values) => Object.keys(values).length <= 1000)
	)
});

const manifest = v.strictObject({
	kind: v.literal('manifest'),
	manifest: v.pipe(
		v.unknown(),
		v.rawTransform(({ dataset, addIssue, NEVER }): Manifest => {
			const parsed = parseManifest(dataset.value);
			if (parsed.ok) return parsed.manifest;
			addIssue({ message: parsed.refusal.detail });
			return NEVER;
		})
	)
});

const session = v.strictObject({
	kind: v.literal('session'),
	id: identifier,
	name: text(4096),
	startedAt: time,
	changedAt: time,
	task: v.nullable(task),
	model: v.nullable(v.strictObject({ id: text(64), version: text(40), network: text(64) })),
	point: text(200),
	total: v.pipe(count, v.maxValue(MAX_FILES)),
	finished: count,
	counts: v.pipe(
		v.record(text(40), count),
		v.check((counts) => Object.keys(counts).length <= 40)
	),
	bytes: count,
	exported: v.boolean(),
	redCells: v.optional(redCells, {}),
	patientRules: v.optional(rulesSchema, NO_RULES)
});

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const corner = v.strictObject({ x: share, y: share });

/** Millimetres a pixel. */
const spacingSide = v.pipe(v.number(), v.gtValue(0));
const pixelSpacing = v.object({
	down: spacingSide,
	across: spacingSide,
	source: v.picklist(['pixel', 'imager'])
});

/** Fractions of the picture; the box of a region may reach beyond it. */
const fraction = v.pipe(v.number(), v.minValue(-1), v.maxValue(2));

const polygons = v.pipe(
	v.array(v.pipe(v.array(v.strictTuple([fraction, fraction])), v.maxLength(1000))),
	v.maxLength(16)
);

const region = v.object({
	outlines: polygons,
	notes: v.pipe(v.array(v.picklist(LUNG_NOTES)), v.maxLength(LUNG_NOTES.length)),
	box: v.nullable(v.strictTuple([fraction, fraction, fraction, fraction])),
	turnedBack: v.pipe(v.number(), v.minValue(-90), v.maxValue(90))
});

/** What a row may hold beside what is checked here is left out: a newer program writes it. */
const result = v.object({
	kind: v.literal('result'),
	index: place,
	path: v.pipe(v.string(), v.minLength(1), v.maxLength(4096)),
	file: v.nullable(
		v.object({
			size: count,
			modified: v.number(),
			sha256: v.pipe(v.string(), v.regex(/^([0-9a-f]{64})?$/))
		})
	),
	status: v.picklist(['waiting', 'done', 'failed', 'left-out', 'stopped']),
	probability: v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
	distance: v.nullable(v.number()),
	map: v.nullable(bytes(MAP_CELLS * MAP_CELLS)),
	region: v.nullable(region),
	thumbnail: v.nullable(bytes(MAX_THUMBNAIL_BYTES)),
	width: count,
	height: count,
	backend: text(40),
	time: v.union([v.literal(''), time]),
	problem: v.nullable(
		v.pipe(
			v.object({
				code: v.pipe(
					v.string(),
					v.check(isProblemCode),
					v.transform((code) => code as ProblemCode)
				),
				details: v.optional(v.unknown())
			}),
			v.rawTransform(({ dataset, addIssue, NEVER }): Problem => {
				const { code, details: found } = dataset.value;
				const details = detailsOf(code, found);
				if (details) return { code, details };
				addIssue({ message: 'details that do not fit the code' });
				return NEVER;
			})
		)
	),
	facts: v.nullable(
		v.object({
			modality: said,
			bodyPart: said,
			view: said,
			age: v.nullable(v.number()),
			patientId: said,
			patientName: said,
			birthDate: v.optional(said, null),
			sex: v.optional(v.nullable(v.picklist(['female', 'male', 'other'])), null),
			studyDate: said,
			spacing: v.optional(v.nullable(pixelSpacing), null),
			frames: count,
			ownRange: v.boolean(),
			origin: v.optional(v.nullable(originSchema), null)
		})
	),
	typed: v.optional(v.nullable(saidSchema), null),
	overruled: v.boolean(),
	outlineWrong: v.boolean(),
	drawn: v.nullable(polygons),
	corners: v.nullable(
		v.pipe(
			v.strictTuple([corner, corner, corner, corner]),
			v.check((marked) => areUsable(marked))
		)
	),
	findsFilm: v.optional(v.boolean(), false),
	review: v.nullable(
		v.object({
			finding: v.picklist(['present', 'absent', 'unsure']),
			reason: text(4000),
			note: text(20_000),
			by: text(200),
			time,
			category: v.nullable(category),
			point: text(200)
		})
	),
	field: v.optional(v.nullable(field), null),
	fieldReview: v.optional(v.nullable(fieldReview), null),
	slide: v.optional(v.nullable(text(4096)), null)
});

const end = v.strictObject({ kind: v.literal('end'), sessions: count, results: count });

const line = v.variant('kind', [header, settings, manifest, session, result, end]);

/** A line that is in order. */
export type Line = v.InferOutput<typeof line>;

/** Read a line; null where it is not in order. Never throws. */
export function parseLine(json: string): Line | null {
	try {
		const parsed = v.safeParse(line, JSON.parse(json));
		return parsed.success ? parsed.output : null;
	} catch {
		return null;
	}
}

/** Whether a first line says that it is of a newer version than this program reads. */
export function isNewer(json: string): boolean {
	try {
		const { format, version } = JSON.parse(json) as { format?: unknown; version?: unknown };
		return format === BACKUP_FORMAT && typeof version === 'number' && version > BACKUP_VERSION;
	} catch {
		return false;
	}
}

export function headerLine(now: Date): string {
	return lineOf({
		kind: 'header',
		format: BACKUP_FORMAT,
		version: BACKUP_VERSION,
		savedAt: now.toISOString()
	});
}

export function settingsLine(values: Readonly<Record<string, string>>): string {
	return lineOf({ kind: 'settings', values });
}

export function manifestLine(stored: Manifest): string {
	return lineOf({ kind: 'manifest', manifest: stored });
}

export function sessionLine({ deletedAt, ...stored }: StoredSession): string {
	void deletedAt;
	return lineOf({ kind: 'session', ...stored });
}

/**
 * A row, its bytes as text.
 * @param withPatients whether it says whose image it is: a backup travels.
 */
export function resultLine(
	{ session: of, map, thumbnail, facts, typed, field: ofSmear, ...stored }: StoredResult,
	withPatients: boolean
): string {
	void of;
	return lineOf({
		kind: 'result',
		...stored,
		facts: facts && (withPatients ? facts : withoutIdentity(facts)),
		typed: typed && (withPatients ? typed : { ...typed, ...NOBODY }),
		map: map && toBase64(map),
		field: ofSmear && fieldLine(ofSmear),
		thumbnail: thumbnail && toBase64(new Uint8Array(thumbnail))
	});
}

/** What a backup without patients leaves out of what was typed. */
const NOBODY = { name: null, number: null, birthDate: null };

function withoutIdentity(facts: ImageFacts): ImageFacts {
	return { ...facts, patientId: null, patientName: null, birthDate: null, origin: null };
}

export function endLine(sessions: number, results: number): string {
	return lineOf({ kind: 'end', sessions, results });
}

/** A row of a backup as it is kept, below another session's id where need be. */
export function storedResult(
	{ kind, thumbnail, ...result }: Extract<Line, { kind: 'result' }>,
	id: string
): StoredResult {
	void kind;
	return { ...result, session: id, thumbnail: thumbnail && thumbnail.buffer };
}

function lineOf(value: object): string {
	return JSON.stringify(value) + '\n';
}
