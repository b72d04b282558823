import { describe, expect, it, vi } from 'vitest';
import { localPointOf, type LocalPoint } from '../../../src/lib/calibration/local-point';
import { writeSetting } from '../../../src/lib/storage/database';
import { failWrites } from '../helpers/storage';
import { offer, ONE, ONE_NEWER, page, readFilm, store, useFreshDevices } from '../helpers/app';

useFreshDevices();

describe('a local point', () => {
	const figure = { value: 0.9, low: 0.8, high: 0.95 };
	const pointFor = (changes: Partial<LocalPoint> = {}) =>
		localPointOf({
			model: 'one',
			modelVersion: '1.2.3',
			name: 'Ward 3',
			threshold: 0.4,
			wanted: 0.9,
			by: '',
			where: '',
			time: '2026-11-21T09:30:00.000Z',
			labels: 'review',
			images: 40,
			positives: 20,
			patients: null,
			auc: figure,
			sensitivity: figure,
			specificity: figure,
			...changes
		});

	it('decides as soon as it is kept, in the list and in its report, and on later visits', async () => {
		await store(ONE);
		const place = await page();
		expect(await place.list.useLocalPoint(pointFor())).toBeNull();
		expect(place.points.inForce).toMatchObject({ id: 'local:Ward 3', threshold: 0.4 });
		await readFilm(place);
		const [line] = place.files.report();
		expect(line.operatingPoint).toBe('local:Ward 3');
		const later = await page();
		expect(later.points.inForce).toMatchObject({ id: 'local:Ward 3', threshold: 0.4 });
		expect(later.points.problem).toBeNull();
	});

	it('is one more choice: the model’s own points stay', async () => {
		await store(ONE);
		const place = await page();
		await place.list.useLocalPoint(pointFor());
		place.list.choosePoint('balanced');
		expect(place.points.inForce?.id).toBe('balanced');
		place.list.choosePoint('local:Ward 3');
		expect(place.points.inForce?.id).toBe('local:Ward 3');
	});

	it('of another version is not in force, and says so where it was chosen', async () => {
		await store(ONE);
		const place = await page();
		await place.list.useLocalPoint(pointFor());
		offer(ONE_NEWER);
		const later = await page();
		await later.list.downloadModel();
		expect(later.worklist.manifest?.version).toBe('1.3.0');
		expect(later.points.inForce?.id).toBe('sensitive');
		expect(later.points.problem).toMatchObject({ code: 'point-other-version' });
		expect(later.points.local.of(later.worklist.manifest)?.point.name).toBe('Ward 3');
		later.list.choosePoint('balanced');
		expect(later.points.problem).toBeNull();
	});

	it('that is gone or spoiled on the device is said, not passed over', async () => {
		await store(ONE);
		await (await page()).list.useLocalPoint(pointFor());
		await writeSetting('local point one', '{"format":"fieldlens-local-point","threshold":"0"}');
		const later = await page();
		expect(later.points.inForce?.id).toBe('sensitive');
		expect(later.points.problem).toMatchObject({ code: 'point-gone' });
	});

	it('that is removed leaves the default in its place', async () => {
		await store(ONE);
		const place = await page();
		await place.list.useLocalPoint(pointFor());
		await place.points.removeLocal('one');
		expect([place.points.inForce?.id, place.points.problem]).toEqual(['sensitive', null]);
		const later = await page();
		expect([later.points.inForce?.id, later.points.problem]).toEqual(['sensitive', null]);
	});

	it('holds while the page is open where it cannot be kept, and says that it is not', async () => {
		await store(ONE);
		const place = await page();
		failWrites('QuotaExceededError');
		expect(await place.list.useLocalPoint(pointFor())).toMatchObject({ code: 'point-not-kept' });
		expect(place.points.inForce?.id).toBe('local:Ward 3');
		vi.restoreAllMocks();
	});
});
