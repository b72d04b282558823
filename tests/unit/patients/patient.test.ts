import { describe, expect, it } from 'vitest';
import { NO_FACTS, yearsBetween } from '../../../src/lib/formats/facts';
import {
	patientFrom,
	saidByHeader,
	statedFacts,
	UNKNOWN,
	type Said
} from '../../../src/lib/patients/patient';

const HEADER = {
	...NO_FACTS,
	patientName: 'Amina Diallo',
	patientId: '0042',
	birthDate: '2023-05-02',
	sex: 'female' as const,
	studyDate: '2026-11-21'
};

describe('a patient', () => {
	it('is what was typed, then the header, the file name, the folder', () => {
		const patient = patientFrom({
			typed: { name: 'Amina Fatou Diallo' },
			header: saidByHeader(HEADER),
			'file-name': { number: '7', date: '2026-01-01' },
			folder: { name: 'Ward' }
		});
		expect(patient).toMatchObject({
			name: 'Amina Fatou Diallo',
			number: '0042',
			sex: 'female',
			date: '2026-11-21',
			sources: { name: 'typed', number: 'header', sex: 'header', date: 'header' }
		});
	});

	it('has the age that the birth date gives on the day of the image', () => {
		const { age, sources } = patientFrom({ header: saidByHeader(HEADER) });
		expect(Math.floor(age ?? 0)).toBe(3);
		expect(sources.age).toBe('header');
		const typed = patientFrom({ typed: { birthDate: '2021-11-21' }, header: saidByHeader(HEADER) });
		expect(typed).toMatchObject({ age: 5, sources: { age: 'typed' } });
	});

	it('is nobody where nothing is known, or only what stands for a name that was taken out', () => {
		expect(patientFrom({})).toBe(UNKNOWN);
		for (const name of ['ANONYMOUS', 'anon', 'No Name', '0', '---', 'Unknown', 'xxx']) {
			const facts = { ...NO_FACTS, patientName: name, patientId: name };
			expect(patientFrom({ header: saidByHeader(facts) }), name).toMatchObject({
				name: null,
				number: null
			});
		}
		const real = { ...NO_FACTS, patientName: 'Ana Noname', patientId: '10' };
		expect(saidByHeader(real)).toMatchObject({ name: 'Ana Noname', number: '10' });
	});

	it('is the same by number, or without one by name and birth date', () => {
		const key = (typed: Said) => patientFrom({ typed }).key;
		expect(key({ number: 'ab 12', name: 'Amina' })).toBe(key({ number: 'AB  12', name: 'other' }));
		expect(key({ name: 'José', birthDate: '2023-05-02' })).toBe(
			key({ name: 'jose', birthDate: '2023-05-02' })
		);
		// Vowel signs are letters of a name, not accents.
		expect(key({ name: 'कुमार' })).not.toBe(key({ name: 'कमार' }));
		expect(key({ name: 'Amina', birthDate: '2023-05-02' })).not.toBe(key({ name: 'Amina' }));
		expect(key({ age: 3 })).toBeNull();
	});

	it('whose age a person typed is judged by that age', () => {
		expect(statedFacts(HEADER, { age: 34 })?.age).toBe(34);
		expect(statedFacts(null, { birthDate: '1990-01-01', date: '2026-11-21' })?.age).toBeCloseTo(
			36.9,
			1
		);
		expect(statedFacts(HEADER, { name: 'Amina' })).toBe(HEADER);
		expect(statedFacts(null, null)).toBeNull();
	});
});

describe('years between two days', () => {
	it.each([
		['2023-05-02', '2026-05-02', 3],
		['2023-05-02', '2026-05-01', 2 + (11 + 29 / 31) / 12],
		['2026-01-31', '2026-07-31', 0.5],
		['2024-02-29', '2026-03-01', 2 + 0 / 12]
	])('from %s to %s are %s', (from, to, years) =>
		expect(yearsBetween(from, to)).toBeCloseTo(years, 2)
	);

	it('of a baby are whole months', () => {
		for (let month = 1; month < 12; month++) {
			const to = `2026-${String(month + 1).padStart(2, '0')}-15`;
			expect(Math.floor((yearsBetween('2026-01-15', to) ?? 0) * 12 + 1e-9), to).toBe(month);
		}
	});

	it('are none where the first is the later one', () => {
		expect(yearsBetween('2026-05-02', '2026-05-01')).toBeNull();
		expect(yearsBetween(null, '2026-05-01')).toBeNull();
	});
});
