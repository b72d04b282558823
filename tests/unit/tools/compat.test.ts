import bcd from '@mdn/browser-compat-data/forLegacyNode';
import { describe, expect, it } from 'vitest';
import { usedInManifest, usedInMarkup } from '../../../tools/lib/compat/markup-features';
import { usedInScripts } from '../../../tools/lib/compat/script-features';
import { collectNames, emptyNames } from '../../../tools/lib/compat/script-names';
import { usedInStyles } from '../../../tools/lib/compat/style-features';
import { lacksOf, type Feature } from '../../../tools/lib/compat/support';

function ofScript(text: string): Feature[] {
	const names = emptyNames();
	collectNames(text, 'a script', names);
	return [
		...usedInScripts(bcd.api, 'api', names),
		...usedInScripts(bcd.javascript.builtins, 'javascript.builtins', names)
	];
}

/** Paths of what a promised browser lacks. */
const lacking = (used: Feature[]) =>
	used.filter((feature) => lacksOf(feature).length > 0).map(({ path }) => path);

describe('a script', () => {
	it.each([
		['Promise.try(f)', 'javascript.builtins.Promise.try'],
		['URL.parse(text)', 'api.URL.parse_static'],
		['self.navigator?.gpu.requestAdapter()', 'api.Navigator.gpu'],
		['const { gpu } = navigator', 'api.Navigator.gpu'],
		[
			'if ("showDirectoryPicker" in globalThis) window.showDirectoryPicker()',
			'api.Window.showDirectoryPicker'
		],
		['new Temporal.Instant(0n)', 'javascript.builtins.Temporal'],
		['handle["queryPermission"]()', 'api.FileSystemHandle.queryPermission']
	])('that says %s uses a feature that is not everywhere', (text, path) => {
		expect(lacking(ofScript(text))).toContain(path);
	});

	it.each([
		'const URL = { parse() {} }; structuredClone(1)',
		'document.querySelector("a").closest("b")',
		'const gpu = 1; export { gpu }'
	])('that says %s uses old features alone', (text) => {
		const exact = ofScript(text).filter(({ byName }) => !byName);
		expect(lacking(exact)).toEqual([]);
	});
});

describe('a style sheet', () => {
	it('is read for properties, words, rules and selectors', () => {
		const text = `
			a:heading { field-sizing: content; }
			@starting-style { a { opacity: 0; } }
			p { text-wrap: pretty; }`;
		const found = lacking(usedInStyles(text));
		expect(found).toContain('css.properties.field-sizing');
		expect(found).toContain('css.at-rules.starting-style');
		expect(found).toContain('css.properties.text-wrap.pretty');
	});

	it('may write a property with a prefix beside its own name', () => {
		expect(lacking(usedInStyles('a { user-select: none; }'))).toEqual([
			'css.properties.user-select'
		]);
		expect(lacking(usedInStyles('a { -webkit-user-select: none; user-select: none; }'))).toEqual(
			[]
		);
	});
});

it('markup is read for elements and attributes', () => {
	const used = usedInMarkup('{#if a}<input type="file" webkitdirectory />{/if}');
	expect(lacking(used)).toEqual(['html.elements.input.webkitdirectory']);
});

it('a manifest is read for its keys', () => {
	expect(lacking(usedInManifest({ share_target: {} }))).toEqual(['manifests.webapp.share_target']);
});
