import { emptyStorage, failWrites } from '../helpers/storage';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NO_FACTS } from '../../../src/lib/formats/facts';
import { MAX_BACKUP_BYTES, OPEN_GROUP } from '../../../src/lib/base/limits';
import { backupFileName, openBackup, saveBackup } from '../../../src/lib/sessions/backup';
import { readSettings } from '../../../src/lib/sessions/backup-store';
import {
	listSessions,
	readResults,
	readSession,
	writeChanges
} from '../../../src/lib/sessions/store';
import { database, readSetting, writeSetting } from '../../../src/lib/storage/database';
import type { StoredResult } from '../../../src/lib/sessions/stored';
import { exampleManifest } from '../helpers/manifest';
import { LUNGS } from '../helpers/regions';
import { fieldOf } from '../helpers/smears';
import { storedResult, storedSession, waitingResult } from '../helpers/stored';
import { FakeTabs } from '../helpers/tabs';
import { ORIGIN } from '../helpers/dicom-rows';

const ID = 'a'.repeat(32);
const TIME = '2026-11-30T10:00:00.000Z';
const OTHER = 'b'.repeat(32);
const manifest = exampleManifest();

async function keep(id: string, results: StoredResult[], changes = {}) {
	await writeChanges({ session: storedSession(id, changes), results, manifest });
}
async function rowsOf(id: string): Promise<StoredResult[]> {
	const rows: StoredResult[] = [];
	for await (const part of readResults(id)) rows.push(...part);
	return rows;
}
/** Everything that is stored, to see that nothing changed. */
async function everything() {
	const db = await database();
	return {
		sessions: await db.getAll('sessions'),
		results: await db.getAll('results'),
		manifests: await db.getAll('manifests'),
		settings: await readSettings()
	};
}
async function backup(): Promise<string> {
	return (await saveBackup(false)).text();
}
const { locks } = new FakeTabs();
const open = (text: string) => openBackup(new Blob([text]), locks);
/** The file with one line changed. */
function spoiled(text: string, line: number, change: (json: Record<string, unknown>) => unknown) {
	const lines = text.split('\n');
	lines[line] = JSON.stringify(change(JSON.parse(lines[line])));
	return lines.join('\n');
}

beforeEach(emptyStorage);
afterEach(() => vi.restoreAllMocks());

describe('a backup', () => {
	it('brings fields of smears with their cells, what was said of them, and their slide', async () => {
		const field = {
			...fieldOf([0.9, 0.2]),
			notes: ['too-dark' as const],
			tiles: { side: 64, cells: [0], jpeg: Uint8Array.of(255, 216, 255) }
		};
		const box = { left: 1, top: 2, right: 30, bottom: 40 };
		const said = { cell: 0, finding: 'parasite' as const, by: 'AB', time: TIME };
		const fieldReview = { said: [said], added: [box], removed: [1] };
		const rows = [storedResult(ID, 0, { field, fieldReview, slide: 'Patient 7' })];
		await keep(ID, rows, { redCells: { 'Patient 7': 4_200_000 } });
		const text = await backup();
		await emptyStorage();
		expect(await open(text)).toMatchObject({ ok: true });
		expect(await rowsOf(ID)).toEqual(rows);
		expect((await readSession(ID))?.session.redCells).toEqual({ 'Patient 7': 4_200_000 });
	});

	it('is refused where the cells of a field are no whole cells', async () => {
		await keep(ID, [storedResult(ID, 0, { field: fieldOf([0.9]) })]);
		const text = await backup();
		const line = text.split('\n').findIndex((json) => json.includes('"result"'));
		const cut = spoiled(text, line, (json) => ({
			...json,
			field: { ...(json.field as object), cells: 'AAAA' }
		}));
		await emptyStorage();
		expect(await open(cut)).toMatchObject({ ok: false });
	});

	it('brings everything to another device as it was', async () => {
		const rows = [storedResult(ID, 0), waitingResult(ID, 1)];
		await keep(ID, rows);
		await keep(OTHER, [storedResult(OTHER, 0, { review: null, distance: null })], { name: 'Two' });
		await writeSetting('task', 'malaria-cell');
		await writeSetting('backend', 'webgl');
		const text = await backup();
		await emptyStorage();
		await writeSetting('theme', 'dark');

		expect(await open(text)).toEqual({ ok: true, value: { added: 2, known: 0 } });
		expect(await readSession(ID)).toEqual({ session: storedSession(ID), manifest });
		expect(await rowsOf(ID)).toEqual(rows);
		expect((await readSession(OTHER))?.session.name).toBe('Two');
		expect(await readSetting('task')).toBe('malaria-cell');
		// What was fastest there may be slow here.
		expect(await readSetting('backend')).toBeUndefined();
		expect(await readSetting('theme')).toBe('dark');
	});

	it('takes along what a file says of the image, and not of whom it is', async () => {
		const facts = {
			modality: 'DX',
			bodyPart: 'CHEST',
			view: 'PA',
			age: 34,
			patientId: '4711',
			patientName: 'Somebody^Known',
			birthDate: '1992-02-03',
			sex: 'male' as const,
			studyDate: '2026-11-20',
			spacing: { down: 0.2, across: 0.15, source: 'imager' as const },
			frames: 2,
			ownRange: false,
			origin: ORIGIN
		};
		await keep(
			ID,
			[storedResult(ID, 0, { facts, overruled: true, outlineWrong: true, drawn: LUNGS.outlines })],
			{ total: 1 }
		);
		const backup = await saveBackup(false);
		expect(await backup.text()).not.toMatch(/4711|Somebody|1\.2\.840/);
		await emptyStorage();
		expect(await openBackup(backup, locks)).toMatchObject({ ok: true, value: { added: 1 } });
		expect(await rowsOf(ID)).toMatchObject([
			{
				facts: { ...facts, patientId: null, patientName: null, birthDate: null, origin: null },
				overruled: true,
				outlineWrong: true,
				drawn: LUNGS.outlines
			}
		]);
	});

	it('says whose images they are where that is asked for', async () => {
		const facts = {
			...NO_FACTS,
			patientName: 'Somebody',
			patientId: '4711',
			sex: 'male' as const,
			origin: ORIGIN
		};
		const typed = { name: 'Amina', number: '12', birthDate: '2023-05-02', date: '2026-11-02' };
		const patientRules = {
			folders: true,
			naming: { example: 'aa00_01.01.2000', marks: ['number', 'date'] as const },
			dates: 'mdy' as const
		};
		await keep(ID, [storedResult(ID, 0, { facts, typed })], { total: 1, patientRules });
		const withThem = await saveBackup(true);
		const without = await saveBackup(false);
		expect(await without.text()).not.toMatch(/Somebody|4711|Amina|2023-05-02/);
		await emptyStorage();
		await openBackup(withThem, locks);
		expect(await rowsOf(ID)).toMatchObject([{ facts, typed }]);
		expect((await readSession(ID))?.session.patientRules).toEqual(patientRules);
		await emptyStorage();
		await openBackup(without, locks);
		expect(await rowsOf(ID)).toMatchObject([
			{
				facts: { ...facts, patientName: null, patientId: null, origin: null },
				typed: { date: '2026-11-02' }
			}
		]);
	});

	it('of many rows is whole', async () => {
		const rows = Array.from({ length: 2 * OPEN_GROUP + 3 }, (_, i) => storedResult(ID, i));
		await keep(ID, rows);
		const text = await backup();
		await emptyStorage();
		expect((await open(text)).ok).toBe(true);
		expect(await rowsOf(ID)).toEqual(rows);
	});

	it('of nothing can be opened too', async () => {
		expect(await open(await backup())).toEqual({ ok: true, value: { added: 0, known: 0 } });
	});

	it('opened twice adds nothing twice', async () => {
		await keep(ID, [storedResult(ID, 0)]);
		const text = await backup();
		const before = await everything();
		expect(await open(text)).toEqual({ ok: true, value: { added: 0, known: 1 } });
		expect(await everything()).toEqual(before);
	});

	it('replaces no session that went on here: its own comes beside it', async () => {
		await keep(ID, [waitingResult(ID, 0)]);
		const text = await backup();
		await keep(ID, [storedResult(ID, 0)], { changedAt: '2026-11-21T18:00:00.000Z' });
		expect(await open(text)).toEqual({ ok: true, value: { added: 1, known: 0 } });
		expect(await rowsOf(ID)).toEqual([storedResult(ID, 0)]);
		const ids = (await listSessions()).map(({ id }) => id);
		expect(ids).toHaveLength(2);
		const other = ids.find((id) => id !== ID)!;
		expect((await rowsOf(other)).map(({ status }) => status)).toEqual(['waiting']);
	});

	it('leaves settings alone that were made here', async () => {
		await writeSetting('task', 'malaria-cell');
		const text = await backup();
		await writeSetting('task', 'chest-xray-pneumonia');
		await open(text);
		expect(await readSetting('task')).toBe('chest-xray-pneumonia');
	});

	it('has a name with the day', () => {
		expect(backupFileName(new Date(2026, 10, 3))).toBe('fieldlens-backup-2026-11-03.jsonl');
	});

	it('for which there is no room leaves nothing of itself', async () => {
		await keep(ID, [storedResult(ID, 0)]);
		const text = await backup();
		await emptyStorage();
		failWrites('QuotaExceededError');
		expect(await open(text)).toMatchObject({ ok: false, problem: { code: 'backup-no-room' } });
		vi.restoreAllMocks();
		const { sessions, results, manifests } = await everything();
		expect([sessions, results, manifests]).toEqual([[], [], []]);
	});
});

describe('a bad backup changes nothing and gets a sentence', () => {
	let text: string;
	/** header, settings, manifest, session, result, result, end */
	beforeEach(async () => {
		await keep(ID, [storedResult(ID, 0), waitingResult(ID, 1)]);
		text = await backup();
		await emptyStorage();
		await keep(OTHER, [storedResult(OTHER, 0)]);
	});

	async function refused(file: string | Blob, code = 'backup-unreadable') {
		const before = await everything();
		const outcome = await openBackup(new Blob([file]), locks);
		expect(outcome).toMatchObject({ ok: false, problem: { code } });
		expect(await everything()).toEqual(before);
	}

	it.each([
		['an image', '\x89PNG\r\n\x1a\n'],
		['nothing', ''],
		['a CSV', 'path,score\r\na,1\r\n'],
		['JSON of something else', '{"kind":"header","format":"other","version":1}\n']
	])('when it is %s', (_, content) => refused(content));

	it('when it is a picture of bytes that are no text', () =>
		refused(new Blob([Uint8Array.of(0xff, 0xfe, 0x00, 0x80)])));

	it('when its end is missing, wherever it was cut off', async () => {
		const lines = text.trimEnd().split('\n');
		await refused(lines.slice(0, -1).join('\n') + '\n', 'backup-cut-off');
		await refused(text.slice(0, -30), 'backup-cut-off');
		await refused(lines.slice(0, 5).join('\n').slice(0, -10), 'backup-cut-off');
	});

	it('when a newer Fieldlens made it', () =>
		refused(
			spoiled(text, 0, (json) => ({ ...json, version: 2 })),
			'backup-newer'
		));

	it('when it is too large to be one', async () => {
		const huge = { size: MAX_BACKUP_BYTES + 1 } as Blob;
		expect(await openBackup(huge, locks)).toMatchObject({ problem: { code: 'backup-too-large' } });
	});

	it.each<[string, number, (json: Record<string, unknown>) => unknown]>([
		['a score beyond 1', 4, (json) => ({ ...json, probability: 1.5 })],
		['a score as text', 4, (json) => ({ ...json, probability: '0.5' })],
		['a done row without a score', 4, (json) => ({ ...json, probability: null })],
		['a map that fits no grid', 4, (json) => ({ ...json, map: 'AAAA' })],
		['a map that is no base64', 4, (json) => ({ ...json, map: '****' })],
		['a picture of a megabyte', 4, (json) => ({ ...json, thumbnail: 'A'.repeat(1 << 20) })],
		['a row twice', 5, (json) => ({ ...json, index: 0 })],
		['a gap', 5, (json) => ({ ...json, index: 2 })],
		['a place beyond all lists', 5, (json) => ({ ...json, index: 1e9 })],
		[
			'a problem that there is none of',
			5,
			(json) => ({
				...json,
				problem: { code: '__proto__', sentence: 'All are well.', advice: '' }
			})
		],
		['a status that there is none of', 5, (json) => ({ ...json, status: 'reading' })],
		[
			'a session without its manifest',
			3,
			(json) => ({
				...json,
				model: { id: 'example', version: '9.9.9', network: 'resnet34' }
			})
		],
		['a session of another task', 3, (json) => ({ ...json, task: 'malaria-cell' })],
		['an id that is no id', 3, (json) => ({ ...json, id: '../../x' })],
		['a manifest that is not in order', 2, (json) => ({ ...json, manifest: { id: 'example' } })],
		['a wrong count at its end', 6, (json) => ({ ...json, results: 7 })],
		['a header in the middle', 3, () => JSON.parse(text.split('\n')[0])]
	])('with %s', (_, line, change) => refused(spoiled(text, line, change)));

	it('whatever is changed in it: it is refused whole, or opened whole', async () => {
		const bytes = Buffer.from(text);
		const changes = fc.array(
			fc.record({
				at: fc.nat({ max: bytes.length - 1 }),
				byte: fc.nat({ max: 255 }),
				cut: fc.boolean()
			}),
			{ minLength: 1, maxLength: 3 }
		);
		const before = await everything();
		await fc.assert(
			fc.asyncProperty(changes, async (all) => {
				let hostile = Buffer.from(bytes);
				for (const { at, byte, cut } of all) {
					if (cut) hostile = hostile.subarray(0, at);
					else if (at < hostile.length) hostile[at] = byte;
				}
				const outcome = await openBackup(new Blob([hostile]), locks);
				if (outcome.ok) {
					for (const { id } of await listSessions()) await rowsOf(id);
					await emptyStorage();
					await keep(OTHER, [storedResult(OTHER, 0)]);
				} else {
					expect(outcome.problem.code).toMatch(/^backup-/);
					expect(await everything()).toEqual(before);
				}
			}),
			{ numRuns: 60 }
		);
	});
});
