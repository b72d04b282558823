/**
 * A manifest from unknown JSON: its form (`manifest-schema.ts`), then the rules between its fields
 * (`manifest-rules.ts`).
 */
import * as v from 'valibot';
import { TASK_DATA } from '../tasks/data';
import type { TaskData } from '../tasks/task';
import { findContradiction } from './manifest-rules';
import { manifestSchema, summarySchema, type Manifest } from './manifest-schema';
import { isSummary } from './reference-file';

export type { Manifest, Classifier, OperatingPoint, Recognition } from './manifest-schema';

/** The format that this program reads: `major.minor`; a newer one may say what it does not know. */
const SCHEMA_VERSION = { major: 2, minor: 0 } as const;

/** Why a manifest was refused; `field` is the dotted path of the first wrong value. */
interface ManifestRefusal {
	reason: 'newer-format' | 'invalid';
	field: string;
	detail: string;
}

type Parsed = { ok: true; manifest: Manifest } | { ok: false; refusal: ManifestRefusal };

/**
 * The same for what a site gives, whose reference vectors may be in a file of their own: then the
 * manifest has none, and is good for showing the model alone.
 */
export function parseOffered(json: unknown, tasks: readonly TaskData[] = TASK_DATA): Parsed {
	return parseBy(isSummary(json) ? summarySchema : manifestSchema, json, tasks);
}

/**
 * Check unknown JSON against the format and the tasks.
 * @returns the manifest, or why it is refused; never throws.
 */
export function parseManifest(json: unknown, tasks: readonly TaskData[] = TASK_DATA): Parsed {
	return parseBy(manifestSchema, json, tasks);
}

function parseBy(
	schema: typeof manifestSchema | typeof summarySchema,
	json: unknown,
	tasks: readonly TaskData[]
): Parsed {
	const version =
		typeof json === 'object' && json !== null && 'schemaVersion' in json
			? String(json.schemaVersion)
			: '';
	const [major = NaN, minor = NaN] = version.split('.').map(Number);
	const isNewer =
		major > SCHEMA_VERSION.major ||
		(major === SCHEMA_VERSION.major && minor > SCHEMA_VERSION.minor);
	if (isNewer) return refuse('newer-format', 'schemaVersion', version);
	const result = v.safeParse(schema, json);
	if (!result.success) {
		const issue = result.issues[0];
		return refuse('invalid', v.getDotPath(issue) ?? '', issue.message);
	}
	const fault = findContradiction(result.output, tasks);
	return fault
		? refuse('invalid', fault.field, fault.detail)
		: { ok: true, manifest: result.output };
}

function refuse(reason: ManifestRefusal['reason'], field: string, detail: string) {
	return { ok: false as const, refusal: { reason, field, detail } };
}
