/** A manifest's figures as a person reads them. */
import type { Locale } from '../i18n/locales';
import { m } from '../paraglide/messages.js';
import type { Manifest, OperatingPoint } from './manifest';
import { TASKS } from '../tasks';
import type { TaskRegistry } from '../tasks/registry';

export type DataSet = Manifest['metrics'][number];
export type Figure = DataSet['auc'];
export type Subgroup = Manifest['card']['subgroups'][number];

/** The order in which a card shows its data sets: what says most about others' images first. */
const ROLES: readonly DataSet['role'][] = ['test', 'external', 'shift', 'validation'];

/** The data sets of a card, the most telling first. */
export function dataSetsOf(manifest: Manifest): DataSet[] {
	return [...manifest.metrics].sort((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role));
}

/** What an operating point gave, and on which images: test's where they were measured. */
export function measuredAt(manifest: Manifest, point: OperatingPoint) {
	const test = manifest.metrics.find((set) => set.role === 'test')?.operatingPoints[point.id];
	const { sensitivity, specificity } = test ?? point.validation;
	return { role: test ? ('test' as const) : ('validation' as const), sensitivity, specificity };
}

/**
 * A share as a count of 100. None and all are said only where they are exact: 0.998 is 99
 * of 100, 0.002 is 1.
 * @param share 0..1
 */
export function inHundred(share: number): number {
	if (share <= 0 || share >= 1) return share <= 0 ? 0 : 100;
	return Math.min(99, Math.max(1, Math.round(share * 100)));
}

/**
 * What an operating point means, in plain words: what it finds, what it flags for nothing.
 * @param locale the page's language where it is left out; files are in English.
 */
export function promiseOf(
	manifest: Manifest,
	point: OperatingPoint,
	locale?: Locale,
	tasks: TaskRegistry = TASKS
): string {
	const { sensitivity, specificity } = measuredAt(manifest, point);
	if (sensitivity.value === null || specificity.value === null) {
		return m.models_promise_unmeasured({}, locale ? { locale } : {});
	}
	const found = inHundred(sensitivity.value);
	const flagged = inHundred(1 - specificity.value);
	return tasks.promise(manifest.task, { found, flagged }, locale);
}

/** How many times as large as another a package is; null where it is not clearly larger. */
export function timesAsLarge(bytes: number, other: number): number | null {
	const ratio = bytes / other;
	return ratio > 1.15 ? ratio : null;
}
