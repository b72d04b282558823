/** What a slide's fields add up to, as figures with their names: by the program, by a person. */
import type { Parasitaemia } from '../smears/count';
import type { Estimate } from '../statistics/binomial';
import type { Slide } from '../worklist/slides';

export interface Figure {
	/** Short, for codes: 16 characters at most. */
	readonly id: string;
	/** In English, 64 characters at most. */
	readonly name: string;
	readonly value: number;
	readonly unit: 'percent' | 'per-microlitre' | 'count';
}

export interface SlideFigures {
	/** The share of red cells with parasites, in percent; null where nothing is counted. */
	readonly share: Figure | null;
	/** Its 95 % interval, the same a microlitre, and what was counted. */
	readonly others: readonly Figure[];
}

export function figuresByProgram({ count, unread, redCells }: Slide): SlideFigures {
	const { byModel } = count;
	return {
		share: shareOf('Red cells with parasites, by the program, errors corrected for', byModel),
		others: [
			...(byModel ? estimates(byModel, redCells) : []),
			counted('cells', 'Red cells counted', count.cells),
			counted('suspected', 'Of them suspected', count.suspected),
			counted('borderline', 'Of them borderline', count.borderline),
			counted('unrecognised', 'Red cells not recognised, and not counted', count.unrecognised),
			counted('fields', 'Fields counted', count.fields),
			counted('unusable', 'Fields too bad to be counted', count.unusable),
			counted('unread', 'Files that are not read', unread)
		]
	};
}

/** Null where nobody judged any cell. */
export function figuresByPerson({ count, redCells }: Slide): SlideFigures | null {
	const { byPerson } = count;
	if (!byPerson) return null;
	return {
		share: shareOf('Red cells in which the person who looked sees parasites', byPerson),
		others: [
			...estimates(byPerson, redCells),
			counted('confirmed', 'Cells with parasites', count.confirmed),
			counted('denied', 'Suspected cells without', count.denied),
			counted('cannot-tell', 'Cells of which the person cannot tell', count.cannotTell),
			counted('waiting', 'Suspected cells that nobody looked at', count.waiting)
		]
	};
}

/** The people who judged cells of a slide, and when the last did. */
export function judgesOf({ rows }: Slide): { names: readonly string[]; time: string } {
	const said = rows.flatMap(({ fieldReview }) => fieldReview?.said ?? []);
	const names = new Set(said.map(({ by }) => by).filter((by) => by !== ''));
	const times = said.map(({ time }) => time).sort();
	return { names: [...names], time: times.at(-1) ?? '' };
}

function shareOf(name: string, found: Parasitaemia | null): Figure | null {
	return figure('share', name, found?.share.value ?? null, 'percent');
}

/** The interval of the share, and the same in a microlitre. */
function estimates({ share, perMicrolitre }: Parasitaemia, redCells: number): Figure[] {
	return [
		...interval('share', 'of the share', share, 'percent'),
		figure('per-ul', 'Parasites a microlitre', perMicrolitre.value, 'per-microlitre'),
		...interval('per-ul', 'a microlitre', perMicrolitre, 'per-microlitre'),
		figure('red-cells', 'Red cells a microlitre that this rests on', redCells, 'per-microlitre')
	].filter((one) => one !== null);
}

function interval(id: string, what: string, { low, high }: Estimate, unit: Figure['unit']) {
	return [
		figure(`${id}-low`, `Lower end of the 95 % interval ${what}`, low, unit),
		figure(`${id}-high`, `Upper end of the 95 % interval ${what}`, high, unit)
	];
}

/** Digits behind the point of a share in percent. */
const DIGITS = 4;

/** @param value a share is 0..1. */
function figure(
	id: string,
	name: string,
	value: number | null,
	unit: Figure['unit']
): Figure | null {
	if (value === null) return null;
	const shown = unit === 'percent' ? Number((value * 100).toFixed(DIGITS)) : Math.round(value);
	return { id, name, value: shown, unit };
}

const counted = (id: string, name: string, value: number): Figure => ({
	id,
	name,
	value,
	unit: 'count'
});
