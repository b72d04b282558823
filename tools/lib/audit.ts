// What Lighthouse's reports say, and whether it is enough.
import { median } from './statistics.ts';

export const CATEGORIES = ['performance', 'accessibility', 'best-practices'] as const;
/** The least score of 100 that passes. */
export const LEAST = 95;
/** Reports of a page: a machine that is busy with other things makes the figures of one jump. */
export const ROUNDS = 3;

/** the part of a Lighthouse report that is used */
export interface Report {
	categories: Record<string, { score: number | null; auditRefs: { id: string; weight: number }[] }>;
	audits: Record<string, { title: string; score: number | null; displayValue?: string }>;
	environment: { benchmarkIndex: number };
}

/**
 * The median score of each category, 0 to 100; 0 where a report has none, which is a failure.
 * @param reports of one page
 */
export function scoresOf(reports: readonly Report[]) {
	return CATEGORIES.map((category) => ({
		category,
		score: median(reports.map((report) => 100 * (report.categories[category]?.score ?? 0)))
	}));
}

/**
 * Whether more rounds cannot change what passes: in each category most of them already agree.
 * @param reports of one page
 */
export function isDecided(reports: readonly Report[]) {
	return CATEGORIES.every((category) => {
		const passes = reports.map((report) => passed(100 * (report.categories[category]?.score ?? 0)));
		const good = passes.filter(Boolean).length;
		return 2 * Math.max(good, passes.length - good) > ROUNDS;
	});
}

export function passed(score: number) {
	// Scores are hundredths, which floats do not hold.
	return Math.round(score) >= LEAST;
}

/** What cost points in a category, the heaviest first. */
export function faultsOf(report: Report, category: string) {
	const refs = report.categories[category]?.auditRefs ?? [];
	return refs
		.flatMap(({ id, weight }) => {
			const audit = report.audits[id];
			if (!audit || audit.score === null || weight === 0 || audit.score >= 0.995) return [];
			const { title, displayValue = '', score } = audit;
			return [{ text: `${title} ${displayValue}`.trim(), cost: weight * (1 - score) }];
		})
		.sort((a, b) => b.cost - a.cost)
		.map(({ text }) => text);
}
