/** Why this way of reading was chosen, in words. */
import { listText, numberText } from '../i18n/format';
import type { ChoiceReason } from './choice';
import type { KernelChoice } from './int8/choose-kernel';
import type { Variant } from './int8/kernel';
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

const WAYS: Record<Variant, () => string> = {
	pairs: m.screen_engine_kernel_pairs,
	relaxed: m.screen_engine_kernel_relaxed,
	plain: m.screen_engine_kernel_plain
};

/** How an int8 lane computes, and what the other ways would have taken. */
export function kernelWords({ variant, reason, trials }: KernelChoice): string {
	if (reason === 'only') return m.screen_engine_kernel_only({ way: WAYS[variant]() });
	const timed = trials.flatMap(({ variant, milliseconds }) =>
		milliseconds === null ? [] : [{ variant, milliseconds }]
	);
	timed.sort((a, b) => a.milliseconds - b.milliseconds);
	const ways = timed.map(({ variant, milliseconds }) =>
		m.screen_engine_kernel_time({ way: WAYS[variant](), time: numberText(milliseconds, 2) })
	);
	return m.screen_engine_kernel({ ways: listText(ways) });
}
