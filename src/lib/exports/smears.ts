/** Slides as tables: a row a slide, and a row a cell. Their headings and words are English. */
import { isCountable } from '../smears/quality';
import { reviewedCells } from '../smears/field-review';
import { standingOf, type CountRule } from '../smears/count';
import type { Estimate } from '../statistics/binomial';
import type { Slide } from '../worklist/slides';
import { decimalText, spreadsheetForm, spreadsheetText, type SpreadsheetForm } from './spreadsheet';

type Line = Record<string, string | number>;

/** A row a slide: what was counted, and parasitaemia by the model and by the person. */
export function slidesCsv(slides: readonly Slide[], rule: CountRule): string {
	const form = spreadsheetForm();
	return tableOf(
		slides.map((slide) => ({ ...slideLine(slide, form), ...modelLine(rule) })),
		form
	);
}

/** A row a cell that was found or added, whatever came of it. */
export function cellsCsv(slides: readonly Slide[], rule: CountRule): string {
	const form = spreadsheetForm();
	return tableOf(
		slides.flatMap((slide) => cellLines(slide, rule, form)),
		form
	);
}

function slideLine(
	{ key, isNamed, rows, unread, redCells, count }: Slide,
	form: SpreadsheetForm
): Line {
	const { byModel, byPerson } = count;
	return {
		slide: key,
		put_together_by_hand: isNamed ? 'yes' : '',
		category: count.category === 'unrecognised' ? 'not recognised' : count.category,
		files: rows.length,
		fields: count.fields,
		unusable_fields: count.unusable,
		unread_files: unread,
		cells: count.cells,
		suspected: count.suspected,
		borderline: count.borderline,
		not_recognised: count.unrecognised,
		confirmed: count.confirmed,
		denied: count.denied,
		cannot_tell: count.cannotTell,
		suspected_not_looked_at: count.waiting,
		...estimateLine('model_share', byModel?.share, form),
		model_perhaps_none: byModel ? (byModel.isPerhapsNone ? 'yes' : 'no') : '',
		...estimateLine('model_per_microlitre', byModel?.perMicrolitre, form),
		...estimateLine('person_share', byPerson?.share, form),
		...estimateLine('person_per_microlitre', byPerson?.perMicrolitre, form),
		red_cells_per_microlitre: redCells
	};
}

function modelLine({ manifest, point }: CountRule): Line {
	return { operating_point: point.id, model: manifest.id, model_version: manifest.version };
}

function cellLines({ key, rows }: Slide, rule: CountRule, form: SpreadsheetForm): Line[] {
	return rows.flatMap(({ path, field, fieldReview }) => {
		if (!field) return [];
		const said = new Map(fieldReview?.said.map((one) => [one.cell, one]));
		return reviewedCells(field, fieldReview).map((cell): Line => {
			const { left, top, right, bottom } = cell;
			const finding = said.get(cell.index);
			const standing = isCountable(field) ? standingOf(cell, rule) : 'field-not-counted';
			const isMeant = standing !== 'unrecognised' && standing !== 'field-not-counted';
			return {
				...{ slide: key, path, cell: cell.index },
				...{ x: left, y: top, width: right - left, height: bottom - top },
				kind: cell.kind,
				standing,
				probability: shareText(isMeant ? cell.probability : null, form),
				added: cell.isAdded ? 'yes' : '',
				removed: cell.isRemoved ? 'yes' : '',
				finding: finding?.finding ?? '',
				reviewer: finding?.by ?? '',
				reviewed_at: finding?.time ?? ''
			};
		});
	});
}

/** A figure and its interval in three columns, empty where there is none. */
function estimateLine(name: string, estimate: Estimate | undefined, form: SpreadsheetForm): Line {
	return {
		[name]: shareText(estimate?.value, form),
		[`${name}_low`]: shareText(estimate?.low, form),
		[`${name}_high`]: shareText(estimate?.high, form)
	};
}

/** Digits behind the point. */
const DIGITS = 6;

function shareText(value: number | null | undefined, form: SpreadsheetForm): string {
	return value === null || value === undefined ? '' : decimalText(value, DIGITS, form);
}

function tableOf(lines: readonly Line[], form: SpreadsheetForm): string {
	const names = Object.keys(lines.at(0) ?? {});
	return spreadsheetText(
		[names, ...lines.map((line) => names.map((name) => `${line[name]}`))],
		form
	);
}
