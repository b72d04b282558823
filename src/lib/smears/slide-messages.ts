/** What is said of a slide and its cells, in words. */
import { numberText, roughText, shareText } from '../i18n/format';
import { m } from '../paraglide/messages.js';
import type { Estimate } from '../statistics/binomial';
import type { CellStanding, Parasitaemia, SlideCount } from './count';
import type { CellFinding } from './field-review';
import { LEAST_CELLS, type MoreFields } from './more-fields';
import type { FieldNote } from './quality';

/** A share with its interval in percent: `0.8% (0.5% to 1.2%)`; '' where it is not known. */
function intervalText({ value, low, high }: Estimate): string {
	if (value === null || low === null || high === null) return '';
	const digits = digitsOf(value || high);
	return m.smears_interval({
		value: shareText(value, digits),
		low: shareText(low, digits),
		high: shareText(high, digits)
	});
}

/** Parasitaemia in words; where the count cannot tell it from none, that is said. */
export function parasitaemiaText(found: Parasitaemia | null): string {
	if (!found || found.share.value === null) return m.smears_not_counted();
	const { share, isPerhapsNone } = found;
	if (!isPerhapsNone) return intervalText(share);
	return m.smears_perhaps_none({ high: shareText(share.high ?? 1, digitsOf(share.high ?? 1)) });
}

/**
 * A slide's share by the model. What may be none is said to be so only where no cell is suspected:
 * how many it misses is known of the slides of its own test alone.
 */
export function modelShareText({ byModel, suspected }: SlideCount): string {
	return byModel?.isPerhapsNone && suspected > 0
		? m.smears_perhaps_alarms()
		: parasitaemiaText(byModel);
}

/**
 * The one share that stands for a slide. While suspected cells wait it is the model's: the cells
 * that a person has confirmed so far are a lower bound, not a share. Where the model's count cannot
 * tell the share from none and a person did confirm a cell, it is the person's.
 */
export function headlineOf(count: SlideCount): { share: string; by: 'person' | 'model' } {
	const { byPerson, byModel, waiting, confirmed } = count;
	const isModelRefuted = confirmed > 0 && (byModel?.isPerhapsNone ?? true);
	return byPerson && (waiting === 0 || isModelRefuted)
		? { share: parasitaemiaText(byPerson), by: 'person' }
		: { share: modelShareText(count), by: 'model' };
}

/** How many of the suspected cells a person has looked at; null before the first and after the last. */
export function lookedAtText({ byPerson, waiting, suspected }: SlideCount): string | null {
	if (!byPerson || waiting === 0) return null;
	return m.smears_looked_at({
		shown: numberText(suspected - waiting),
		count: numberText(suspected)
	});
}

/** Infected red cells a microlitre to two digits that count; null where none can be told. */
export function perMicrolitreText(found: Parasitaemia | null): string | null {
	if (!found || found.isPerhapsNone) return null;
	const { value, low, high } = found.perMicrolitre;
	if (value === null || low === null || high === null) return null;
	return m.smears_interval({
		value: roughText(value),
		low: roughText(low),
		high: roughText(high)
	});
}

/** What to do next with a slide: first look at what is suspected, then photograph more. */
export function nextStepText({ waiting }: SlideCount, more: MoreFields): string {
	if (waiting > 0) return m.smears_next_look({ shown: numberText(waiting) });
	return moreFieldsText(more);
}

/**
 * What can be done beside looking at the suspected cells; null where nobody can say before a person
 * has looked at them.
 */
export function besidesLookingText({ waiting }: SlideCount, more: MoreFields): string | null {
	const isSure = more.kind === 'more' && more.because === 'few-cells';
	return waiting > 0 && isSure ? moreFieldsText(more) : null;
}

/** What the count of a slide still lacks. */
function moreFieldsText(more: MoreFields): string {
	switch (more.kind) {
		case 'nothing-counted':
			return m.smears_next_nothing();
		case 'thick-smear':
			return m.smears_next_thick();
		case 'enough':
			return m.smears_next_enough();
		case 'more': {
			const shown = numberText(more.fields);
			return more.because === 'few-cells'
				? m.smears_next_cells({ shown, least: numberText(LEAST_CELLS) })
				: m.smears_next_interval({ shown });
		}
	}
}

const STANDINGS: Record<CellStanding, () => string> = {
	suspected: m.smears_suspected,
	borderline: m.smears_borderline,
	clear: m.smears_not_suspected,
	unrecognised: m.smears_not_recognised,
	unread: m.smears_unread_cell,
	'not-counted': m.smears_not_counted_cell
};

/** Where a cell stands by the model. */
export function standingText(standing: CellStanding): string {
	return STANDINGS[standing]();
}

const FINDINGS: Record<CellFinding, () => string> = {
	parasite: m.smears_parasite,
	none: m.smears_none,
	'cannot-tell': m.smears_cannot_tell
};

/** What a person saw in a cell. */
export function findingText(finding: CellFinding): string {
	return FINDINGS[finding]();
}

const NOTES: Record<FieldNote, () => string> = {
	'not-a-smear': m.smears_note_not_a_smear,
	'thick-smear': m.smears_note_thick_smear,
	'out-of-focus': m.smears_note_out_of_focus,
	'too-dark': m.smears_note_too_dark,
	'too-thick': m.smears_note_too_thick,
	'too-few-cells': m.smears_note_too_few_cells
};

/** How good the photograph of a field is, and what to do. */
export function fieldNoteText(note: FieldNote): string {
	return NOTES[note]();
}

/** Digits after the point of a percentage, so that two of a small one count. */
function digitsOf(share: number): number {
	const percent = share * 100;
	if (percent >= 10) return 0;
	if (percent >= 0.1) return 1;
	return percent >= 0.01 ? 2 : 3;
}
