/**
 * The truth about the images of the list: reviews, names of folders, or a table, and what their
 * words mean.
 */
import { MAX_LABELS_BYTES } from '../base/limits';
import type { Manifest } from '../models/manifest';
import { failed, problem, type Problem } from '../problems/problems';
import type { Task } from '../tasks/task';
import type { Worklist } from '../worklist/list.svelte';
import { isRowRecognised } from '../worklist/row';
import { matchLabels, parseLabelTable, textOf, type LabelTable, type Matches } from './label-table';
import {
	keyOf,
	labelsOfFolders,
	labelsOfReviews,
	labelsOfTable,
	likelyMeaning,
	truthOf,
	type Labels,
	type ListedImage,
	type Meaning,
	type Truth
} from './labels';

/** Where the truth stands. */
export type LabelSource = 'review' | 'folders' | 'table';

export class ListTruth {
	#chosen: LabelSource | null = $state(null);
	#table: LabelTable | null = $state.raw(null);
	#tableName = $state('');
	#tableProblem: Problem | null = $state.raw(null);
	/** Meanings that the user gave to words, by task, source and word. */
	#given: Record<string, Meaning> = $state.raw({});

	/** Of the model whose settings are studied. */
	readonly manifest: Manifest | null = $derived.by(
		() => this.worklist.manifest ?? this.next.manifest
	);
	readonly task: Task | null = $derived.by(() => this.manifest?.task ?? null);
	readonly images: readonly ListedImage[] = $derived.by(() => {
		const { manifest, rows } = this.worklist;
		if (!manifest) return [];
		return (
			rows
				// A field has many cells and no truth of its own: its score is that of one of them.
				.filter(({ status, field }) => status !== 'left-out' && !field)
				.map((row) => ({
					path: row.path,
					probability: row.probability,
					isRecognised: isRowRecognised(row, manifest),
					finding: row.review?.finding ?? null
				}))
		);
	});
	/** Images that a person said something of. */
	readonly reviewed = $derived.by(
		() => this.images.filter(({ finding }) => finding !== null).length
	);
	readonly #folders = $derived.by(() => labelsOfFolders(this.images));
	/** Where the truth stands: the user's choice; before it, where one is to be seen at once. */
	readonly source: LabelSource | null = $derived.by(() => {
		if (this.#chosen) return this.#chosen;
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

	/**
	 * @param next the choice of the model that reads the next list, which counts while the list on
	 *   the page has none.
	 */
	constructor(
		private readonly worklist: Worklist,
		private readonly next: { readonly manifest: Manifest | null }
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

	chooseSource(source: LabelSource): void {
		this.#chosen = source;
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

	/** The meanings of all words of a source. */
	#meaningsOf(task: Task, source: LabelSource, labels: Labels): Map<string, Meaning> {
		const words = new Set([...labels.words.values()].flat());
		return new Map([...words].map((word) => [keyOf(word), this.meaningOf(task, source, word)]));
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
