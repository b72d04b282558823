/** What a slide's fields add up to, as content items: by the program, and by a person. */
import { categoryText } from '../../reading/category-messages';
import type { Slide } from '../../worklist/slides';
import type { Report } from '../export';
import { figuresByPerson, figuresByProgram, type Figure } from '../slide-figures';
import { code, number, own, text, type Code } from './content';
import type { DataSet } from './elements';

const ucum = (value: string, meaning: string): Code => ({ value, scheme: 'UCUM', meaning });

const UNITS: Record<Figure['unit'], Code> = {
	percent: ucum('%', 'percent'),
	'per-microlitre': ucum('/uL', 'per microlitre'),
	count: ucum('1', 'no units')
};

/** The share with its interval and what was counted; a reason in its place where nothing was. */
export function slideByProgram(slide: Slide, model: Report['model']): DataSet[] {
	const { share, others } = figuresByProgram(slide);
	const { category } = slide.count;
	const said = model && categoryText(category, model.manifest.task);
	return [
		share
			? itemOf('program', share)
			: text(own('no-score', 'Why there is no score'), said ?? 'no cell was counted'),
		...(said ? [code(own('category', 'Category by the program'), own(category, said))] : []),
		...others.map((one) => itemOf('program', one))
	];
}

/** Null where nobody judged any cell. */
export function slideByPerson(slide: Slide): DataSet[] | null {
	const figures = figuresByPerson(slide);
	if (!figures?.share) return null;
	return [figures.share, ...figures.others].map((one) => itemOf('person', one));
}

/** Whose figure it is belongs to its name: the share is called otherwise. */
function itemOf(by: 'program' | 'person', { id, name, value, unit }: Figure): DataSet {
	const short = id === 'share' ? `share-${by}` : id;
	return number(own(short, name), value, UNITS[unit]);
}
