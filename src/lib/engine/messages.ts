/** Why this way of reading was chosen, in words. */
import type { ChoiceReason } from './choice';
import { m } from '../paraglide/messages.js';

const REASONS: Record<ChoiceReason, () => string> = {
	chosen: m.problems_choice_chosen,
	fastest: m.problems_choice_fastest,
	'no-graphics': m.problems_choice_no_graphics,
	only: m.problems_choice_only
};

export function choiceWords(reason: ChoiceReason): string {
	return REASONS[reason]();
}
