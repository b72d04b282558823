/** Sessions and rows as they are kept. */
import { LUNGS } from './regions';
import { NO_RULES } from '../../../src/lib/patients/rules';
import type { StoredResult, StoredSession } from '../../../src/lib/sessions/stored';

export function storedSession(id: string, changes: Partial<StoredSession> = {}): StoredSession {
	return {
		id,
		name: `list ${id}`,
		startedAt: '2026-11-21T10:00:00.000Z',
		changedAt: '2026-11-21T10:05:00.000Z',
		task: 'chest-xray-pneumonia',
		model: { id: 'example', version: '1.2.3', network: 'resnet34' },
		point: 'sensitive',
		total: 2,
		finished: 1,
		counts: { all: 2, likely: 1, waiting: 1 },
		bytes: 1000,
		exported: false,
		redCells: {},
		patientRules: NO_RULES,
		deletedAt: null,
		...changes
	};
}

/** A row with a score, a map and a review. */
export function storedResult(
	session: string,
	index: number,
	changes: Partial<StoredResult> = {}
): StoredResult {
	return {
		session,
		index,
		path: `ward/film ${index}.jpg`,
		file: { size: 1000 + index, modified: 1_700_000_000_000, sha256: 'ab'.repeat(32) },
		status: 'done',
		probability: 0.75,
		distance: 1.5,
		map: Uint8Array.from({ length: 64 }, (_, i) => 4 * i + 3),
		region: { ...LUNGS, notes: ['turned'], turnedBack: -17.5 },
		thumbnail: Uint8Array.of(255, 216, 255, index % 256).buffer,
		width: 640,
		height: 480,
		backend: 'wasm',
		time: '2026-11-21T10:01:00.000Z',
		problem: null,
		facts: null,
		typed: null,
		overruled: false,
		outlineWrong: false,
		drawn: null,
		corners: null,
		findsFilm: false,
		review: {
			finding: 'absent',
			reason: 'other',
			note: 'Grüße, "quoted"\n=1+2',
			by: 'AB',
			time: '2026-11-21T10:02:00.000Z',
			category: 'likely',
			point: 'sensitive'
		},
		field: null,
		fieldReview: null,
		slide: null,
		...changes
	};
}

/** A row that waits. */
export function waitingResult(session: string, index: number): StoredResult {
	return storedResult(session, index, {
		file: null,
		status: 'waiting',
		probability: null,
		distance: null,
		map: null,
		thumbnail: null,
		width: 0,
		height: 0,
		backend: '',
		time: '',
		review: null
	});
}
