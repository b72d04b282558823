/** The catalogue is whole: every message in every language, each used, none missing. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'svelte/compiler';
import { describe, expect, it } from 'vitest';
import { LOCALES } from '../../../src/lib/i18n/locales';

interface Variants {
	declarations?: string[];
	selectors?: string[];
	match: Record<string, string>;
}
type Message = string | Variants[];

const files = (locale: string) => readdirSync(join('messages', locale)).sort();
const read = (locale: string): Record<string, Message> =>
	Object.assign(
		{},
		...files(locale)
			.filter((file) => file !== 'language.json')
			.map((file) => JSON.parse(readFileSync(join('messages', locale, file), 'utf8')) as object)
	);

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
	.filter((file) => /\.(svelte|ts)$/.test(file) && !file.includes('paraglide'))
	.map((file) => ({ file, text: readFileSync(join('src', file), 'utf8') }));

const english = read('en');
/** Places of a message where something is put in. */
const places = (message: Message) =>
	[...new Set(JSON.stringify(message).match(/\{\w+\}/g) ?? [])].sort();
const texts = (message: Message) =>
	typeof message === 'string' ? [message] : message.flatMap(({ match }) => Object.values(match));

describe('the message catalogue', () => {
	it('has a folder for each language that the page offers, with the same files', () => {
		expect([...LOCALES].sort()).toEqual(readdirSync('messages').sort());
		for (const id of LOCALES) expect({ id, files: files(id) }).toEqual({ id, files: files('en') });
	});

	it('has no message that nothing uses, and lacks none that is used', () => {
		const used = new Set(
			sources
				.filter(({ text }) => text.includes('paraglide/messages'))
				.flatMap(({ text }) => [...text.matchAll(/\bm\.([a-z]\w*)/g)].map(([, key]) => key))
		);
		expect(Object.keys(english).filter((key) => !used.has(key))).toEqual([]);
		expect([...used].filter((key) => !Object.hasOwn(english, key))).toEqual([]);
	});

	it.each(LOCALES.filter((id) => id !== 'en'))(
		'is whole in %s, with the same places to fill',
		(id) => {
			const messages = read(id);
			expect(Object.keys(english).filter((key) => !Object.hasOwn(messages, key))).toEqual([]);
			expect(Object.keys(messages).filter((key) => !Object.hasOwn(english, key))).toEqual([]);
			for (const [key, message] of Object.entries(english)) {
				expect({ key, places: places(messages[key]) }).toEqual({ key, places: places(message) });
				for (const text of texts(messages[key])) expect(text.trim(), key).not.toBe('');
			}
		}
	);

	it.each(LOCALES)('has every form of the plural of %s', (id) => {
		const forms = new Intl.PluralRules(id).resolvedOptions().pluralCategories;
		for (const [key, message] of Object.entries(read(id))) {
			if (typeof message === 'string') continue;
			for (const { declarations = [], match } of message) {
				const plurals = declarations.flatMap(
					(line) => /local (\w+) = \w+: plural/.exec(line)?.[1] ?? []
				);
				for (const name of plurals) {
					const has = Object.keys(match).flatMap(
						(condition) => new RegExp(`${name}=(\\w+|\\*)`).exec(condition)?.[1] ?? []
					);
					if (has.includes('*')) continue;
					expect({ key, missing: forms.filter((form) => !has.includes(form)) }).toEqual({
						key,
						missing: []
					});
				}
			}
		}
	});
});

/** What is no sentence: the name of the program, units and signs. */
const NAMES = /^(Fieldlens|[A-Z]{2,5}|[^\p{L}]*)$/u;
const SAID = new Set(['aria-label', 'title', 'placeholder', 'alt', 'label', 'aria-description']);

/** Words in the markup of a component that are not from the catalogue. */
function literals(source: string): string[] {
	const found: string[] = [];
	const visit = (node: unknown, attribute: string | null, hidden: boolean) => {
		if (Array.isArray(node)) return node.forEach((child) => visit(child, attribute, hidden));
		if (typeof node !== 'object' || node === null) return;
		const { type, name, data, fragment } = node as Record<string, unknown>;
		if (type === 'StyleDirective') return;
		if (type === 'Attribute') {
			const { value } = node as Record<string, unknown>;
			if (SAID.has(String(name))) visit(value, String(name), hidden);
			return;
		}
		if (type === 'Text' && !hidden && !NAMES.test(String(data).trim()))
			found.push(String(data).trim());
		if (type === 'RegularElement' && name === 'code') hidden = true;
		for (const [key, value] of Object.entries(node)) {
			if (key === 'expression' && attribute === null && !fragment) continue;
			if (typeof value === 'object' && key !== 'parent') visit(value, attribute, hidden);
		}
	};
	visit(parse(source, { modern: true }).fragment, null, false);
	return found;
}

/** Components whose words are still to be moved into the catalogue. */
const TO_DO: readonly string[] = [];

describe('components', () => {
	it.each(sources.filter(({ file }) => file.endsWith('.svelte') && !TO_DO.includes(file)))(
		'$file says nothing that is not in the catalogue',
		({ text }) => expect(literals(text)).toEqual([])
	);

	it('finds words in the markup', () => {
		expect(literals('<p title="A word">{x} files</p>')).toEqual(['A word', 'files']);
		expect(literals('{#if a}<b>One</b>{:else}Two{/if}')).toEqual(['One', 'Two']);
	});
});
