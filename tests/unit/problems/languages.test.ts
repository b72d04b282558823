/**
 * What a health worker reads where a file is refused, once in each language: what it is and what
 * to do. `problems.test.ts` has the details; here are all the words that they lead to.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LOCALES } from '../../../src/lib/i18n/locales';
import { baseLocale, getLocale, overwriteGetLocale } from '../../../src/lib/paraglide/runtime.js';
import { adviceOf, sentenceOf } from '../../../src/lib/problems/messages';
import { problem, type Problem } from '../../../src/lib/problems/problems';
import '../../../src/lib/tasks';

/** Files of a kind that is not read: none of these is damaged. */
const UNREAD: readonly Problem[] = [
	problem('not-an-image'),
	problem('system-file'),
	problem('format-not-read', { format: 'JPEG XR' }),
	problem('archive-not-read', { format: '7-Zip' }),
	problem('heic-not-read'),
	problem('no-colours'),
	...(
		[
			{ kind: 'video' },
			{ kind: 'syntax', name: '1.2.840.10008.1.2.6.1' },
			{ kind: 'syntax' },
			{ kind: 'channels', name: 'CMYK', number: 4 },
			{ kind: 'bits', number: 1 },
			{ kind: 'bits-unusual', number: 12 },
			{ kind: 'fractions' },
			{ kind: 'palette-segments' },
			{ kind: 'big-tiff' },
			{ kind: 'fax' },
			{ kind: 'old-jpeg' },
			{ kind: 'compression', number: 34712 },
			{ kind: 'colours', number: 5 }
		] as const
	).map((coding) => problem('coding-not-read', { coding })),
	problem('dicom-directory'),
	...(['report', 'document', 'display', 'files', 'ecg', 'plan', 'outlines', 'other'] as const).map(
		(what) => problem('dicom-no-image', { what })
	),
	problem('dicom-encrypted'),
	problem('archive-encrypted'),
	problem('archive-method', { name: 'BZIP2' }),
	problem('archive-nested'),
	problem('pdf-encrypted'),
	problem('pdf-no-picture'),
	problem('pdf-several-pictures'),
	problem('archive-too-large', { bytes: 900e6 }),
	problem('image-too-large', { size: { width: 30_000, height: 30_000 } }),
	problem('image-too-large', { size: { bytes: 300e6 } }),
	problem('image-too-large', { size: { over: 300e6 } }),
	problem('not-recognised', { task: 'chest-xray-pneumonia' }),
	problem('not-recognised', { task: 'malaria-cell' }),
	problem('outside-use', {
		task: 'chest-xray-pneumonia',
		reasons: [{ what: 'age', years: 34 }]
	}),
	problem('outside-use', {
		task: 'chest-xray-pneumonia',
		reasons: [
			{ what: 'modality', value: 'CT' },
			{ what: 'body-part', value: 'ABDOMEN' },
			{ what: 'view', value: 'LATERAL' }
		]
	}),
	problem('outside-use', {
		task: 'malaria-cell',
		reasons: [{ what: 'modality', value: 'CR' }]
	})
];

/** Files of which a part is missing or wrong, or that could not be opened. */
const BAD: readonly Problem[] = [
	problem('empty-file'),
	problem('empty-image'),
	problem('truncated-image'),
	problem('damaged-image'),
	problem('no-image-inside'),
	problem('file-absent'),
	problem('file-gone'),
	problem('image-not-finished'),
	problem('image-not-opened'),
	problem('archive-cut-off'),
	problem('archive-damaged'),
	problem('pdf-damaged')
];
const ALL = [...UNREAD, ...BAD];

/** How each language calls a damaged file. */
const DAMAGED: Record<string, RegExp> = {
	en: /damage|corrupt|broken/i,
	es: /dañad|corrupt/i,
	fr: /endommag|corromp/i,
	pt: /danificad|corromp/i,
	sw: /haribik/i,
	hi: /ख़राब|खराब/,
	ar: /تالف/
};
/** Characters of three lines beside a row's thumbnail, on a tablet held upright. */
const MOST_CHARACTERS = 180;

const before = getLocale;
afterAll(() => overwriteGetLocale(before));

describe.each(LOCALES)('a refused file in %s', (locale) => {
	const said: { name: string; sentence: string; advice: string }[] = [];
	beforeAll(() => {
		overwriteGetLocale(() => locale);
		for (const one of ALL) {
			const name = `${one.code} ${JSON.stringify(one.details)}`;
			said.push({ name, sentence: sentenceOf(one), advice: adviceOf(one) });
		}
	});

	it('is told what it is and what to do, in whole sentences that fit', () => {
		expect(said).toHaveLength(ALL.length);
		for (const { name, sentence, advice } of said) {
			for (const text of [sentence, advice]) {
				expect(text, name).toMatch(/\p{L}.*[.।]$/su);
				expect(text, name).not.toMatch(/[{}]| {2}|undefined|null|NaN|\(\)|problems_/);
			}
			expect(sentence.length, name).toBeLessThanOrEqual(MOST_CHARACTERS);
			expect(advice.length, name).toBeLessThanOrEqual(MOST_CHARACTERS);
		}
	});

	it('is told apart from every other one', () => {
		expect(new Set(said.map(({ sentence }) => sentence)).size).toBe(
			new Set(said.map(({ name }) => name)).size
		);
	});

	it('is called damaged only where it is', () => {
		for (const { name, sentence, advice } of said.slice(0, UNREAD.length)) {
			expect(sentence + advice, name).not.toMatch(DAMAGED[locale]);
		}
		for (const code of ['damaged-image', 'archive-damaged', 'pdf-damaged']) {
			const found = said.find(({ name }) => name.startsWith(code));
			expect(found?.sentence).toMatch(DAMAGED[locale]);
		}
	});

	it.skipIf(locale === baseLocale)('is not told in English', () => {
		const own = said.map(({ sentence, advice }) => [sentence, advice]);
		overwriteGetLocale(() => baseLocale);
		for (const [i, one] of ALL.entries()) {
			expect(own[i][0]).not.toBe(sentenceOf(one));
			expect(own[i][1]).not.toBe(adviceOf(one));
		}
	});
});

it('every refusal of a file is among them', async () => {
	const { readFile } = await import('node:fs/promises');
	const text = await readFile('src/lib/problems/problems.ts', 'utf8');
	const [, ofFiles = ''] = /\/\/ One file\n(.*?)\/\/ A model/s.exec(text) ?? [];
	const codes = [...ofFiles.matchAll(/^\t'([\w-]+)':/gm)].map(([, code]) => code);
	expect(codes.length).toBeGreaterThan(20);
	expect(codes.filter((code) => !ALL.some((one) => one.code === code))).toEqual([]);
});
