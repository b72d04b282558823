import { describe, expect, it } from 'vitest';
import { Patients } from '../../../src/lib/app/patients.svelte';
import { patientFrom, UNKNOWN } from '../../../src/lib/patients/patient';
import { NO_RULES, patientsBy, type PatientRules } from '../../../src/lib/patients/rules';
import { Worklist } from '../../../src/lib/worklist/list.svelte';
import type { Row } from '../../../src/lib/worklist/row';

const FOLDERS: PatientRules = { folders: true, naming: null, dates: 'dmy' };

/** A list of two images, what was written of it, and settings as a Map. */
async function made(settings = new Map<string, string>()) {
	const worklist = new Worklist();
	const written: Row[][] = [];
	let touched = 0;
	const kept = {
		read: (name: string) => Promise.resolve(settings.get(name)),
		write: (name: string, value: string) => Promise.resolve(void settings.set(name, value))
	};
	const patients = new Patients(
		worklist,
		{
			commit: (rows) => {
				written.push([...rows]);
				return Promise.resolve(true);
			},
			touch: () => touched++
		},
		kept,
		kept
	);
	await patients.start();
	const open = () => Promise.reject(new Error('not opened'));
	worklist.append([
		{ path: 'Amina Kato 2026-11-02/1.jpg', open },
		{ path: 'Amina Kato 2026-11-09/1.jpg', open }
	]);
	return { worklist, patients, written, settings, touched: () => touched };
}

describe('what a person types of a patient', () => {
	it('is in the list and on its way to the disk at once', async () => {
		const { worklist, patients, written } = await made();
		patients.type([0, 1], { name: '  Amina  ', number: '12' });
		expect(worklist.rows.map(({ typed }) => typed)).toEqual([
			{ name: 'Amina', number: '12' },
			{ name: 'Amina', number: '12' }
		]);
		expect(written).toEqual([worklist.rows]);
	});

	it('adds to what was typed before, and is taken back with null or nothing', async () => {
		const { worklist, patients } = await made();
		patients.type([0], { name: 'Amina', sex: 'female' });
		patients.type([0], { sex: null, date: '2026-11-02' });
		expect(worklist.rows[0].typed).toEqual({ name: 'Amina', date: '2026-11-02' });
		patients.type([0], { name: ' ', date: null });
		expect(worklist.rows[0].typed).toBeNull();
	});

	it('changes nothing where another tab works on the list', async () => {
		const { worklist, patients, written } = await made();
		worklist.finishLoading('following', true);
		patients.type([0], { name: 'Amina' });
		patients.useRules(FOLDERS);
		expect(worklist.rows[0].typed).toBeNull();
		expect(worklist.patientRules).toEqual(NO_RULES);
		expect(written).toEqual([]);
	});
});

describe('rules for patients', () => {
	it('hold for the list, are written with it, and hold for the next list, too', async () => {
		const { worklist, patients, settings, touched } = await made();
		patients.useRules(FOLDERS);
		expect(worklist.rows.map(patientsBy(worklist.patientRules))).toMatchObject([
			{ name: 'Amina Kato', date: '2026-11-02' },
			{ name: 'Amina Kato', date: '2026-11-09' }
		]);
		expect(touched()).toBe(1);
		const later = await made(settings);
		expect(later.worklist.patientRules).toEqual(FOLDERS);
	});

	it('of an opened list hold for that list alone', async () => {
		const { worklist, patients } = await made();
		worklist.usePatientRules(FOLDERS);
		worklist.clear();
		patients.forget();
		expect(worklist.patientRules).toEqual(NO_RULES);
	});

	it('that are no such are passed over', async () => {
		const { worklist } = await made(new Map([['patient rules', '{"folders":"yes"}']]));
		expect(worklist.patientRules).toEqual(NO_RULES);
	});
});

describe('replacement numbers', () => {
	it('are the same the next time: the secret stays on the device', async () => {
		const settings = new Map<string, string>();
		const patient = patientFrom({ typed: { number: '12' } });
		const first = await (await made(settings)).patients.replacements([patient, UNKNOWN]);
		const second = await (await made(settings)).patients.replacements([patient]);
		expect([...first.keys()]).toEqual(['number 12']);
		expect(second).toEqual(first);
		const elsewhere = await (await made()).patients.replacements([patient]);
		expect(elsewhere).not.toEqual(first);
	});
});
