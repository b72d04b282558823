/**
 * Why a person sees an image otherwise than the list: one of the reasons that are offered, which
 * is kept by its id and has its words where it is shown, or the person's own words.
 */
import type { Locale } from '../i18n/locales';
import type { OfferedReason, Task } from '../tasks/task';
import { taskWords } from '../tasks/task-words';
import type { Finding } from './review';

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

function offered(task: Task, locale?: Locale): readonly OfferedReason[] {
	const { reasonsSeen, reasonsNotSeen } = taskWords(task, locale);
	return [...reasonsSeen, ...reasonsNotSeen];
}
