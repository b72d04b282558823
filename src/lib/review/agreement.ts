/** How what people say of images compares with the list's categories. Pure. */
import type { Category } from '../reading/score';
import type { Finding } from './review';

/**
 * `agree` or `differs` where the list and the person both say something definite; `unsure`
 * where one of them does not.
 */
export type Agreement = 'agree' | 'differs' | 'unsure';

/** A share of `n` with its 95 % interval, all 0..1. */
export interface Share {
	value: number;
	low: number;
	high: number;
	n: number;
}

/** Cohen's kappa with its 95 % interval, -1..1. */
export interface Kappa {
	value: number;
	low: number;
	high: number;
}

/** Of the images of one category: what people said of them. */
interface FindingCounts extends Record<Finding, number> {
	unreviewed: number;
}

export interface ReviewSummary {
	/** The categories that the list has, and null for images without one that were reviewed. */
	byCategory: ReadonlyMap<Category | null, FindingCounts>;
	reviewed: number;
	agree: number;
	differs: number;
	unsure: number;
	/** Of the images where both said something definite; null where there are none. */
	agreement: Share | null;
	kappa: Kappa | null;
}

/** The 97.5 % quantile of the normal distribution. */
const Z = 1.959963984540054;

/**
 * What a category says of the finding. The others (uncertain, not recognised, and what else
 * comes) say nothing that a person could agree with: they ask for a person.
 */
const CLAIMS: Partial<Record<Category, 'present' | 'absent'>> = {
	likely: 'present',
	'not-seen': 'absent'
};

/** Whether a person agrees with the list. */
export function agreementOf(category: Category | null, finding: Finding): Agreement {
	const claim = category && CLAIMS[category];
	if (!claim || finding === 'unsure') return 'unsure';
	return claim === finding ? 'agree' : 'differs';
}

/**
 * Counts by category and by review, and how far the two agree.
 * @param images every image of the list: its category, and what a person said, if anything.
 */
export function summaryOf(
	images: Iterable<{ category: Category | null; finding: Finding | null }>
): ReviewSummary {
	const byCategory = new Map<Category | null, FindingCounts>();
	for (const { category, finding } of images) {
		if (category === null && finding === null) continue;
		const counts = byCategory.get(category) ?? { present: 0, absent: 0, unsure: 0, unreviewed: 0 };
		byCategory.set(category, counts);
		counts[finding ?? 'unreviewed']++;
	}
	const total: Record<Agreement, number> = { agree: 0, differs: 0, unsure: 0 };
	for (const [category, counts] of byCategory) {
		for (const finding of ['present', 'absent', 'unsure'] as const) {
			total[agreementOf(category, finding)] += counts[finding];
		}
	}
	const likely = byCategory.get('likely');
	const notSeen = byCategory.get('not-seen');
	return {
		byCategory,
		...total,
		reviewed: total.agree + total.differs + total.unsure,
		agreement: wilson(total.agree, total.agree + total.differs),
		kappa: kappaOf([
			[likely?.present ?? 0, likely?.absent ?? 0],
			[notSeen?.present ?? 0, notSeen?.absent ?? 0]
		])
	};
}

/**
 * A share with its 95 % interval by the score method (Wilson 1927, "Probable inference, the
 * law of succession, and statistical inference").
 * @returns null of nothing.
 */
export function wilson(hits: number, n: number): Share | null {
	if (n === 0) return null;
	const value = hits / n;
	const scale = 1 + Z ** 2 / n;
	const centre = (value + Z ** 2 / (2 * n)) / scale;
	const half = (Z / scale) * Math.sqrt((value * (1 - value)) / n + Z ** 2 / (4 * n ** 2));
	// None and all are the ends themselves, whatever the rounding says.
	const low = hits === 0 ? 0 : centre - half;
	const high = hits === n ? 1 : centre + half;
	return { value, low, high, n };
}

/**
 * Cohen's kappa of two observers: 1 is full agreement, 0 what chance alone would give. The
 * interval comes from the asymptotic standard error for a kappa that is not zero (Fleiss,
 * Cohen and Everitt 1969, "Large sample standard errors of kappa and weighted kappa",
 * equation 13), cut to -1..1; with few images it is rough.
 * @param table counts, square: one observer's answers in rows, the other's in columns.
 * @returns null of nothing, and where one observer gave one answer to all: then kappa is 0
 *   whatever the other said. The interval has no width where the two never differ.
 */
export function kappaOf(table: readonly (readonly number[])[]): Kappa | null {
	const n = sum(table.map(sum));
	if (n === 0) return null;
	const share = table.map((row) => row.map((count) => count / n));
	const ofRow = share.map(sum);
	const ofColumn = share.map((_, column) => sum(share.map((row) => row[column])));
	if ([...ofRow, ...ofColumn].some((value) => value > 1 - 1e-12)) return null;
	const observed = sum(share.map((row, i) => row[i]));
	const byChance = sum(ofRow.map((value, i) => value * ofColumn[i]));
	const kappa = (observed - byChance) / (1 - byChance);

	const agreeing = sum(
		share.map((row, i) => row[i] * (1 - (ofRow[i] + ofColumn[i]) * (1 - kappa)) ** 2)
	);
	const differing = sum(
		share.map((row, i) =>
			sum(row.map((value, j) => (i === j ? 0 : value * (ofColumn[i] + ofRow[j]) ** 2)))
		)
	);
	const variance =
		(agreeing + (1 - kappa) ** 2 * differing - (kappa - byChance * (1 - kappa)) ** 2) /
		(n * (1 - byChance) ** 2);
	const half = Z * Math.sqrt(Math.max(0, variance));
	return { value: kappa, low: Math.max(-1, kappa - half), high: Math.min(1, kappa + half) };
}

function sum(values: readonly number[]): number {
	return values.reduce((total, value) => total + value, 0);
}
