import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadWords, wordsOf } from '../../../src/lib/i18n/catalogues';
import { LOCALES } from '../../../src/lib/i18n/locales';
import * as messages from '../../../src/lib/paraglide/messages/_index.js';
import { indexOf, messageNames, writeProject } from '../../../tools/lib/words';

const names = Object.keys(messages).sort();

describe('the words of a language', () => {
	it('are not there before they are asked for, and English is without', () => {
		for (const id of LOCALES) expect(wordsOf({ locale: id })).toBeUndefined();
	});

	it.each(LOCALES.filter((id) => id !== 'en'))('in %s are all there', async (id) => {
		await loadWords(id);
		expect(Object.keys(wordsOf({ locale: id }) ?? {}).sort()).toEqual(names);
		const said = messages.shell_page_sessions({}, { locale: id });
		expect(wordsOf({ locale: id })?.['shell_page_sessions']({})).toBe(said);
	});
});

describe('the index of the built site', () => {
	it('has each message, and imports no language but English', async () => {
		const index = indexOf(await messageNames());
		const exported = [...index.matchAll(/^export const (\w+) =/gm)].map(([, name]) => name);
		expect(exported.sort()).toEqual(names);
		expect(index.match(/from '.*'/g)).toEqual(["from './en.js'", "from '../../i18n/catalogues'"]);
	});
});

describe("the compiler's project", () => {
	it('takes each folder as a language and each file of the English one as a part', () => {
		const root = mkdtempSync(join(tmpdir(), 'fieldlens-messages-'));
		for (const id of ['xh', 'en', 'am']) mkdirSync(join(root, 'messages', id), { recursive: true });
		for (const file of ['shell.json', 'language.json', 'help.json'])
			writeFileSync(join(root, 'messages/en', file), '{}');
		writeProject(root);
		const settings = JSON.parse(readFileSync(join(root, 'project.inlang/settings.json'), 'utf8'));
		expect(settings.locales).toEqual(['en', 'am', 'xh']);
		expect(settings['plugin.inlang.messageFormat'].pathPattern).toEqual([
			'./messages/{locale}/help.json',
			'./messages/{locale}/shell.json'
		]);
	});
});
