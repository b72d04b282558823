/** The engine that reads the list: its state for the pages, and the reader while there is one. */
import type { Backend } from '../engine/backends';
import type { Choice } from '../engine/choice';
import type { ModelPackage } from '../models/store';
import type { Problem } from '../problems/problems';
import { Reader, type ReaderParts } from './reader';

export type EngineState = 'none' | 'starting' | 'ready' | 'failed';

export class ReadingEngine {
	readonly #parts: ReaderParts;
	#state: EngineState = $state('none');
	#choice: Choice | null = $state.raw(null);
	#problem: Problem | null = $state.raw(null);
	#reader: Reader | null = null;

	constructor(parts: ReaderParts) {
		this.#parts = parts;
	}

	get state(): EngineState {
		return this.#state;
	}

	/** The way of reading in use, with what was tried; null without an open engine. */
	get choice(): Choice | null {
		return this.#choice;
	}

	/** Why nothing can be read. */
	get problem(): Problem | null {
		return this.#problem;
	}

	/** Reads files; null while the engine is not ready. */
	get reader(): Reader | null {
		return this.#state === 'ready' ? this.#reader : null;
	}

	/** A model is on its way from the disk. */
	prepare(): void {
		this.#state = 'starting';
		this.#problem = null;
	}

	/**
	 * Load a model into lanes; any lanes of before are closed.
	 * @param forced a backend that the user or the address asks for.
	 * @returns whether it is ready; false too where another call came after this one.
	 */
	async start(model: ModelPackage, forced: Backend | null): Promise<boolean> {
		this.close();
		this.prepare();
		const reader = new Reader(
			model,
			forced,
			this.#parts,
			(choice) => (this.#choice = choice),
			(problem) => this.#fail(problem)
		);
		this.#reader = reader;
		const started = await reader.start();
		if (this.#reader !== reader) return false;
		if (started.ok) this.#state = 'ready';
		else this.#fail(started.problem);
		return started.ok;
	}

	/** Close all lanes. What was wrong stays said. */
	close(): void {
		this.#reader?.close();
		this.#reader = null;
		this.#choice = null;
		this.#state = 'none';
	}

	/** Let go of the images that are decoded and not in a lane yet. */
	drop(): void {
		this.#reader?.drop();
	}

	/** Close all lanes, and say why. */
	refuse(problem: Problem): void {
		this.close();
		this.#problem = problem;
	}

	/** What was wrong holds no more. */
	forgetProblem(): void {
		this.#problem = null;
	}

	#fail(problem: Problem): void {
		this.#state = 'failed';
		this.#problem = problem;
	}
}
