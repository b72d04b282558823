// Which of the browser's features scripts may use: found by name, since built scripts have no types.
import { featuresBelow, type Feature } from './support.ts';
import type { Identifier } from '@mdn/browser-compat-data';
import type { ScriptNames } from './script-names.ts';

/** The objects whose members are also names of their own. */
const GLOBAL_OBJECTS = ['Window', 'WorkerGlobalScope', 'ServiceWorkerGlobalScope', '_globals'];
const NAMES_OF_GLOBAL = ['window', 'self', 'globalThis'];
/** Interfaces of one object each, by the name under which scripts reach it. */
const SINGLE_OBJECTS: Record<string, string> = {
	Navigator: 'navigator',
	WorkerNavigator: 'navigator',
	Document: 'document',
	Performance: 'performance',
	StorageManager: 'storage',
	Clipboard: 'clipboard',
	Permissions: 'permissions',
	console: 'console'
};

/**
 * Features of `api` or `javascript.builtins` that scripts may use. What is asked of an object
 * whose kind the script does not say counts by its name alone (`byName`).
 */
export function usedInScripts(node: Identifier, prefix: string, names: ScriptNames): Feature[] {
	const start = prefix.split('.').length;
	return [...featuresBelow(node, prefix)].flatMap((feature) => {
		const [owner = '', member, ...below] = feature.path.split('.').slice(start);
		if (member === undefined || member === owner) {
			return isGlobal(owner, names) && below.every((part) => isOptionUsed(part, names))
				? { ...feature, byName: below.length > 0 }
				: [];
		}
		const use = useOf(owner, member, names);
		if (use === null || !below.every((part) => isOptionUsed(part, names))) return [];
		return { ...feature, byName: use === 'by name' || below.length > 0 };
	});
}

function isGlobal(name: string, { free, members }: ScriptNames): boolean {
	return free.has(name) || isAskedOf(members.get(name), NAMES_OF_GLOBAL);
}

/** How scripts use a member: of this very object, by a name that others may have, or not. */
function useOf(owner: string, member: string, names: ScriptNames): 'exact' | 'by name' | null {
	const exact = (used: boolean) => (used ? 'exact' : null);
	const event = /^(.*)_event$/.exec(member)?.[1];
	if (event !== undefined) {
		return names.words.has(event) || names.members.has(`on${event}`) ? 'by name' : null;
	}
	const fixed = /^(.*)_static$/.exec(member)?.[1];
	if (fixed !== undefined) return exact(isAskedOf(names.members.get(fixed), [owner]));
	const askedOf = names.members.get(member);
	if (isOfConstructor(owner, member)) return exact(isAskedOf(askedOf, [owner]));
	if (GLOBAL_OBJECTS.includes(owner)) return exact(isGlobal(member, names));
	const single = SINGLE_OBJECTS[owner];
	if (single !== undefined) {
		if (!names.free.has(single) && !names.members.has(single)) return null;
		// A page's navigator and a worker's have one name.
		if (isAskedOf(askedOf, [single])) return owner === 'WorkerNavigator' ? 'by name' : 'exact';
		// Of an object without a name nothing is known: it may be this one.
		return isAskedOf(askedOf, ['']) ? 'by name' : null;
	}
	return askedOf !== undefined || names.words.has(member) ? 'by name' : null;
}

/** Whether a built-in's member is the constructor's own (`Error.captureStackTrace`). */
function isOfConstructor(owner: string, member: string): boolean {
	const builtin: unknown = Reflect.get(globalThis, owner);
	return typeof builtin === 'function' && !(member in Object(builtin.prototype));
}

/**
 * Of a parameter (`options_durability_parameter`) its key. What the data say in prose
 * (`mime_checks`) is no name and counts as unused.
 */
function isOptionUsed(part: string, { members }: ScriptNames): boolean {
	const key = /^(?:\w+_)?([a-zA-Z]+)_(?:parameter|property)$/.exec(part)?.[1] ?? part;
	return members.has(key) || key === 'options';
}

function isAskedOf(askedOf: ReadonlySet<string> | undefined, objects: readonly string[]): boolean {
	return askedOf !== undefined && objects.some((name) => askedOf.has(name));
}
