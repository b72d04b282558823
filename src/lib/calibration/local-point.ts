/**
 * A local operating point: a threshold that was chosen on images from here, with what it was
 * measured on. The type, the check of a stored or foreign one and the file are one schema.
 */
import * as v from 'valibot';
import { dayText, nameText, numberText } from '../i18n/format';
import type { Manifest, OperatingPoint } from '../models/manifest';
import type { Task } from '../tasks/task';
import { taskWords } from '../tasks/task-words';
import { m } from '../paraglide/messages.js';
import { failed, problem, succeeded, type Outcome, type Problem } from '../problems/problems';
import type { Estimate } from '../statistics/binomial';

/** The format that this program reads and writes. */
const FORMAT = 'fieldlens-local-point';
const FORMAT_VERSION = 1;

/** In front of a local point's name wherever an operating point's id stands. */
export const LOCAL_PREFIX = 'local:';
export const MAX_NAME = 60;

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10_000_000));
/** One line without what turns the direction of text or hides in it. */
const line = (most: number) =>
	v.pipe(v.string(), v.maxLength(most), v.regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u, 'is no text'));
const estimate = v.strictObject({
	value: v.nullable(share),
	low: v.nullable(share),
	high: v.nullable(share)
});

const localPointSchema = v.strictObject({
	format: v.literal(FORMAT),
	formatVersion: v.literal(FORMAT_VERSION),
	/** The model and the version whose scores the threshold is about. */
	model: v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]{0,63}$/)),
	modelVersion: v.pipe(v.string(), v.regex(/^\d{1,6}\.\d{1,6}\.\d{1,6}$/)),
	name: v.pipe(line(MAX_NAME), v.regex(/^\S(.*\S)?$/, 'is empty or begins with a blank')),
	/** Score from which on an image is flagged. */
	threshold: share,
	/** The sensitivity that was wanted. */
	wanted: v.pipe(v.number(), v.minValue(0.5), v.maxValue(0.999)),
	/** Who made it and where, in their words; may be empty. */
	by: line(80),
	where: line(120),
	/** When, ISO 8601. */
	time: v.pipe(v.string(), v.isoTimestamp()),
	/** Where the truth came from. */
	labels: v.picklist(['review', 'folders', 'table']),
	images: count,
	positives: count,
	/** Null where every image was taken as independent. */
	patients: v.nullable(count),
	auc: estimate,
	sensitivity: estimate,
	specificity: estimate
});

/** A local operating point, checked. */
export type LocalPoint = v.InferOutput<typeof localPointSchema>;

/** What a study gives to a new point; the rest is the format's. */
export type NewPoint = Omit<LocalPoint, 'format' | 'formatVersion'>;

/** A point in the format of today. */
export function localPointOf(details: NewPoint): LocalPoint {
	return { format: FORMAT, formatVersion: FORMAT_VERSION, ...details };
}

/**
 * Read a point that was stored or saved as a file.
 * @param text of any origin; never throws.
 */
export function parseLocalPoint(text: string): Outcome<LocalPoint> {
	let json: unknown;
	try {
		json = JSON.parse(text);
	} catch {
		return failed('point-invalid', { detail: 'it is no JSON' });
	}
	if (isNewer(json)) return failed('point-newer');
	const result = v.safeParse(localPointSchema, json);
	if (!result.success) {
		const [issue] = result.issues;
		const field = v.getDotPath(issue) ?? 'the file';
		return failed('point-invalid', {
			detail: `${field.slice(0, 60)}: ${issue.message.slice(0, 200)}`
		});
	}
	const point = result.output;
	const { positives, images, patients } = point;
	if (positives > images || (patients ?? 0) > images) {
		return failed('point-invalid', { detail: 'its counts do not agree' });
	}
	return succeeded(point);
}

function isNewer(json: unknown): boolean {
	if (typeof json !== 'object' || json === null) return false;
	const { format, formatVersion } = json as Record<string, unknown>;
	return format === FORMAT && typeof formatVersion === 'number' && formatVersion > FORMAT_VERSION;
}

/** Why a point does not hold for a model; null where it does. */
export function whyNotInForce(
	point: LocalPoint,
	manifest: Pick<Manifest, 'id' | 'version'>
): Problem | null {
	if (point.model !== manifest.id) return problem('point-other-model', { model: point.model });
	if (point.modelVersion === manifest.version) return null;
	return problem('point-other-version', {
		name: point.name,
		made: point.modelVersion,
		version: manifest.version
	});
}

/** The id of a local point: what the CSV says in `operating_point`. */
export function localId({ name }: LocalPoint): string {
	return `${LOCAL_PREFIX}${name}`;
}

/**
 * A local point in the shape of the model's own, to be used like one; `settingText` has its name.
 */
export function asOperatingPoint(point: LocalPoint): OperatingPoint {
	return {
		id: localId(point),
		threshold: point.threshold,
		chosen: { rule: 'sensitivity', atLeast: point.wanted },
		validation: { sensitivity: point.sensitivity, specificity: point.specificity }
	};
}

/** "96 of 100 (88 to 99)". */
export function ofHundred({ value, low, high }: Estimate): string {
	if (value === null) return m.calibration_not_measured();
	const share = hundred(value);
	if (low === null || high === null) return m.calibration_of_hundred({ share });
	return m.calibration_of_hundred_range({ share, low: hundred(low), high: hundred(high) });
}

/** Only none is 0 and only all are 100. */
function hundred(share: number): string {
	const rounded = Math.round(share * 100);
	if (rounded === 100 && share < 1) return m.calibration_over_99();
	if (rounded === 0 && share > 0) return m.calibration_under_1();
	return numberText(rounded);
}

/** What a local point was measured on, in a sentence. */
export function originOf(point: LocalPoint, task: Task): string {
	const words = taskWords(task);
	const day = dayText(new Date(point.time));
	const made = point.by ? m.calibration_origin_by({ day, name: nameText(point.by) }) : day;
	const facts = {
		images: numberText(point.images),
		things: words.things,
		positives: numberText(point.positives),
		withFinding: words.withFinding,
		details: point.where ? `${made}, ${nameText(point.where)}` : made
	};
	if (point.patients === null) return m.calibration_origin(facts);
	const { patients } = point;
	return m.calibration_origin_patients({
		...facts,
		count: patients,
		patients: numberText(patients)
	});
}

/** The file's name: `fieldlens-local-pneumonia-resnet34-ward-3.json`. */
export function pointFileName({ model, name }: LocalPoint): string {
	const safe = name
		.normalize('NFKD')
		.replace(/\p{M}+/gu, '')
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, '-')
		.replace(/^-+|-+$/g, '');
	return `fieldlens-local-${model}${safe ? `-${safe}` : ''}.json`;
}
