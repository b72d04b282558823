/** How many more fields of a slide have to be photographed for a count of a wanted certainty. */
import { NORMAL_975 } from '../statistics/binomial';
import type { SlideCount } from './count';

/**
 * Red cells that a count of a thin film goes by at least (parasites are counted against 2,000 red
 * cells: Malaria Journal 2020, doi:10.1186/s12936-020-03352-z, table 3).
 */
export const LEAST_CELLS = 2000;
/** How far the interval may reach to each side, as a share of the estimate. */
export const WANTED_REACH = [0.5, 0.25] as const;
export type WantedReach = (typeof WANTED_REACH)[number];
/** Beyond so many a thick smear finds more in less time. */
const MOST_FIELDS = 200;

/**
 * `nothing-counted`: no field can be counted; `more`: so many more fields; `thick-smear`: too few
 * parasites to count in a thin film; `enough`: the count is as sure as was wanted.
 */
export type MoreFields =
	| { kind: 'nothing-counted' | 'thick-smear' | 'enough' }
	| { kind: 'more'; fields: number; because: 'few-cells' | 'wide-interval' };

/**
 * What the count of a slide still lacks. The cells that are wanted follow from the normal
 * approximation of a share's interval; each field is worth what the spread between fields leaves.
 * @param reach of the interval to each side, as a share of the estimate.
 */
export function moreFields(count: SlideCount, reach: WantedReach): MoreFields {
	if (count.cells === 0) return { kind: 'nothing-counted' };
	const cellsOfField = count.cells / count.fields;
	const lacking = fieldsFor(LEAST_CELLS - count.cells, cellsOfField);
	const { value, low } = (count.byPerson ?? count.byModel)?.share ?? { value: null, low: null };
	// A share that is perhaps none has no interval of a wanted width.
	if (!value || !low) return few(lacking);
	const wanted = ((NORMAL_975 / reach) ** 2 * (1 - value)) / value;
	const worthOfField = cellsOfField * count.worth;
	const fields = fieldsFor(wanted - worthOfField * count.fields, worthOfField);
	if (fields > MOST_FIELDS) return { kind: 'thick-smear' };
	if (fields <= lacking) return few(lacking);
	return { kind: 'more', fields, because: 'wide-interval' };
}

function few(lacking: number): MoreFields {
	return lacking === 0
		? { kind: 'enough' }
		: { kind: 'more', fields: lacking, because: 'few-cells' };
}

function fieldsFor(cells: number, cellsOfField: number): number {
	return cells <= 0 ? 0 : Math.ceil(cells / cellsOfField - 1e-9);
}
