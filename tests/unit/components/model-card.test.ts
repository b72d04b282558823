/** The card of each shipped model as it is drawn, on an English page and on one that is not. */
import { readFileSync } from 'node:fs';
import { render } from 'svelte/server';
import { afterEach, describe, expect, it } from 'vitest';
import index from '../../../static/models/index.json' with { type: 'json' };
import ModelCard from '../../../src/lib/components/models/ModelCard.svelte';
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

describe('a data set that was read in whole numbers too', () => {
	const [{ metrics, ...manifest }] = shipped;
	const [point] = manifest.operatingPoints;
	const test = metrics.find(({ role }) => role === 'test') ?? metrics[0];
	const set = { ...test, wholeNumbers: undefined };
	const wholeNumbers = {
		backend: 'int8',
		sameCategory: set.n - 7,
		decisionsChanged: { [point.id]: 5 },
		auc: { exact: 0.98077, wholeNumbers: 0.98075 },
		heatMaps: { n: 100, least: 0.9912, median: 0.9999 },
		command: 'none'
	};

	it('says how far the fast way agrees, and at which setting it does not', () => {
		const html = drawn({ ...manifest, metrics: [{ ...set, wholeNumbers }] }, 'en');
		const text = textOf(html);
		const [same, all] = [set.n - 7, set.n].map((count) => count.toLocaleString('en'));
		expect(text).toContain(`the same category as the exact way for ${same} of these ${all} images`);
		expect(text).toContain('Its AUC is 0.9808, that of the exact way 0.9808.');
		expect(text).toContain('correlation 0.9999 in the middle, 0.9912 at the least');
		const plain = html.replace(/<!--.*?-->/g, '');
		const last = [...plain.matchAll(/<td[^>]*>([^<]*)<\/td>\s*<\/tr>/g)].slice(0, 3);
		expect(last.map(([, cell]) => cell.trim())).toEqual(['5', '–', '–']);
	});

	it('says nothing of heat maps where none was compared, nor of the fast way without figures', () => {
		const flat = { ...wholeNumbers, heatMaps: null };
		const text = textOf(drawn({ ...manifest, metrics: [{ ...set, wholeNumbers: flat }] }, 'en'));
		expect(text).toContain('fast way');
		expect(text).not.toContain('correlation');
		expect(textOf(drawn({ ...manifest, metrics: [set] }, 'en'))).not.toContain('fast way');
	});
});
