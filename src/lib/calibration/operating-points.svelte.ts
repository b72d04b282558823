/** The operating point in force: the list's own, else the user's choice, else the model's default. */
import type { Manifest, OperatingPoint } from '../models/manifest';
import { problem, type Problem } from '../problems/problems';
import { operatingPointOf } from '../reading/score';
import { readSetting, writeSetting } from '../storage/database';
import type { Worklist } from '../worklist/list.svelte';
import { asOperatingPoint, localId, LOCAL_PREFIX, type LocalPoint } from './local-point';
import { LocalPoints } from './local-points.svelte';

const settingOf = (model: string) => `point ${model}`;

export class OperatingPoints {
	/** The local points of this device, in force or not. */
	readonly local = new LocalPoints();
	/** Ids of the operating points that the user chose, by model. */
	private chosen: Record<string, string> = $state({});
	/** The operating point that an opened list was left at. */
	private listPoint: string | null = $state(null);

	/**
	 * @param worklist the list on the page.
	 * @param next the choice of the model that reads the next list, which counts while this list has
	 *   none.
	 */
	constructor(
		private readonly worklist: Worklist,
		private readonly next: { readonly manifest: Manifest | null }
	) {}

	/** The operating point in force. */
	get inForce(): OperatingPoint | null {
		const { manifest } = this;
		return manifest ? this.of(manifest, this.idFor(manifest)) : null;
	}

	/** Why the local point that the user chose does not decide; null where all is as chosen. */
	get problem(): Problem | null {
		const { manifest } = this;
		if (!manifest) return null;
		const id = this.idFor(manifest);
		if (!id?.startsWith(LOCAL_PREFIX)) return null;
		const kept = this.local.of(manifest);
		return kept && localId(kept.point) === id ? kept.problem : problem('point-gone');
	}

	/** Read what was chosen and measured for a model. */
	async load(model: string): Promise<void> {
		const point = await readSetting(settingOf(model));
		if (point !== undefined) this.chosen[model] = point;
		await this.local.load(model);
	}

	/** A point by its id: the local one while it is in force, the model's own, or its default. */
	of(manifest: Manifest, id: string | null): OperatingPoint {
		const local = this.local.inForce(manifest);
		return local && localId(local) === id
			? asOperatingPoint(local)
			: operatingPointOf(manifest, id);
	}

	/** The list on the page was left at this point; null for a new list. */
	showList(id: string | null): void {
		this.listPoint = id;
	}

	choose(id: string): void {
		const model = this.manifest?.id;
		if (!model) return;
		this.chosen[model] = id;
		if (this.listPoint !== null) this.listPoint = id;
		void writeSetting(settingOf(model), id);
	}

	/**
	 * Keep a local point and let it decide from now on.
	 * @returns what went wrong with keeping it.
	 */
	async useLocal(point: LocalPoint): Promise<Problem | null> {
		this.chosen[point.model] = localId(point);
		if (this.listPoint !== null && this.worklist.manifest?.id === point.model) {
			this.listPoint = localId(point);
		}
		const kept = await this.local.keep(point);
		await writeSetting(settingOf(point.model), localId(point));
		return kept;
	}

	/** Forget the local point of a model; its default decides where the local one did. */
	async removeLocal(model: string): Promise<void> {
		await this.local.remove(model);
		if (this.worklist.manifest?.id === model && this.listPoint?.startsWith(LOCAL_PREFIX)) {
			this.listPoint = '';
		}
		if (!this.chosen[model]?.startsWith(LOCAL_PREFIX)) return;
		this.chosen[model] = '';
		await writeSetting(settingOf(model), '');
	}

	/** Of the model that the point belongs to. */
	private get manifest(): Manifest | null {
		return this.worklist.manifest ?? this.next.manifest;
	}

	/** Id of the point that was chosen for the list on the page, or for lists of the model. */
	private idFor(manifest: Manifest): string | null {
		return this.listPoint ?? this.chosen[manifest.id] ?? null;
	}
}
