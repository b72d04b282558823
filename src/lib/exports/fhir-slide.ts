/** What a slide's fields add up to, as Observations of FHIR R4: by the program, and by a person. */
import type { Observation, ObservationComponent, Quantity } from 'fhir/r4';
import { categoryText } from '../reading/category-messages';
import type { Slide } from '../worklist/slides';
import type { Report } from './export';
import { methodSaid, NOTICE } from './said';
import { figuresByPerson, figuresByProgram, judgesOf, type Figure } from './slide-figures';

/**
 * The share of red cells that hold parasites, with its 95 % interval and what was counted; none of
 * it where nothing is counted.
 */
export function slideByProgram(slide: Slide, model: Report['model']): Observation {
	const { share, others } = figuresByProgram(slide);
	const { category, byModel } = slide.count;
	const said = model && categoryText(category, model.manifest.task);
	return {
		resourceType: 'Observation',
		// Nobody has to agree with it.
		status: share ? 'preliminary' : 'cancelled',
		code: { text: share?.name ?? 'Red cells with parasites by the program' },
		...(share
			? { valueQuantity: quantityOf(share) }
			: { dataAbsentReason: { text: said ?? 'no cell was counted' } }),
		...(said && { interpretation: [{ text: said }] }),
		...(model && { method: { text: methodSaid(model) } }),
		component: others.map(componentOf),
		note: [
			...(byModel?.isPerhapsNone ? [{ text: 'The count cannot tell it from none.' }] : []),
			{ text: NOTICE }
		]
	};
}

/** The cells that a person confirmed; null where nobody judged any. */
export function slideByPerson(slide: Slide): Observation | null {
	const figures = figuresByPerson(slide);
	if (!figures?.share) return null;
	const { share, others } = figures;
	const { names, time } = judgesOf(slide);
	return {
		resourceType: 'Observation',
		// Suspected cells that nobody looked at may add to it.
		status: slide.count.waiting > 0 ? 'preliminary' : 'final',
		code: { text: share.name },
		valueQuantity: quantityOf(share),
		...(names.length > 0 && { performer: names.map((display) => ({ display })) }),
		...(time && { issued: time }),
		component: others.map(componentOf)
	};
}

function componentOf(figure: Figure): ObservationComponent {
	const code = { text: figure.name };
	return figure.unit === 'count'
		? { code, valueInteger: figure.value }
		: { code, valueQuantity: quantityOf(figure) };
}

function quantityOf({ value, unit }: Figure): Quantity {
	const system = 'http://unitsofmeasure.org';
	return unit === 'percent'
		? { value, unit: '%', system, code: '%' }
		: { value, unit: '/µL', system, code: '/uL' };
}
