/** The tasks that a program knows, and what it asks of them by their ids. */
import type { Locale } from '../i18n/locales';
import type { In, Message, Promised, Task, TaskDefinition, TaskWords } from './task';

export class TaskRegistry {
	private readonly byId: ReadonlyMap<Task, TaskDefinition>;
	/** Words in the language of the pages, which follow it: made once a task. */
	private readonly current = new Map<Task, TaskWords>();

	/** @param definitions in the order in which the pages show the tasks. */
	constructor(readonly definitions: readonly TaskDefinition[]) {
		this.byId = new Map(definitions.map((definition) => [definition.id, definition]));
	}

	get ids(): readonly Task[] {
		return [...this.byId.keys()];
	}

	find(id: string): TaskDefinition | undefined {
		return this.byId.get(id);
	}

	/** @throws Error for an unknown id: what comes from outside is asked with `find` first. */
	of(id: Task): TaskDefinition {
		const definition = this.byId.get(id);
		if (!definition) throw new Error(`there is no task ${id}`);
		return definition;
	}

	/**
	 * The words of a task.
	 * @param locale for files, which are English whatever the pages are in; left out, the pages' own.
	 */
	words(id: Task, locale?: Locale): TaskWords {
		const { texts } = this.of(id);
		if (locale) return spoken(texts, { locale });
		const known = this.current.get(id) ?? spoken(texts, {});
		this.current.set(id, known);
		return known;
	}

	/** What an operating point means, in the language of the pages where `locale` is left out. */
	promise(id: Task, figures: Promised, locale?: Locale): string {
		return this.of(id).promise(figures, locale ? { locale } : {});
	}
}

/**
 * The same shape with a text in each message's place, made when it is read: a page that shows one
 * follows the language.
 */
function spoken<T extends object>(messages: T, at: In): Spoken<T> {
	if (Array.isArray(messages)) {
		return messages.map((each: unknown) => spokenPart(each, at)) as Spoken<T>;
	}
	const properties = Object.entries(messages).map(([key, each]: [string, unknown]) => [
		key,
		{ enumerable: true, get: () => spokenPart(each, at) }
	]);
	return Object.defineProperties(
		{},
		Object.fromEntries(properties) as PropertyDescriptorMap
	) as Spoken<T>;
}

type Spoken<T> = T extends Message ? string : { readonly [K in keyof T]: Spoken<T[K]> };

function spokenPart(part: unknown, at: In): unknown {
	if (typeof part === 'function') return (part as Message)({}, at);
	return typeof part === 'object' && part !== null ? spoken(part, at) : part;
}
