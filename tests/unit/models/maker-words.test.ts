/** What the makers of the shipped models say of them is in the catalogue, whatever the figures. */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import index from '../../../static/models/index.json' with { type: 'json' };
import { makerName, makerParts, untranslated } from '../../../src/lib/models/maker-words';
import type { Manifest } from '../../../src/lib/models/manifest';
import { overwriteGetLocale } from '../../../src/lib/paraglide/runtime.js';

const shipped = index.models.map(
	(id) => JSON.parse(readFileSync(`static/models/${id}/manifest.json`, 'utf8')) as Manifest
);

afterEach(() => overwriteGetLocale(() => 'en'));

describe.each(shipped)('the catalogue has what $id says of itself', (manifest) => {
	const { card, metrics, operatingPoints, recognition } = manifest;

	it('its warning, its use and its limits', () => {
		expect(untranslated([card.warning, card.intendedUse, ...card.limits])).toEqual([]);
	});

	it('its names', () => {
		const names = [
			manifest.name,
			...operatingPoints.map(({ name }) => name),
			...metrics.map(({ name }) => name),
			...card.subgroups.flatMap(({ name, measure }) => [name, measure]),
			...(recognition?.rejected ?? []).map(({ name }) => name),
			...(recognition?.outside ?? []).map(({ name }) => name)
		];
		expect(untranslated(names)).toEqual([]);
	});
});

describe('a text of a manifest', () => {
	it('stands as it is on an English page', () => {
		expect(makerParts('It is new. Nobody knows it.')).toEqual([
			{ text: 'It is new. Nobody knows it.', lang: undefined }
		]);
	});

	it('is said sentence by sentence, and what is not known stays English and is marked', () => {
		overwriteGetLocale(() => 'fr');
		const known = 'All its films come from one hospital.';
		const parts = makerParts(`${known} It is new (P. vivax, Lee et al. 2018).`);
		expect(parts).toHaveLength(2);
		expect(parts[0].lang).toBeUndefined();
		expect(parts[1]).toEqual({ text: 'It is new (P. vivax, Lee et al. 2018).', lang: 'en' });
	});

	it('is known with other figures, and keeps them', () => {
		overwriteGetLocale(() => 'fr');
		expect(untranslated(['Own images, turned by 270 degrees'])).toEqual([]);
		expect(makerName('Own images, turned by 1.5 degrees')).toMatch(/1,5/);
		expect(makerName('Malaria in red blood cells (ResNet18)')).toContain('(ResNet18)');
		expect(untranslated(['Run in the browser on webgpu.'])).toEqual([]);
		expect(untranslated(['Run in the browser on a telephone of 2012.'])).toHaveLength(1);
	});

	it('is not known by a part of it', () => {
		expect(untranslated(['It outlines no parasite. It cures malaria.'])).toEqual([
			'It cures malaria.'
		]);
		expect(untranslated(['Never use it for children'])).toHaveLength(1);
	});
});
