/**
 * Why a person sees an image otherwise than the list: one of the reasons that are offered, which
 * is kept by its id and has its words where it is shown, or the person's own words.
 */
import type { Locale } from '../i18n/locales';
import type { OfferedReason, Task } from '../tasks/task';
import { taskWords } from '../tasks/task-words';
import { KEPT_SENTENCES } from './kept-sentences';
import type { Finding } from './review';

const ID_OF_SENTENCE = new Map(
	Object.entries(KEPT_SENTENCES).flatMap(([id, sentences]) =>
		sentences.map((sentence) => [sentence, id] as const)
	)
);

/** The reasons that are offered beside a finding. */
export function reasonsFor(finding: Finding, task: Task): readonly OfferedReason[] {
	const { reasonsSeen, reasonsNotSeen } = taskWords(task);
	return finding === 'present' ? reasonsSeen : reasonsNotSeen;
}

/**
 * A kept reason in words.
 * @param locale for files, which are English; left out, the language of the pages.
 */
export function reasonInWords(reason: string, task: Task, locale?: Locale): string {
	return offered(task, locale).find(({ id }) => id === reason)?.words ?? reason;
}

/**
 * The id of a reason that was kept as a sentence, in any of the languages, as earlier
 * versions did; ids and own words as they are.
 */
export function keptReason(reason: string): string {
	return ID_OF_SENTENCE.get(reason) ?? reason;
}

function offered(task: Task, locale?: Locale): readonly OfferedReason[] {
	const { reasonsSeen, reasonsNotSeen } = taskWords(task, locale);
	return [...reasonsSeen, ...reasonsNotSeen];
}
