/**
 * What the user entered for a local study and what came of it. It outlives the page, so that
 * a look at the list costs no work; with the program it ends, like the list.
 */
import { MAX_LABELS_BYTES } from '../base/limits';
import type { Task } from '../tasks/task';
import { failed, problem, type Problem } from '../problems/problems';
import type { Reading } from '../statistics/classifier';
import { parseLabelTable, textOf, type LabelTable } from './label-table';
import { keyOf, likelyMeaning, type Labels, type Meaning } from './labels';
import { studyApart } from './study-runner';
import type { Study } from './study';

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

export class CalibrationDesk {
	/** What the user chose; null before that. */
	source: LabelSource | null = $state(null);
	table: LabelTable | null = $state.raw(null);
	tableName = $state('');
	tableProblem: Problem | null = $state.raw(null);
	/** The wanted sensitivity, percent, 80..99. */
	wanted = $state(95);
	result: StudyResult | null = $state.raw(null);
	working = $state(false);
	problem: Problem | null = $state.raw(null);
	/** Meanings that the user gave to words, by task, source and word. */
	private given: Record<string, Meaning> = $state.raw({});
	private abort: AbortController | null = null;
	private timer: ReturnType<typeof setTimeout> | undefined;

	/** Read a table that the user chose. The one before stays where this one is no table. */
	async readTable(file: File): Promise<void> {
		const parsed = await tableOf(file);
		this.tableProblem = parsed.ok ? null : parsed.problem;
		if (!parsed.ok) return;
		this.table = parsed.value;
		this.tableName = file.name;
	}

	/** What a word means: as the user said, else as it most likely does. */
	meaningOf(task: Task, source: LabelSource, word: string): Meaning {
		return this.given[`${task} ${source} ${keyOf(word)}`] ?? likelyMeaning(word, task);
	}

	setMeaning(task: Task, source: LabelSource, word: string, meaning: Meaning): void {
		this.given = { ...this.given, [`${task} ${source} ${keyOf(word)}`]: meaning };
	}

	/** The meanings of all words of a source. */
	meaningsOf(task: Task, source: LabelSource, labels: Labels): Map<string, Meaning> {
		const words = new Set([...labels.words.values()].flat());
		return new Map([...words].map((word) => [keyOf(word), this.meaningOf(task, source, word)]));
	}

	/** Work out the figures, in a moment; the last call counts. */
	work(readings: readonly Reading[], settings: readonly StudySetting[], wanted: number): void {
		this.rest();
		this.working = true;
		this.timer = setTimeout(() => void this.study(readings, settings, wanted), SETTLE_MS);
	}

	/** Stop working; the last result is left where `forget` does not say otherwise. */
	rest(forget = false): void {
		clearTimeout(this.timer);
		this.abort?.abort();
		this.abort = null;
		this.working = false;
		if (forget) this.result = this.problem = null;
	}

	private async study(
		readings: readonly Reading[],
		settings: readonly StudySetting[],
		wanted: number
	): Promise<void> {
		const abort = new AbortController();
		this.abort = abort;
		const thresholds = settings.map(({ threshold }) => threshold);
		const outcome = await studyApart(readings, thresholds, abort.signal);
		if (abort.signal.aborted) return;
		this.working = false;
		this.problem = outcome.ok ? null : outcome.problem;
		this.result = outcome.ok ? { study: outcome.value, settings, wanted } : null;
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

export const desk = new CalibrationDesk();
