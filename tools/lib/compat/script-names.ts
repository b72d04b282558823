// What scripts name: the free names, the members that they ask for, the words in quotes.
import { Linter, type Rule, type Scope } from 'eslint';
import { Problem } from '../problem.ts';

export interface ScriptNames {
	/** Names that no script declares itself: the browser's. */
	free: Set<string>;
	/** By the member's name, what it is asked of, where that has a name: `b` of `a.b`, with `a`. */
	members: Map<string, Set<string>>;
	/** Texts of one word: names of events, and what stands before `in`. */
	words: Set<string>;
}

/** Node of an ESTree, as far as it is looked at. */
interface Node {
	type: string;
	name?: string;
	value?: unknown;
	computed?: boolean;
	object?: Node;
	property?: Node;
	expression?: Node;
	key?: Node;
}

export function emptyNames(): ScriptNames {
	return { free: new Set(), members: new Map(), words: new Set() };
}

/**
 * Add what a script names.
 * @param file for the message where it cannot be read
 * @throws {Problem} where it is not JavaScript
 */
export function collectNames(text: string, file: string, names: ScriptNames): void {
	const rule: Rule.RuleModule = {
		create: (context) => ({
			'Program:exit'() {
				const scope = context.sourceCode.scopeManager.globalScope as Scope.Scope;
				for (const { identifier } of scope.through) names.free.add(nameOf(identifier));
				// The language's own names are known to ESLint: variables that nothing defines.
				for (const { name, defs, references } of scope.variables) {
					if (defs.length === 0 && references.length > 0) names.free.add(name);
				}
			},
			MemberExpression: (node) => addMember(names, node as unknown as Node),
			Property: (node) => addProperty(names, node as unknown as Node),
			Literal({ value }) {
				if (typeof value === 'string' && /^\w+$/.test(value)) names.words.add(value);
			}
		})
	};
	const messages = new Linter().verify(text, {
		plugins: { compat: { rules: { names: rule } } },
		rules: { 'compat/names': 'error' },
		languageOptions: { ecmaVersion: 'latest', sourceType: 'module' },
		linterOptions: { noInlineConfig: true }
	});
	const fatal = messages.find((message) => message.fatal);
	if (fatal) throw new Problem(`${file} could not be read: ${fatal.message}`);
}

function addMember({ members }: ScriptNames, { object, property, computed }: Node): void {
	const name = computed ? textOf(property) : nameOf(property);
	if (name) setOf(members, name).add(nameOf(object));
}

/** What is taken apart (`const { gpu } = navigator`) or given as an option. */
function addProperty({ members }: ScriptNames, { key, computed }: Node): void {
	const name = computed ? '' : nameOf(key) || textOf(key);
	if (name) setOf(members, name).add('');
}

/** `navigator` of `navigator`, `self.navigator` and `self?.navigator`; empty for all else. */
function nameOf(node: Node | undefined): string {
	if (node?.type === 'Identifier') return node.name ?? '';
	if (node?.type === 'ChainExpression') return nameOf(node.expression);
	if (node?.type === 'MemberExpression' && !node.computed) return nameOf(node.property);
	return '';
}

function textOf(node: Node | undefined): string {
	return typeof node?.value === 'string' ? node.value : '';
}

function setOf(map: Map<string, Set<string>>, key: string): Set<string> {
	const set = map.get(key) ?? new Set<string>();
	map.set(key, set);
	return set;
}
