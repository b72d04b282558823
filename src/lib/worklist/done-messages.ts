/** What came of a list, in words. */
import { numberText } from '../i18n/format';
import { m } from '../paraglide/messages.js';
import type { Filter } from './worklist';

/** A number for a sentence: as it is, and as it is shown. */
export function counted(count: number) {
	return { count, shown: numberText(count) };
}

/** What was read, and the unread files by name: nothing is skipped in silence. */
export function doneSentence(all: Record<Filter, number>): string {
	const read = all.likely + all.uncertain + all['not-seen'];
	const parts = [m.screen_done_read(counted(read))];
	if (all.unrecognised > 0) parts.push(m.screen_done_unrecognised(counted(all.unrecognised)));
	if (all.outside > 0) parts.push(m.screen_done_outside(counted(all.outside)));
	if (all.failed > 0) parts.push(m.screen_done_failed(counted(all.failed)));
	if (all['left-out'] > 0) parts.push(m.screen_done_left_out(counted(all['left-out'])));
	return parts.join(' · ');
}

/** What was found, as the filters of the list say it: "Likely: 3". */
export function foundSentences(all: Record<Filter, number>): string[] {
	return [
		`${m.screen_filter_likely()}: ${numberText(all.likely)}`,
		`${m.screen_filter_uncertain()}: ${numberText(all.uncertain)}`,
		`${m.screen_filter_not_seen()}: ${numberText(all['not-seen'])}`
	];
}
