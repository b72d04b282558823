/** Slides as tables: a row a slide, and a row a cell. Files are English. */
import Papa from 'papaparse';
import { isCountable } from '../smears/quality';
import { reviewedCells } from '../smears/field-review';
import { standingOf, type CountRule } from '../smears/count';
import type { Estimate } from '../statistics/binomial';
import type { Slide } from '../worklist/slides';
import { FORMULA } from './csv';

type Line = Record<string, string | number>;

/** A row a slide: what was counted, and parasitaemia by the model and by the person. */
export function slidesCsv(slides: readonly Slide[], rule: CountRule): string {
	return tableOf(slides.map((slide) => ({ ...slideLine(slide), ...modelLine(rule) })));
}

/** A row a cell that was found or added, whatever came of it. */
export function cellsCsv(slides: readonly Slide[], rule: CountRule): string {
	return tableOf(slides.flatMap((slide) => cellLines(slide, rule)));
}

function slideLine({ key, isNamed, rows, unread, redCells, count }: Slide): Line {
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
		...estimateLine('model_share', byModel?.share),
		model_perhaps_none: byModel ? (byModel.isPerhapsNone ? 'yes' : 'no') : '',
		...estimateLine('model_per_microlitre', byModel?.perMicrolitre),
		...estimateLine('person_share', byPerson?.share),
		...estimateLine('person_per_microlitre', byPerson?.perMicrolitre),
		red_cells_per_microlitre: redCells
	};
}

function modelLine({ manifest, point }: CountRule): Line {
	return { operating_point: point.id, model: manifest.id, model_version: manifest.version };
}

function cellLines({ key, rows }: Slide, rule: CountRule): Line[] {
	return rows.flatMap(({ path, field, fieldReview }) => {
		if (!field) return [];
		const said = new Map(fieldReview?.said.map((one) => [one.cell, one]));
		return reviewedCells(field, fieldReview).map((cell): Line => {
			const { left, top, right, bottom } = cell;
			const finding = said.get(cell.index);
			return {
				...{ slide: key, path, cell: cell.index },
				...{ x: left, y: top, width: right - left, height: bottom - top },
				kind: cell.kind,
				standing: isCountable(field) ? standingOf(cell, rule) : 'field-not-counted',
				probability: shareText(cell.probability),
				distance: shareText(cell.score?.distance),
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
function estimateLine(name: string, estimate: Estimate | undefined): Line {
	return {
		[name]: shareText(estimate?.value),
		[`${name}_low`]: shareText(estimate?.low),
		[`${name}_high`]: shareText(estimate?.high)
	};
}

/** Digits behind the point. */
const DIGITS = 6;

function shareText(value: number | null | undefined): string {
	return value === null || value === undefined ? '' : value.toFixed(DIGITS);
}

/** As `csvOf` writes tables. */
function tableOf(lines: readonly Line[]): string {
	const text = Papa.unparse([...lines], { newline: '\r\n', escapeFormulae: FORMULA });
	return '\ufeff' + text + '\r\n';
}
