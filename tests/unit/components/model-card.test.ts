/** The card of each shipped model as it is drawn, on an English page and on one that is not. */
import { readFileSync } from 'node:fs';
import { render } from 'svelte/server';
import { afterEach, describe, expect, it } from 'vitest';
import index from '../../../static/models/index.json' with { type: 'json' };
import ModelCard from '../../../src/lib/components/models/ModelCard.svelte';
import type { Manifest } from '../../../src/lib/models/manifest';
import { LOCALES } from '../../../src/lib/i18n/locales';
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
	it('says all that must be understood in English, in words', () => {
		const text = textOf(drawn(manifest, 'en'));
		expect(text).not.toMatch(/undefined|NaN|\{\w+\}|\*\*/);
		expect(text).toMatch(/Never use it for adults|It reads single cells on black/);
		expect(text).toContain('is not a diagnosis');
		expect(text).toContain('A low score does not rule out');
		expect(text).toContain('AdamW with one learning-rate cycle a stage');
	});

	it.each(LOCALES)('shows no id of the manifest in %s', (locale) => {
		const html = drawn(manifest, locale);
		expect(html).not.toContain('unknown-words');
		const text = textOf(html);
		const { card, metrics, recognition } = manifest;
		const ids = [
			card.intendedUse,
			...card.warnings,
			...card.limits,
			...card.subgroups.flatMap(({ id, dataSet }) => [id, dataSet]),
			...metrics.flatMap(({ id, shifts }) => [id, ...(shifts ?? []).map((shift) => shift.id)]),
			...(recognition?.rejected ?? []).map(({ id }) => id),
			recognition?.method ?? '',
			card.training.network,
			card.trainingData.licence
		];
		// Of one word alone it cannot be told whether it is an id.
		const unspoken = ids.filter((id) => /[a-z]-[a-z]/.test(id) && text.includes(id));
		expect(unspoken).toEqual([]);
	});

	it('shows an id that has no words as it is, and says so', () => {
		const card = { ...manifest.card, limits: ['sees-through-walls'] };
		const html = drawn({ ...manifest, card }, 'fr');
		expect(textOf(html)).toContain('sees-through-walls');
		expect(html).toContain('unknown-words');
	});
});

describe('a data set that was read in int8 too', () => {
	const [{ metrics, ...manifest }] = shipped;
	const [point] = manifest.operatingPoints;
	const test = metrics.find(({ role }) => role === 'test') ?? metrics[0];
	const set = { ...test, int8: undefined };
	const int8 = {
		backend: 'int8',
		sameCategory: set.n - 7,
		decisionsChanged: { [point.id]: 5 },
		auc: { exact: 0.98077, int8: 0.98075 },
		command: 'none'
	};

	it('says how far the fast way agrees, and at which setting it does not', () => {
		const html = drawn({ ...manifest, metrics: [{ ...set, int8 }] }, 'en');
		const text = textOf(html);
		const [same, all] = [set.n - 7, set.n].map((count) => count.toLocaleString('en'));
		expect(text).toContain(`the same category as the exact way for ${same} of these ${all} images`);
		expect(text).toContain('Its AUC is 0.9808, that of the exact way 0.9808.');
		const plain = html.replace(/<!--.*?-->/g, '');
		const last = [...plain.matchAll(/<td[^>]*>([^<]*)<\/td>\s*<\/tr>/g)].slice(0, 3);
		expect(last.map(([, cell]) => cell.trim())).toEqual(['5', '–', '–']);
	});

	it('says nothing of the fast way without figures', () => {
		expect(textOf(drawn({ ...manifest, metrics: [set] }, 'en'))).not.toContain('fast way');
	});
});

describe('what the heat maps are worth', () => {
	const [manifest] = shipped;
	const difference = { mean: 0.4, low: 0.3, high: 0.5 };
	const explanation = {
		method: 'occlusion' as const,
		dataSet: 'validation',
		n: 300,
		hottestFifthFirst: 0.97,
		deletionBelowRandom: difference,
		insertionAboveRandom: difference,
		shuffledCorrelation: 0.1,
		onBody: { n: 280, share: 0.964, chance: 0.13 },
		command: 'none'
	};

	it('is said with the figures of the images that they were tested on', () => {
		const text = textOf(drawn({ ...manifest, explanation }, 'en'));
		expect(text).toContain('Heat maps, tested on 300 likely images: in 97 of 100');
		expect(text).toContain('In 96 of 100 cells with a stained body the hottest place lies on it');
		expect(text).toContain('(by chance in 13)');
	});

	it('is that there are none, where none passed', () => {
		const text = textOf(drawn({ ...manifest, explanation: undefined }, 'en'));
		expect(text).toContain('This model shows no heat maps: none has passed its tests yet.');
	});
});
