/**
 * The local study: where the truth about the listed images stands, what it is worth, and the
 * operating point that follows from it. It outlives the page, so that a look at the list costs no
 * work; with the program it ends, like the list.
 */
import { MAX_LABELS_BYTES, MAX_POINT_BYTES } from '../base/limits';
import type { Manifest } from '../models/manifest';
import type { Task } from '../tasks/task';
import { failed, problem, type Problem } from '../problems/problems';
import type { Reading } from '../statistics/classifier';
import type { Worklist } from '../worklist/list.svelte';
import { isRowRecognised } from '../worklist/row';
import { matchLabels, parseLabelTable, textOf, type LabelTable, type Matches } from './label-table';
import {
	coverageOf,
	keyOf,
	labelsOfFolders,
	labelsOfReviews,
	labelsOfTable,
	likelyMeaning,
	truthOf,
	type Coverage,
	type Labels,
	type ListedImage,
	type Meaning,
	type Truth
} from './labels';
import { localPointOf, parseLocalPoint, whyNotInForce, type LocalPoint } from './local-point';
import type { OperatingPoints } from './operating-points.svelte';
import { KEPT, PROPOSAL } from './setting-messages';
import {
	canPropose,
	canStudy,
	missingFor,
	thresholdFor,
	type Missing,
	type PointFigures,
	type Study
} from './study';
import type { RunStudy } from './study-runner';

/** Where the truth stands. */
export type LabelSource = 'review' | 'folders' | 'table';

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
	#source: LabelSource | null = $state(null);
	#table: LabelTable | null = $state.raw(null);
	#tableName = $state('');
	#tableProblem: Problem | null = $state.raw(null);
	#result: StudyResult | null = $state.raw(null);
	#working = $state(false);
	#problem: Problem | null = $state.raw(null);
	#offered: LocalPoint | null = $state.raw(null);
	#pointProblem: Problem | null = $state.raw(null);
	/** Meanings that the user gave to words, by task, source and word. */
	#given: Record<string, Meaning> = $state.raw({});
	#abort = new AbortController();
	#timer: ReturnType<typeof setTimeout> | undefined;

	/** Of the model whose settings are studied. */
	readonly manifest: Manifest | null = $derived.by(
		() => this.worklist.manifest ?? this.next.manifest
	);
	readonly task: Task | null = $derived.by(() => this.manifest?.task ?? null);
	/** The local point that is kept for the model. */
	readonly kept = $derived.by(() => this.points.local.of(this.manifest));
	readonly images: readonly ListedImage[] = $derived.by(() => {
		const { manifest, rows } = this.worklist;
		if (!manifest) return [];
		return rows
			.filter(({ status }) => status !== 'left-out')
			.map((row) => ({
				path: row.path,
				probability: row.probability,
				isRecognised: isRowRecognised(row, manifest),
				finding: row.review?.finding ?? null
			}));
	});
	/** Images that a person said something of. */
	readonly reviewed = $derived.by(
		() => this.images.filter(({ finding }) => finding !== null).length
	);
	readonly #folders = $derived.by(() => labelsOfFolders(this.images));
	/** Where the truth stands: the user's choice; before it, where one is to be seen at once. */
	readonly source: LabelSource | null = $derived.by(() => {
		if (this.#source) return this.#source;
		if (this.reviewed > 0) return 'review';
		if (!this.task) return null;
		const meanings = new Set(this.#meaningsOf(this.task, 'folders', this.#folders).values());
		return meanings.has('present') && meanings.has('absent') ? 'folders' : null;
	});
	/** The table beside the list; null without one. */
	readonly matches: Matches | null = $derived.by(() => {
		const table = this.#table;
		const paths = this.images.map(({ path }) => path);
		return table && matchLabels(table.lines, paths);
	});
	readonly labels: Labels | null = $derived.by(() => {
		const { source, matches } = this;
		if (source === 'review') return labelsOfReviews(this.images);
		if (source === 'folders') return this.#folders;
		return source === 'table' && matches ? labelsOfTable(matches) : null;
	});
	readonly truth: Truth | null = $derived.by(() => {
		const { task, source, labels } = this;
		if (!task || !source || !labels) return null;
		return truthOf(this.images, labels, this.#meaningsOf(task, source, labels), task);
	});
	readonly readings: readonly Reading[] = $derived.by(() => this.truth?.readings ?? []);
	readonly missing: Missing = $derived.by(() => missingFor(this.readings));
	/** How many of those flagged, and of the others, have a truth. */
	readonly coverage: Coverage | null = $derived.by(() => {
		const point = this.points.inForce;
		return point && this.truth ? coverageOf(this.images, this.readings, point.threshold) : null;
	});
	readonly canStudy: boolean = $derived.by(() => canStudy(this.readings));
	readonly canPropose: boolean = $derived.by(() => canPropose(this.readings));
	/** The thresholds to be studied: the model's own, the one that is kept, and the proposal. */
	readonly settings: readonly StudySetting[] = $derived.by(() => {
		const { kept, readings } = this;
		const threshold = this.canPropose ? thresholdFor(readings, this.wanted / 100) : null;
		return [
			...(this.manifest?.operatingPoints ?? []).map(({ id, threshold }) => ({
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
		return { threshold: result.settings[place].threshold, figures: result.study.points[place] };
	});

	/**
	 * @param next the choice of the model that reads the next list, which counts while the list on
	 *   the page has none.
	 */
	constructor(
		private readonly worklist: Worklist,
		private readonly points: OperatingPoints,
		private readonly next: { readonly manifest: Manifest | null },
		private readonly runStudy: RunStudy
	) {}

	get table(): LabelTable | null {
		return this.#table;
	}

	get tableName(): string {
		return this.#tableName;
	}

	/** Why the last file that was chosen is no table. */
	get tableProblem(): Problem | null {
		return this.#tableProblem;
	}

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

	chooseSource(source: LabelSource): void {
		this.#source = source;
	}

	/** Read a table that the user chose. The one before stays where this one is no table. */
	async readTable(file: File): Promise<void> {
		const parsed = await tableOf(file);
		this.#tableProblem = parsed.ok ? null : parsed.problem;
		if (!parsed.ok) return;
		this.#table = parsed.value;
		this.#tableName = file.name;
	}

	/** What a word means: as the user said, else as it most likely does. */
	meaningOf(task: Task, source: LabelSource, word: string): Meaning {
		return this.#given[`${task} ${source} ${keyOf(word)}`] ?? likelyMeaning(word, task);
	}

	setMeaning(task: Task, source: LabelSource, word: string, meaning: Meaning): void {
		this.#given = { ...this.#given, [`${task} ${source} ${keyOf(word)}`]: meaning };
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
		const { proposal, manifest, source } = this;
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
		const { manifest } = this;
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

	/** The meanings of all words of a source. */
	#meaningsOf(task: Task, source: LabelSource, labels: Labels): Map<string, Meaning> {
		const words = new Set([...labels.words.values()].flat());
		return new Map([...words].map((word) => [keyOf(word), this.meaningOf(task, source, word)]));
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

async function tableOf(file: File) {
	if (file.size > MAX_LABELS_BYTES) {
		return failed('labels-too-large', { bytes: file.size });
	}
	try {
		return parseLabelTable(textOf(new Uint8Array(await file.arrayBuffer())));
	} catch {
		return { ok: false as const, problem: problem('file-gone') };
	}
}
