/**
 * The local study: what the truth about the listed images is worth, and the operating point that
 * follows from it. It outlives the page, so that a look at the list costs no work; with the program
 * it ends, like the list.
 */
import { MAX_POINT_BYTES } from '../base/limits';
import type { Problem } from '../problems/problems';
import type { Reading } from '../statistics/classifier';
import { coverageOf, type Coverage } from './labels';
import type { ListTruth } from './list-truth.svelte';
import { localPointOf, parseLocalPoint, whyNotInForce, type LocalPoint } from './local-point';
import type { OperatingPoints } from './operating-points.svelte';
import { KEPT, PROPOSAL } from './setting-messages';
import {
	canPropose,
	canStudy,
	figuresOfProposal,
	isAsGood,
	missingFor,
	thresholdFor,
	type Missing,
	type PointFigures,
	type Study
} from './study';
import type { RunStudy } from './study-runner';

/** A threshold of the study. */
export interface StudySetting {
	/** The operating point's id; `proposal` for what is proposed. */
	id: string;
	name: string;
	threshold: number;
}

/** A study, with what it was made of. */
export interface StudyResult {
	study: Study;
	/** In the order of `study.points`. */
	settings: readonly StudySetting[];
	/** The share that the proposal is for, percent. */
	wanted: number;
}

/** Figures wait so long for the next change: a slider moves many times a second. */
const SETTLE_MS = 250;

/** A point that is proposed, with its figures. */
export interface Proposal {
	threshold: number;
	figures: PointFigures;
	/** A setting that does as well on these images; null where something is gained. */
	asGood: StudySetting | null;
}

/** What a person says of a point that they keep. */
export interface PointDetails {
	name: string;
	by: string;
	where: string;
}

export class CalibrationState {
	/** The wanted sensitivity, percent, 80..99. */
	wanted = $state(95);
	#result: StudyResult | null = $state.raw(null);
	#working = $state(false);
	#problem: Problem | null = $state.raw(null);
	#offered: LocalPoint | null = $state.raw(null);
	#pointProblem: Problem | null = $state.raw(null);
	#abort = new AbortController();
	#timer: ReturnType<typeof setTimeout> | undefined;

	/** The local point that is kept for the model. */
	readonly kept = $derived.by(() => this.points.local.of(this.listTruth.manifest));
	readonly readings: readonly Reading[] = $derived.by(() => this.listTruth.truth?.readings ?? []);
	readonly missing: Missing = $derived.by(() => missingFor(this.readings));
	/** How many of those flagged, and of the others, have a truth. */
	readonly coverage: Coverage | null = $derived.by(() => {
		const point = this.points.inForce;
		const { truth, images } = this.listTruth;
		return point && truth ? coverageOf(images, this.readings, point.threshold) : null;
	});
	readonly canStudy: boolean = $derived.by(() => canStudy(this.readings));
	readonly canPropose: boolean = $derived.by(() => canPropose(this.readings));
	/** The thresholds to be studied: the model's own, the one that is kept, and the proposal. */
	readonly settings: readonly StudySetting[] = $derived.by(() => {
		const { kept, readings } = this;
		const threshold = this.canPropose ? thresholdFor(readings, this.wanted / 100) : null;
		return [
			...(this.listTruth.manifest?.operatingPoints ?? []).map(({ id, threshold }) => ({
				id,
				name: '',
				threshold
			})),
			...(kept && !kept.problem
				? [{ id: KEPT, name: kept.point.name, threshold: kept.point.threshold }]
				: []),
			...(threshold === null ? [] : [{ id: PROPOSAL, name: '', threshold }])
		];
	});
	/** What is proposed, once its figures are there. */
	readonly proposal: Proposal | null = $derived.by(() => {
		const result = this.#result;
		if (!result || result.wanted !== this.wanted || this.#working) return null;
		const place = result.settings.findIndex(({ id }) => id === PROPOSAL);
		if (place < 0) return null;
		const { settings, study } = result;
		const figures = study.points[place];
		return {
			threshold: settings[place].threshold,
			figures: figuresOfProposal(figures, result.wanted / 100),
			asGood: settings.find((_, i) => i < place && isAsGood(study.points[i], figures)) ?? null
		};
	});

	constructor(
		readonly listTruth: ListTruth,
		private readonly points: OperatingPoints,
		private readonly runStudy: RunStudy
	) {}

	/** The last study; its figures may be of other settings than those that are wanted now. */
	get result(): StudyResult | null {
		return this.#result;
	}

	/** Whether figures are being worked out, or wait for the next change. */
	get working(): boolean {
		return this.#working;
	}

	/** Why the figures could not be worked out. */
	get problem(): Problem | null {
		return this.#problem;
	}

	/** A point from a file that waits for the user's word. */
	get offered(): LocalPoint | null {
		return this.#offered;
	}

	/** What went wrong with a point: it cannot be read, does not hold, or is not kept. */
	get pointProblem(): Problem | null {
		return this.#pointProblem;
	}

	/**
	 * Work out the figures of the settings that are wanted now, in a moment; the last call counts.
	 * Without a truth to study there are none.
	 * @param isReading whether the list still grows: it would be worked out again and again.
	 */
	study(isReading: boolean): void {
		const { readings, settings, wanted } = this;
		clearTimeout(this.#timer);
		this.#abort.abort();
		if (!this.canStudy || isReading) {
			this.#working = false;
			this.#result = this.#problem = null;
			return;
		}
		const { signal } = (this.#abort = new AbortController());
		this.#working = true;
		this.#timer = setTimeout(() => void this.#work(readings, settings, wanted, signal), SETTLE_MS);
	}

	/** The proposal as a local point; null while there is none. */
	pointOf(details: PointDetails): LocalPoint | null {
		const { proposal } = this;
		const { manifest, source } = this.listTruth;
		const result = this.#result;
		if (!proposal || !result || !manifest || !source) return null;
		const { study } = result;
		return localPointOf({
			...details,
			model: manifest.id,
			modelVersion: manifest.version,
			threshold: proposal.threshold,
			wanted: result.wanted / 100,
			time: new Date().toISOString(),
			labels: source,
			images: study.images,
			positives: study.positives,
			patients: study.patients,
			auc: study.auc,
			sensitivity: proposal.figures.sensitivity,
			specificity: proposal.figures.specificity
		});
	}

	/** Read a point from a file; it decides when the user says so. */
	async readPoint(file: File): Promise<void> {
		this.#offered = null;
		const text = file.size > MAX_POINT_BYTES ? '' : await file.text().catch(() => '');
		const parsed = parseLocalPoint(text);
		const { manifest } = this.listTruth;
		// One that would not hold must not take the place of one that does.
		const refusal = parsed.ok ? manifest && whyNotInForce(parsed.value, manifest) : parsed.problem;
		this.#pointProblem = refusal;
		if (parsed.ok && !refusal) this.#offered = parsed.value;
	}

	/** The offered point is not wanted. */
	declinePoint(): void {
		this.#offered = null;
	}

	/**
	 * A point was taken.
	 * @param problem what went wrong with keeping it.
	 */
	pointTaken(problem: Problem | null): void {
		this.#offered = null;
		this.#pointProblem = problem;
	}

	async #work(
		readings: readonly Reading[],
		settings: readonly StudySetting[],
		wanted: number,
		signal: AbortSignal
	): Promise<void> {
		const thresholds = settings.map(({ threshold }) => threshold);
		const outcome = await this.runStudy(readings, thresholds, signal);
		if (signal.aborted) return;
		this.#working = false;
		this.#problem = outcome.ok ? null : outcome.problem;
		this.#result = outcome.ok ? { study: outcome.value, settings, wanted } : null;
	}
}
