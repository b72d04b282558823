import { describe, expect, it } from 'vitest';
import type { ImageFacts } from '../../../src/lib/formats/facts';
import { factsOfImage } from '../../../src/lib/formats/facts';
import { ageInWords } from '../../../src/lib/formats/facts-messages';
import { outsideUse } from '../../../src/lib/reading/intended-use';
import { TASKS } from '../../../src/lib/tasks';
import { outsideWords } from '../../../src/lib/tasks/problem-messages';

const CHILD: ImageFacts = {
	modality: 'CR',
	bodyPart: 'CHEST',
	view: 'AP',
	age: 3,
	patientId: '7',
	patientName: null,
	birthDate: null,
	sex: null,
	studyDate: null,
	spacing: null,
	frames: 1,
	ownRange: false,
	origin: null
};
const whatOf = (changes: Partial<ImageFacts>) =>
	outsideUse({ ...CHILD, ...changes }, 'chest-xray-pneumonia').map(({ what }) => what);

describe('an image is outside the intended use', () => {
	it('never where its file says nothing', () => {
		const silent = { modality: null, bodyPart: null, view: null, age: null };
		expect(whatOf(silent)).toEqual([]);
		expect(outsideUse(null, 'chest-xray-pneumonia')).toEqual([]);
		expect(outsideUse(factsOfImage({ frames: 5, ownRange: false }), 'malaria-cell')).toEqual([]);
	});

	it('not where the file says what the model was made for', () => {
		expect(whatOf({})).toEqual([]);
		for (const modality of ['CR', 'DX', 'RF', 'dx']) expect(whatOf({ modality })).toEqual([]);
		for (const bodyPart of [
			'Chest',
			'THORAX',
			'TÓRAX',
			'LUNG',
			'Poitrine',
			'KIFUA',
			'छाती',
			'الصدر'
		]) {
			expect(whatOf({ bodyPart })).toEqual([]);
		}
		for (const view of ['PA', 'AP', 'antero-posterior', 'LORDOTIC', 'AP_PORTABLE', 'bilateral'])
			expect(whatOf({ view })).toEqual([]);
	});

	it.each([
		['a child that is five until its birthday', 5.9, []],
		['a child of six', 6, ['age']],
		['a child of one', 1, []],
		['a baby', 0.95, ['age']],
		['an adult', 34, ['age']]
	])('by age: %s', (_, age, expected) => {
		expect(whatOf({ age })).toEqual(expected);
	});

	it('by its machine, its body part and its view', () => {
		expect(whatOf({ modality: 'CT' })).toEqual(['modality']);
		expect(whatOf({ modality: 'XA' })).toEqual(['modality']);
		expect(whatOf({ bodyPart: 'SKULL' })).toEqual(['body-part']);
		expect(whatOf({ modality: 'MR', bodyPart: 'KNEE', age: 60 })).toHaveLength(3);
	});

	it.each([
		...['LL', 'RL', 'LLO', 'RLO', 'L-LAT', 'LAT L', 'LAT_R', 'R LAT', 'Lat', 'RLD', 'LPO'],
		...[
			'LATERAL',
			'left lateral',
			'Latéral',
			'PROFIL',
			'perfil izquierdo',
			'Oblíqua',
			'upande wa kushoto'
		],
		...['पार्श्व', 'جانبي']
	])('by its view, however it is spelled: %s', (view) => {
		expect(whatOf({ view })).toEqual(['view']);
	});

	it('not where cells are read and a microscope made it, whatever its spelling', () => {
		for (const modality of ['GM', 'SM', 'gm', 'XC', null]) {
			expect(outsideUse({ ...CHILD, modality }, 'malaria-cell')).toEqual([]);
		}
	});

	it('where cells are read and a medical machine made it', () => {
		expect(outsideWords(TASKS, 'malaria-cell', outsideUse(CHILD, 'malaria-cell'))).toBe(
			'no picture from a microscope but an X-ray (CR)'
		);
	});

	it('in words, one reason after the other', () => {
		const scan = { ...CHILD, modality: 'CT', bodyPart: 'SKULL', view: 'LL', age: 34 };
		expect(
			outsideWords(TASKS, 'chest-xray-pneumonia', outsideUse(scan, 'chest-xray-pneumonia'))
		).toBe(
			'no plain X-ray but a CT (CT); not the chest but SKULL; not taken from the front but LL; an adult (34 years)'
		);
		expect(
			outsideWords(TASKS, 'chest-xray-pneumonia', [{ what: 'modality', value: 'toString' }])
		).toBe('no plain X-ray but toString');
	});
});

it('an age is said as people say it', () => {
	expect([34.7, 9.2, 1, 0.5, 1 / 12 + 0.001].map(ageInWords)).toEqual([
		'an adult (34 years)',
		'a child of 9 years',
		'a child of 1 year',
		'a baby of 6 months',
		'a baby of 1 month'
	]);
});
