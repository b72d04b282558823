/** A manifest's figures as a person reads them. Pure. */
import type { Manifest, OperatingPoint } from './manifest';
import { taskWords } from './task-words';

export type DataSet = Manifest['metrics'][number];
export type Figure = DataSet['auc'];

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

/** What an operating point means, in plain words: what it finds, what it flags for nothing. */
export function promiseOf(manifest: Manifest, point: OperatingPoint): string {
	const words = taskWords(manifest.task);
	const { sensitivity, specificity } = measuredAt(manifest, point);
	if (sensitivity.value === null || specificity.value === null) {
		return 'What this setting finds was not measured.';
	}
	const found = inHundred(sensitivity.value);
	const flagged = inHundred(1 - specificity.value);
	const also = flagged === 0 ? 'none is' : flagged === 1 ? '1 is' : `${flagged} are`;
	return `Finds ${found} of 100 ${words.positive}. Of 100 ${words.negativeShort}, ${also} also flagged.`;
}

/** A size as the pages say it: `21.3 MB`. */
export function megabytes(bytes: number): string {
	return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** How much larger a package is than another, in words; '' where they are about equal. */
export function sizeBeside(bytes: number, other: number): string {
	const ratio = bytes / other;
	if (ratio > 1.15) return `${ratio.toFixed(1)} times as large`;
	return '';
}
