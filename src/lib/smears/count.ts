/**
 * What the fields of a slide add up to. Pure: nothing of it is stored, it follows from the fields,
 * from what people said of them, and from the operating point.
 */
import type { Manifest, OperatingPoint } from '../models/manifest';
import { isRecognised } from '../reading/recognition';
import type { Category } from '../reading/score';
import { exactEstimate, type Estimate } from '../statistics/binomial';
import { clusteredEstimate, clusteredShare } from '../statistics/clustered';
import { trueShare } from '../statistics/prevalence';
import type { FieldReading } from './field';
import { isInCount, reviewedCells, type FieldReview, type ReviewedCell } from './field-review';
import { isCountable } from './quality';
import { ratesAt } from './rates';

/** What decides whether a cell is suspected. */
export interface CountRule {
	manifest: Manifest;
	/** The operating point in force. */
	point: OperatingPoint;
}

/** A field with what was said of it. */
export interface CountedField {
	field: FieldReading;
	review: FieldReview | null;
}

/**
 * `suspected`: at or above the point's threshold; `borderline`: below it, but not below that of
 * the model's most careful point; `unrecognised`: too unlike the training cells for its score to
 * mean anything; `unread`: a person added it; `not-counted`: no red cell, cut off, or removed.
 */
export type CellStanding =
	'suspected' | 'borderline' | 'clear' | 'unrecognised' | 'unread' | 'not-counted';

/** Cells of a field, or of a slide. */
export interface CellCounts {
	/** Red cells that count: whole, not removed, and recognised or judged by a person. */
	cells: number;
	/** Of them, by the model: whatever a person said. */
	suspected: number;
	borderline: number;
	/** Red cells that the model does not recognise and nobody judged: not among `cells`. */
	unrecognised: number;
	/** By a person. */
	confirmed: number;
	denied: number;
	cannotTell: number;
	/** Suspected cells of which nobody said anything. */
	waiting: number;
	/** Not counted among red cells. */
	white: number;
	platelets: number;
	cut: number;
	removed: number;
}

/** A share of red cells, and what follows from it. */
export interface Parasitaemia {
	/** 0..1, with its 95 % interval. */
	share: Estimate;
	/** Infected red cells a microlitre, with the interval. */
	perMicrolitre: Estimate;
	/** Whether the count cannot tell it from none: the interval begins at 0. */
	isPerhapsNone: boolean;
}

export interface SlideCount extends CellCounts {
	/** Fields whose cells are counted. */
	fields: number;
	/** Fields that were read, but are too bad to be counted. */
	unusable: number;
	/** By the model alone, corrected for its false alarms and misses; null where nothing is counted. */
	byModel: Parasitaemia | null;
	/** Cells that a person confirmed, as they are; null where nobody judged any. */
	byPerson: Parasitaemia | null;
	/** Of the slide: see `verdictOf`. */
	category: Category;
	/** The share of a field's cells that the spread between fields leaves of them, 0..1. */
	worth: number;
}

/** Red cells a microlitre where the user gives no count (WHO's convention). */
export const USUAL_RED_CELLS = 5_000_000;

/** Where a cell stands by the model. */
export function standingOf(cell: ReviewedCell, { manifest, point }: CountRule): CellStanding {
	if (!isInCount(cell)) return 'not-counted';
	if (cell.score === null || cell.probability === null) return 'unread';
	if (!isRecognised(cell.score.distance, manifest)) return 'unrecognised';
	if (cell.probability >= point.threshold) return 'suspected';
	const careful = Math.min(...manifest.operatingPoints.map(({ threshold }) => threshold));
	return cell.probability >= careful ? 'borderline' : 'clear';
}

/** Count the cells of one field. */
export function countCells({ field, review }: CountedField, rule: CountRule): CellCounts {
	const counts = noCells();
	for (const cell of reviewedCells(field, review)) {
		if (cell.isRemoved) counts.removed++;
		else if (cell.isCut) counts.cut++;
		else if (cell.kind === 'white') counts.white++;
		else if (cell.kind === 'platelet') counts.platelets++;
		const standing = standingOf(cell, rule);
		if (standing === 'not-counted') continue;
		if (standing === 'unrecognised' && cell.finding === null) {
			counts.unrecognised++;
			continue;
		}
		counts.cells++;
		if (standing === 'suspected') {
			counts.suspected++;
			if (cell.finding === null) counts.waiting++;
		}
		if (standing === 'borderline') counts.borderline++;
		if (cell.finding === 'parasite') counts.confirmed++;
		if (cell.finding === 'none') counts.denied++;
		if (cell.finding === 'cannot-tell') counts.cannotTell++;
	}
	return counts;
}

/**
 * Add up the fields of a slide.
 * @param counts of each field that is counted (`countCells`); they are the clusters of the interval.
 * @param unusable fields that are not.
 * @param redCells a microlitre.
 */
export function countSlide(
	counts: readonly CellCounts[],
	unusable: number,
	redCells: number,
	rule: CountRule
): SlideCount {
	const sum = noCells();
	for (const one of counts) for (const key of KEYS) sum[key] += one[key];
	const byModel = sum.cells === 0 ? null : parasitaemiaOf(modelShare(counts, rule), redCells);
	const judged = sum.confirmed + sum.denied + sum.cannotTell;
	const confirmed = counts.map(({ cells, confirmed: hits }) => ({ hits, trials: cells }));
	return {
		...sum,
		fields: counts.length,
		unusable,
		byModel,
		byPerson: judged === 0 ? null : parasitaemiaOf(clusteredEstimate(confirmed), redCells),
		category: verdictOf(sum, byModel),
		worth: sum.cells === 0 ? 1 : clusteredShare(clustersOf(counts)).worth / sum.cells
	};
}

/** Count fields as one slide. */
export function countFields(
	fields: readonly CountedField[],
	redCells: number,
	rule: CountRule
): SlideCount {
	const usable = fields.filter(({ field }) => isCountable(field));
	const counts = usable.map((one) => countCells(one, rule));
	return countSlide(counts, fields.length - usable.length, redCells, rule);
}

/**
 * The category of a slide, and of a field by itself: `likely` where a person confirmed a cell, or
 * where more cells are suspected than false alarms explain (the corrected share is above 0);
 * `uncertain` where cells are suspected and nobody has said that they hold none; `not-seen` else;
 * `unrecognised` where no cell counts.
 */
function verdictOf(
	{ cells, confirmed, suspected, denied }: CellCounts,
	byModel: Parasitaemia | null
): Category {
	if (cells === 0) return 'unrecognised';
	if (confirmed > 0) return 'likely';
	const open = suspected - denied;
	if (open > 0 && denied === 0 && byModel && !byModel.isPerhapsNone) return 'likely';
	return open > 0 ? 'uncertain' : 'not-seen';
}

function modelShare(counts: readonly CellCounts[], { manifest, point }: CountRule): Estimate {
	const clusters = clustersOf(counts);
	const rates = ratesAt(manifest, point);
	if (!rates) return clusteredEstimate(clusters);
	const apparent = clusteredShare(clusters);
	const share = trueShare(apparent, rates);
	// Fewer suspected cells than the model's false alarms would be: no more is ruled out than by
	// as many cells in which a perfect reader found nothing.
	if (share.value !== 0 || share.high === null) return share;
	return { ...share, high: Math.max(share.high, exactEstimate(0, apparent.trials).high ?? 1) };
}

const clustersOf = (counts: readonly CellCounts[]) =>
	counts.map(({ cells, suspected }) => ({ hits: suspected, trials: cells }));

function parasitaemiaOf(share: Estimate, redCells: number): Parasitaemia {
	const of = (value: number | null) => value && value * redCells;
	return {
		share,
		perMicrolitre: { value: of(share.value), low: of(share.low), high: of(share.high) },
		isPerhapsNone: !(share.low !== null && share.low > 0)
	};
}

function noCells(): CellCounts {
	return {
		cells: 0,
		suspected: 0,
		borderline: 0,
		unrecognised: 0,
		confirmed: 0,
		denied: 0,
		cannotTell: 0,
		waiting: 0,
		white: 0,
		platelets: 0,
		cut: 0,
		removed: 0
	};
}

const KEYS = Object.keys(noCells()) as (keyof CellCounts)[];
