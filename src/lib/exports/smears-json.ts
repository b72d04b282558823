/** Slides and their cells as JSON, for other programs: all that both tables hold. */
import { isCountable } from '../smears/quality';
import { reviewedCells, type ReviewedCell } from '../smears/field-review';
import { standingOf, type CountRule, type Parasitaemia } from '../smears/count';
import type { Row } from '../worklist/row';
import type { Slide } from '../worklist/slides';

/** The format's name and version; what reads it checks the major number. */
const SLIDES_SCHEMA = 'fieldlens-slides/1.0';

/** UTF-8, no byte order mark (RFC 8259), in English. */
export function slidesJson(slides: readonly Slide[], rule: CountRule, made: Date): string {
	const { manifest, point } = rule;
	const content = {
		schema: SLIDES_SCHEMA,
		made: made.toISOString(),
		notice: 'A help for sorting, not a diagnosis. A person decides.',
		model: { id: manifest.id, version: manifest.version, task: manifest.task },
		operatingPoint: { id: point.id, threshold: point.threshold },
		slides: slides.map((slide) => slideOf(slide, rule))
	};
	return JSON.stringify(content, null, '\t') + '\n';
}

function slideOf({ key, isNamed, rows, unread, redCells, count }: Slide, rule: CountRule) {
	const { byModel, byPerson, category, worth, ...counts } = count;
	return {
		slide: key,
		putTogetherByHand: isNamed,
		category: category === 'unrecognised' ? 'not recognised' : category,
		counts: { ...counts, unreadFiles: unread },
		shareLeftBySpread: worth,
		redCellsPerMicrolitre: redCells,
		byModel: byModel && shareOf(byModel),
		byPerson: byPerson && shareOf(byPerson),
		fields: rows.flatMap((row) => fieldOf(row, rule))
	};
}

/** 0..1, with the 95 % interval. */
const shareOf = ({ share, perMicrolitre, isPerhapsNone }: Parasitaemia) => ({
	share,
	perMicrolitre,
	perhapsNone: isPerhapsNone
});

function fieldOf({ path, field, fieldReview }: Row, rule: CountRule) {
	if (!field) return [];
	const said = new Map(fieldReview?.said.map((one) => [one.cell, one]));
	const isCounted = isCountable(field);
	return [
		{
			path,
			notes: field.notes,
			isCounted,
			cells: reviewedCells(field, fieldReview).map((cell) => {
				const finding = said.get(cell.index);
				const standing = isCounted ? standingOf(cell, rule) : null;
				return {
					cell: cell.index,
					...boxOf(cell),
					kind: cell.kind,
					standing,
					// Of a cell that is not recognised, or in a field that is not counted, it means nothing.
					probability: standing === null || standing === 'unrecognised' ? null : cell.probability,
					distance: cell.score?.distance ?? null,
					added: cell.isAdded,
					removed: cell.isRemoved,
					review: finding ? { finding: finding.finding, by: finding.by, time: finding.time } : null
				};
			})
		}
	];
}

/** Pixels of the photograph. */
const boxOf = ({ left, top, right, bottom }: ReviewedCell) => ({
	x: left,
	y: top,
	width: right - left,
	height: bottom - top
});
