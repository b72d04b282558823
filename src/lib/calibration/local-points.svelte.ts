/** The local operating points of this device, one a model. */
import type { Manifest } from '../models/manifest';
import { problem, type Problem } from '../problems/problems';
import { readSetting, writeSetting } from '../storage/database';
import { parseLocalPoint, whyNotInForce, type LocalPoint } from './local-point';

/** A kept point, and why it is not in force where it is not. */
export interface KeptPoint {
	point: LocalPoint;
	problem: Problem | null;
}

const settingOf = (model: string) => `local point ${model}`;

export class LocalPoints {
	private points: Record<string, LocalPoint> = $state.raw({});

	/** Read what is kept for a model. A damaged one counts as none: it decides nothing. */
	async load(model: string): Promise<void> {
		const text = await readSetting(settingOf(model));
		if (!text) return;
		const parsed = parseLocalPoint(text);
		if (parsed.ok && parsed.value.model === model) this.set(model, parsed.value);
	}

	/** The point of a model, in force or not; null where there is none. */
	of(manifest: Manifest | null | undefined): KeptPoint | null {
		const point = manifest && this.points[manifest.id];
		return point ? { point, problem: whyNotInForce(point, manifest) } : null;
	}

	/** The point that holds for this version of the model. */
	inForce(manifest: Manifest | null | undefined): LocalPoint | null {
		const kept = this.of(manifest);
		return kept && !kept.problem ? kept.point : null;
	}

	/**
	 * Keep a point in the place of the one before it. It holds at once, for as long as the page
	 * is open, even where it cannot be kept.
	 * @returns what went wrong with keeping it; null where it is stored.
	 */
	async keep(point: LocalPoint): Promise<Problem | null> {
		this.set(point.model, point);
		const text = JSON.stringify(point);
		await writeSetting(settingOf(point.model), text);
		// A setting that is not written says nothing: look.
		const kept = await readSetting(settingOf(point.model));
		return kept === text ? null : problem('point-not-kept');
	}

	async remove(model: string): Promise<void> {
		this.points = Object.fromEntries(Object.entries(this.points).filter(([id]) => id !== model));
		await writeSetting(settingOf(model), '');
	}

	private set(model: string, point: LocalPoint): void {
		this.points = { ...this.points, [model]: point };
	}
}
