import { emptyStorage } from '../helpers/storage';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CalibrationState } from '../../../src/lib/calibration/calibration-state.svelte';
import { ListTruth } from '../../../src/lib/calibration/list-truth.svelte';
import { OperatingPoints } from '../../../src/lib/calibration/operating-points.svelte';
import { PROPOSAL } from '../../../src/lib/calibration/setting-messages';
import { studyOf } from '../../../src/lib/calibration/study';
import type { RunStudy } from '../../../src/lib/calibration/study-runner';
import { failed, succeeded } from '../../../src/lib/problems/problems';
import { Worklist } from '../../../src/lib/worklist/list.svelte';
import { exampleManifest } from '../helpers/manifest';
import { readRow, reviewedRow, reviewOf } from '../helpers/rows';
import { fieldOf } from '../helpers/smears';

const manifest = exampleManifest();
const DETAILS = { name: 'Ward 3', by: 'KL', where: 'Here' };

let worklist: Worklist;
let points: OperatingPoints;
let runs: { thresholds: readonly number[]; signal: AbortSignal }[];
const runStudy: RunStudy = (readings, thresholds, signal) => {
	runs.push({ thresholds, signal });
	return Promise.resolve(succeeded(studyOf(readings, thresholds)));
};
const state = (run = runStudy) =>
	new CalibrationState(new ListTruth(worklist, { manifest: null }), points, run);

/** A list of 60 images that people reviewed: the upper half has the finding. */
function reviewed(): void {
	worklist.load(
		Array.from({ length: 60 }, (_, id) =>
			reviewedRow(id, (id + 0.5) / 60, id < 30 ? 'absent' : 'present')
		)
	);
}
const workedOut = () => vi.advanceTimersByTimeAsync(1000);

beforeEach(async () => {
	await emptyStorage();
	worklist = new Worklist();
	worklist.readBy(manifest);
	points = new OperatingPoints(worklist, { manifest: null });
	runs = [];
	vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

describe('the truth', () => {
	it('is what people said, where they said something', () => {
		reviewed();
		const calibration = state();
		expect(calibration.listTruth).toMatchObject({ source: 'review', reviewed: 60 });
		expect(calibration.readings).toHaveLength(60);
		expect(calibration.readings.filter(({ positive }) => positive)).toHaveLength(30);
	});

	it('is the folders, where they say it and nobody reviewed', () => {
		worklist.load([
			readRow(0, 0.1, 'chest/NORMAL/a.jpg'),
			readRow(1, 0.9, 'chest/PNEUMONIA/b.jpg')
		]);
		expect(state().listTruth.source).toBe('folders');
	});

	it('is not of fields, whose score is that of one of many cells', () => {
		worklist.load([
			{ ...readRow(0, 0.9, 'slide/Parasitized/a.jpg'), field: fieldOf([0.1, 0.9]) },
			readRow(1, 0.9, 'chest/PNEUMONIA/b.jpg')
		]);
		expect(state().listTruth.images.map(({ path }) => path)).toEqual(['chest/PNEUMONIA/b.jpg']);
	});

	it('is nowhere else until the user chooses', async () => {
		worklist.load([readRow(0, 0.1, 'a.jpg'), readRow(1, 0.9, 'b.jpg')]);
		const calibration = state();
		expect([calibration.listTruth.source, calibration.listTruth.truth]).toEqual([null, null]);
		calibration.listTruth.chooseSource('table');
		await calibration.listTruth.readTable(
			new File(['file,finding\na.jpg,normal\nb.jpg,pneumonia\n'], 't.csv')
		);
		expect(calibration.listTruth.tableName).toBe('t.csv');
		expect(calibration.readings.map(({ positive }) => positive)).toEqual([false, true]);
		// The one before stays where another is no table.
		await calibration.listTruth.readTable(new File(['nothing'], 'other.csv'));
		expect(calibration.listTruth.tableProblem).not.toBeNull();
		expect(calibration.listTruth.tableName).toBe('t.csv');
	});

	it('follows what the user says of a word', () => {
		worklist.load([readRow(0, 0.1, 'chest/NORMAL/a.jpg'), readRow(1, 0.9, 'chest/strange/b.jpg')]);
		const calibration = state();
		calibration.listTruth.chooseSource('folders');
		expect(calibration.readings).toHaveLength(1);
		calibration.listTruth.setMeaning('chest-xray-pneumonia', 'folders', 'strange', 'present');
		expect(calibration.readings).toHaveLength(2);
	});

	it('follows a review that is made while the page is open', () => {
		reviewed();
		const calibration = state();
		worklist.put({ ...worklist.rows[0], review: reviewOf('present') }, true);
		expect(calibration.readings.filter(({ positive }) => positive)).toHaveLength(31);
	});
});

describe('the study', () => {
	it('is worked out for the settings of the model and the proposal, a moment later', async () => {
		reviewed();
		const calibration = state();
		calibration.study(false);
		expect([calibration.working, runs.length]).toEqual([true, 0]);
		await workedOut();
		expect(calibration.working).toBe(false);
		expect(calibration.result?.settings.map(({ id }) => id)).toEqual([
			'sensitive',
			'balanced',
			PROPOSAL
		]);
		expect(runs[0].thresholds).toEqual(calibration.settings.map(({ threshold }) => threshold));
		expect(calibration.proposal?.threshold).toBe(runs[0].thresholds.at(-1));
	});

	it('is that of the last call', async () => {
		reviewed();
		const calibration = state();
		calibration.study(false);
		await workedOut();
		calibration.wanted = 80;
		expect(calibration.proposal).toBeNull();
		calibration.study(false);
		calibration.study(false);
		await workedOut();
		expect(runs).toHaveLength(2);
		expect(runs[0].signal.aborted).toBe(true);
		expect(calibration.result?.wanted).toBe(80);
	});

	it('is none while the list is read, nor of too few images', async () => {
		reviewed();
		const calibration = state();
		calibration.study(false);
		await workedOut();
		calibration.study(true);
		expect([calibration.result, calibration.working]).toEqual([null, false]);
		worklist.clear();
		calibration.study(false);
		await workedOut();
		expect(runs).toHaveLength(1);
	});

	it('says why it could not be worked out', async () => {
		reviewed();
		const calibration = state(() => Promise.resolve(failed('study-failed', { detail: 'no' })));
		calibration.study(false);
		await workedOut();
		expect(calibration.problem?.code).toBe('study-failed');
		expect(calibration.result).toBeNull();
	});
});

describe('the proposal', () => {
	it('becomes a local point with what it was measured on', async () => {
		reviewed();
		const calibration = state();
		expect(calibration.pointOf(DETAILS)).toBeNull();
		calibration.study(false);
		await workedOut();
		expect(calibration.pointOf(DETAILS)).toMatchObject({
			...DETAILS,
			model: 'example',
			modelVersion: '1.2.3',
			wanted: 0.95,
			labels: 'review',
			images: 60,
			positives: 30,
			threshold: calibration.proposal?.threshold
		});
	});

	it('says which setting flags the same images, where nothing is gained', async () => {
		reviewed();
		const calibration = state();
		calibration.study(false);
		await workedOut();
		// At 0.2 images without the finding are flagged, at 0.6 some with it are not.
		expect(calibration.proposal?.asGood).toBeNull();
		worklist.load(
			Array.from({ length: 60 }, (_, id) =>
				id < 30
					? reviewedRow(id, id / 60, 'absent')
					: reviewedRow(id, 0.6 + (id - 30) / 100, 'present')
			)
		);
		calibration.study(false);
		await workedOut();
		expect(calibration.proposal?.asGood?.id).toBe('balanced');
	});

	it('from a file is offered where it holds for the model, and said why where not', async () => {
		reviewed();
		const calibration = state();
		calibration.study(false);
		await workedOut();
		const point = calibration.pointOf(DETAILS);
		const fileOf = (content: unknown) => new File([JSON.stringify(content)], 'point.json');
		await calibration.readPoint(fileOf(point));
		expect(calibration.offered?.name).toBe('Ward 3');
		calibration.declinePoint();
		expect(calibration.offered).toBeNull();
		await calibration.readPoint(fileOf({ ...point, modelVersion: '9.0.0' }));
		expect(calibration.offered).toBeNull();
		expect(calibration.pointProblem?.code).toBe('point-other-version');
		await calibration.readPoint(new File(['x'], 'point.json'));
		expect(calibration.pointProblem).not.toBeNull();
	});
});
