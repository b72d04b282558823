/** The card of each shipped model as it is drawn, on an English page and on one that is not. */
import { readFileSync } from 'node:fs';
import { render } from 'svelte/server';
import { afterEach, describe, expect, it } from 'vitest';
import index from '../../../static/models/index.json' with { type: 'json' };
import ModelCard from '../../../src/lib/components/ModelCard.svelte';
import type { Manifest } from '../../../src/lib/models/manifest';
import { overwriteGetLocale, type Locale } from '../../../src/lib/paraglide/runtime.js';

const shipped = index.models.map(
	(id) => JSON.parse(readFileSync(`static/models/${id}/manifest.json`, 'utf8')) as Manifest
);

function drawn(manifest: Manifest, locale: Locale): string {
	overwriteGetLocale(() => locale);
	return render(ModelCard, { props: { manifest } }).body;
}
const textOf = (html: string) =>
	html
		.replace(/<!--.*?-->|<[^>]*>/g, '')
		.replaceAll('&lt;', '<')
		.replaceAll('&amp;', '&')
		.replace(/\s+/g, ' ');

afterEach(() => overwriteGetLocale(() => 'en'));

describe.each(shipped)('the card of $id', (manifest) => {
	it('says in English what the manifest says, word for word', () => {
		const text = textOf(drawn(manifest, 'en'));
		const { warning, intendedUse, limits, training } = manifest.card;
		for (const said of [warning, intendedUse, ...limits, training]) expect(text).toContain(said);
		expect(text).not.toMatch(/undefined|NaN|\{\w+\}|\*\*/);
	});

	it('carries no note where all is in the catalogue', () => {
		expect(drawn(manifest, 'fr')).not.toContain('own-words');
	});

	it('marks a sentence that only its maker has words for, and says so', () => {
		const card = { ...manifest.card, warning: `${manifest.card.warning} It is quite new.` };
		const html = drawn({ ...manifest, card }, 'fr');
		expect(html).toContain('<bdi lang="en">It is quite new.</bdi>');
		expect(html).toContain('own-words');
	});
});
