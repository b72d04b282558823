/** What a slide's fields add up to, as Observations of FHIR R4: by the program, and by a person. */
import type { Observation, ObservationComponent } from 'fhir/r4';
import { categoryText } from '../reading/category-messages';
import type { Parasitaemia } from '../smears/count';
import type { Estimate } from '../statistics/binomial';
import type { Slide } from '../worklist/slides';
import type { Report } from './export';
import { methodSaid, NOTICE } from './said';

const UCUM = 'http://unitsofmeasure.org';

/** Digits behind the point of a share in percent. */
const DIGITS = 4;

/**
 * The share of red cells that hold parasites, with its 95 % interval and what was counted; none of
 * it where nothing is counted.
 */
export function slideByProgram(slide: Slide, model: Report['model']): Observation {
	const { count, unread, redCells } = slide;
	const { byModel } = count;
	const said = model && categoryText(count.category, model.manifest.task);
	return {
		resourceType: 'Observation',
		// Nobody has to agree with it.
		status: byModel ? 'preliminary' : 'cancelled',
		code: {
			text: 'Share of red cells with parasites by the program, corrected for how often it errs'
		},
		...shareOf(byModel),
		...(!byModel && { dataAbsentReason: { text: said ?? 'no cell was counted' } }),
		...(said && { interpretation: [{ text: said }] }),
		...(model && { method: { text: methodSaid(model) } }),
		component: [
			...(byModel ? estimates(byModel, redCells) : []),
			counted('Red cells counted', count.cells),
			counted('Of them suspected', count.suspected),
			counted('Of them borderline', count.borderline),
			counted('Red cells not recognised, and not counted', count.unrecognised),
			counted('Fields counted', count.fields),
			counted('Fields too bad to be counted', count.unusable),
			counted('Files that are not read', unread)
		],
		note: [
			...(byModel?.isPerhapsNone ? [{ text: 'The count cannot tell it from none.' }] : []),
			{ text: NOTICE }
		]
	};
}

/** The cells that a person confirmed; null where nobody judged any. */
export function slideByPerson({ rows, count, redCells }: Slide): Observation | null {
	const { byPerson, waiting } = count;
	if (!byPerson) return null;
	const said = rows.flatMap(({ fieldReview }) => fieldReview?.said ?? []);
	const names = [...new Set(said.map(({ by }) => by).filter((by) => by !== ''))];
	const times = said.map(({ time }) => time).sort();
	return {
		resourceType: 'Observation',
		// Suspected cells that nobody looked at may add to it.
		status: waiting > 0 ? 'preliminary' : 'final',
		code: { text: 'Share of red cells in which the person who looked sees parasites' },
		...shareOf(byPerson),
		...(names.length > 0 && { performer: names.map((display) => ({ display })) }),
		...(times.length > 0 && { issued: times[times.length - 1] }),
		component: [
			...estimates(byPerson, redCells),
			counted('Cells with parasites', count.confirmed),
			counted('Suspected cells without', count.denied),
			counted('Cells of which the person cannot tell', count.cannotTell),
			counted('Suspected cells that nobody looked at', waiting)
		]
	};
}

function shareOf(found: Parasitaemia | null): Pick<Observation, 'valueQuantity'> {
	const value = found?.share.value ?? null;
	return value === null ? {} : { valueQuantity: percent(value) };
}

/** The interval of the share, and the same in a microlitre. */
function estimates(
	{ share, perMicrolitre }: Parasitaemia,
	redCells: number
): ObservationComponent[] {
	return [
		...interval('of the share', share, percent),
		component('Parasites a microlitre', perMicrolitre.value, perMicro),
		...interval('a microlitre', perMicrolitre, perMicro),
		component('Red cells a microlitre that this rests on', redCells, perMicro)
	].filter((one) => one !== null);
}

type Quantity = (value: number) => ObservationComponent['valueQuantity'];

function interval(what: string, { low, high }: Estimate, quantity: Quantity) {
	return [
		component(`Lower end of the 95 % interval ${what}`, low, quantity),
		component(`Upper end of the 95 % interval ${what}`, high, quantity)
	];
}

function component(text: string, value: number | null, quantity: Quantity) {
	return value === null ? null : { code: { text }, valueQuantity: quantity(value) };
}

const counted = (text: string, valueInteger: number): ObservationComponent => ({
	code: { text },
	valueInteger
});

/** @param share 0..1 */
function percent(share: number): ObservationComponent['valueQuantity'] {
	return { value: rounded(share * 100), unit: '%', system: UCUM, code: '%' };
}

function perMicro(value: number): ObservationComponent['valueQuantity'] {
	return { value: Math.round(value), unit: '/µL', system: UCUM, code: '/uL' };
}

const rounded = (value: number) => Number(value.toFixed(DIGITS));
