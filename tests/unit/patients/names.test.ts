import { describe, expect, it } from 'vitest';
import { findDates } from '../../../src/lib/patients/dates';
import { saidByFolder } from '../../../src/lib/patients/folders';
import {
	formOf,
	piecesOf,
	readerOf,
	type Mark,
	type NamingRule
} from '../../../src/lib/patients/naming-rule';

describe('a date in a name', () => {
	it.each([
		['2026-11-21', '2026-11-21'],
		['20261121', '2026-11-21'],
		['2026_11_21', '2026-11-21'],
		['21.11.2026', '2026-11-21'],
		['21112026', '2026-11-21'],
		['3-4-2026', '2026-04-03'],
		['04-21-2026', '2026-04-21']
	])('%s is %s', (written, day) =>
		expect(findDates(`film ${written} a`, 'dmy').map(({ date }) => date)).toEqual([day])
	);

	it('has its month first where a person says so', () => {
		expect(findDates('3-4-2026', 'mdy')).toMatchObject([{ date: '2026-03-04' }]);
	});

	it.each(['2026-13-40', '31-02-2026', '12345678', '120261121', '2026-11', '0012'])(
		'is none in %s',
		(written) => expect(findDates(written, 'dmy')).toEqual([])
	);
});

describe('a folder a patient', () => {
	it.each([
		['Amina Kato 2026-11-02/front.jpg', { name: 'Amina Kato', number: null, date: '2026-11-02' }],
		['ward/P-0012/2026-11-02/front.jpg', { name: null, number: 'P-0012', date: '2026-11-02' }],
		[
			'0012_Amina Kato_02.11.2026/1.dcm',
			{ name: 'Amina Kato', number: '0012', date: '2026-11-02' }
		],
		['person7/1.jpg', { name: null, number: 'person7', date: null }],
		['أمينة/1.jpg', { name: 'أمينة', number: null, date: null }]
	])('says in %s who and when', (path, said) => expect(saidByFolder(path, 'dmy')).toEqual(said));

	it('says nothing of an image that is in no folder', () => {
		expect(saidByFolder('front.jpg', 'dmy')).toEqual({ date: null });
	});
});

/** A rule as a person makes it: for each piece of the example its mark, `.` for none. */
function ruleOf(example: string, marks: string): NamingRule {
	const words: Record<string, Mark | null> = { n: 'name', i: 'number', d: 'date', '.': null };
	return { example: formOf(example, 'dmy'), marks: [...marks].map((letter) => words[letter]) };
}

describe('a rule made of one file name', () => {
	const read = (example: string, marks: string, path: string) =>
		readerOf(ruleOf(example, marks), 'dmy')(path);

	it('reads the other names the same way', () => {
		const read = readerOf(ruleOf('AK0012_20261102_front', 'id.'), 'dmy');
		expect(read('ward/BM7_20261015_side.jpg')).toEqual({ number: 'BM7', date: '2026-10-15' });
		expect(read('BM7_15-10-2026.png')).toEqual({ number: 'BM7', date: '2026-10-15' });
	});

	it('takes names of one word or of four', () => {
		const read = readerOf(ruleOf('0012 Amina Kato 2026-11-02', 'innd'), 'dmy');
		expect(read('13 Moses 2026-11-03.jpg')).toEqual({
			number: '13',
			name: 'Moses',
			date: '2026-11-03'
		});
		expect(read('14 José de la Cruz 2026-11-04.jpg')).toMatchObject({ name: 'José de la Cruz' });
	});

	it('ends a name where the words that follow are parted otherwise', () => {
		expect(read('Amina Kato_front_0012', 'nn.i', 'José de la Cruz_side_7.jpg')).toEqual({
			name: 'José de la Cruz',
			number: '7'
		});
		expect(read('Amina_Kato_front_0012', 'nn.i', 'Moses_Okello_side_7.jpg')).toEqual({
			name: 'Moses Okello',
			number: '7'
		});
	});

	it('says nothing of a name that does not fit', () => {
		const read = readerOf(ruleOf('0012_2026-11-02', 'id'), 'dmy');
		for (const name of ['front.jpg', '0012.jpg', '2026-11-02_0012.jpg', 'front_2026-11-02.jpg']) {
			expect(read(name), name).toBeNull();
		}
	});

	it('is kept without the name that it was made of, and is the same', () => {
		const form = formOf('AK0012_21.11.2026 Amina', 'dmy');
		expect(form).toBe('aa0000_01.01.2000 aaaaa');
		expect(piecesOf(form, 'dmy').map(({ date }) => date !== null)).toEqual(
			piecesOf('AK0012_21.11.2026 Amina', 'dmy').map(({ date }) => date !== null)
		);
	});

	it('reads a very long name at once', () => {
		const rule = ruleOf(`${'a '.repeat(100)}0012`, `${'n'.repeat(100)}i`);
		expect(readerOf(rule, 'dmy')(`${'a '.repeat(100_000)}.jpg`)).toBeNull();
	});
});
