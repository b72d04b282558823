/** Reads files with one model: decoders and lanes, with a bounded queue between them. */
import { isGpu, type Backend } from '../engine/backends';
import { thisDevice, type Choice, type LaneOpener } from '../engine/choice';
import { LanePool, type Job } from '../engine/pool';
import { ReadyQueue } from '../engine/ready-queue';
import type { FilmPlace } from '../intake/corners';
import { openEntry, type Entry } from '../intake/entries';
import type { FileFingerprint } from '../intake/fingerprint';
import { MAX_DECODERS, MAX_READY } from '../base/limits';
import type { Manifest } from '../models/manifest';
import type { ModelPackage } from '../models/store';
import type { Prepared } from '../formats/decode';
import { succeeded, type Outcome, type Problem } from '../problems/problems';
import { evenColours as madeEven } from '../pixels/even-colours';
import type { PixelRule } from '../pixels/model-input';
import { explain } from '../reading/occlusion';
import { distanceOf } from '../reading/recognition';
import { probabilityOf } from '../reading/score';
import { FILM_SIZE } from '../regions/lungs/mask';
import type { Region } from '../regions/region';
import type { RegionFinder } from '../regions/region-finder';
import { regionModelOf, type RegionModel } from '../regions/region-model';
import type { PreparedField, SmearRule } from '../smears/prepare';
import { TASKS } from '../tasks';
import { isLeftOut, type Row } from '../worklist/row';
import { readField } from './field-reading';

/** The decode workers that a reader uses. */
export interface DecoderPool {
	warmUp(): void;
	prepare(
		file: File,
		rule: SmearRule,
		corners: FilmPlace
	): Promise<Outcome<Prepared | PreparedField>>;
	close(): void;
}
/** Starts decode workers, at most so many; `readsFields`: that find the cells of a field, too. */
type OpenDecoders = (count: number, readsFields: boolean) => DecoderPool;

/** The worker that finds what is read of an image. */
export type RegionPart = Pick<RegionFinder, 'warmUp' | 'find' | 'close'>;
/** Makes it; `exact` in floats. */
export type OpenRegion = (model: RegionModel, exact: boolean) => RegionPart;

/** What the reader needs of the device. */
export interface ReaderParts {
	openLane: LaneOpener;
	openDecoders: OpenDecoders;
	openRegion: OpenRegion;
}

/** The working film of a region step. */
const FILM_RULE: PixelRule = { width: FILM_SIZE, height: FILM_SIZE, channels: 1 };

/** What came of one file: the fields of its row that change. */
export type ReadResult = Pick<Row, 'status'> & Partial<Row>;

export class Reader {
	readonly #decoders: DecoderPool;
	readonly #pool: LanePool;
	readonly #queue: ReadyQueue<Job>;
	readonly #manifest: Manifest;
	/** Null where the whole image is read. */
	readonly #region: RegionPart | null;
	/** Why the package is not read at all. */
	readonly #refused: Outcome<never> | null;
	/** End the explanations whose pictures wait in the queue. */
	readonly #dropped = new Set<() => void>();
	#wanted = 0;
	#closed = false;

	/**
	 * @param forced a backend that the user or the address asks for.
	 * @param onChoice called with the way of reading, at first and after losses.
	 * @param onEnd called when no more images can be read.
	 */
	constructor(
		model: ModelPackage,
		forced: Backend | null,
		{ openLane, openDecoders, openRegion }: ReaderParts,
		onChoice: (choice: Choice) => void,
		onEnd: (problem: Problem) => void
	) {
		this.#manifest = model.manifest;
		const readsFields = TASKS.find(model.manifest.task)?.readsFields ?? false;
		const { cores } = thisDevice();
		const decoderCount = Math.max(1, Math.min(MAX_DECODERS, Math.floor(cores / 2)));
		this.#queue = new ReadyQueue<Job>(Math.max(2, Math.min(MAX_READY, cores)));
		this.#pool = new LanePool(model, forced, this.#queue, openLane, {
			onChoice: (choice) => {
				// A decoder keeps up with two lanes of the processor, which it shares with them.
				const wanted = isGpu(choice.backend) ? decoderCount : Math.ceil(choice.lanes / 2);
				// While the region of one file is found, or the cells of a field go to the lanes, the next
				// one is decoded.
				const isOneMore = readsFields || this.#region !== null;
				this.#wanted = Math.min(wanted, decoderCount) + (isOneMore ? 1 : 0);
				if (!this.#closed) onChoice(choice);
			},
			onEnd: (problem) => {
				if (!this.#closed) onEnd(problem);
			}
		});
		this.#decoders = openDecoders(decoderCount, readsFields);
		this.#decoders.warmUp();
		const region = regionModelOf(model);
		this.#refused = region.ok ? null : region;
		// What is asked for in floats is floats from the first step on.
		this.#region = region.ok && region.value ? openRegion(region.value, forced === 'wasm') : null;
		this.#region?.warmUp();
	}

	/** Whether it reads with this model. */
	reads({ id, version }: Manifest): boolean {
		return this.#manifest.id === id && this.#manifest.version === version;
	}

	/** Files to be read side by side, so that the lanes never wait. 0 before `start`. */
	get wanted(): number {
		return this.#wanted;
	}

	/** Choose a way of reading and open its lanes. */
	start(): Promise<Outcome<Choice>> {
		return this.#refused ? Promise.resolve(this.#refused) : this.#pool.start();
	}

	/**
	 * Read one file. Resolves when the next one may come, which is before the result is there.
	 * @param signal after it is aborted the result goes nowhere.
	 * @param onResult called once with what came of the file, unless `signal` was aborted.
	 */
	async read(
		entry: Entry,
		signal: AbortSignal,
		onResult: (result: ReadResult) => void
	): Promise<void> {
		const manifest = this.#manifest;
		const opened = await openEntry(entry);
		const prepared = opened.ok ? await this.#prepare(opened.value, entry) : opened;
		if (signal.aborted) return;
		if (!prepared.ok) {
			onResult(unread(prepared.problem, opened.ok ? fingerprintOf(opened.value) : null));
			return;
		}
		const { width, height, thumbnail, facts, source, corners } = prepared.value;
		const shown = { file: source, thumbnail, width, height, facts, corners };
		if ('found' in prepared.value) {
			return readField(prepared.value, manifest, this.#queue, signal, (outcome) =>
				onResult(outcome.ok ? { ...shown, ...outcome.value } : unread(outcome.problem, source))
			);
		}
		const { pixels, region, shape } = prepared.value;
		await this.#queue.put({
			pixels,
			count: 1,
			attempts: 0,
			done: (outcome, backend) => {
				if (signal.aborted) return;
				if (!outcome.ok) {
					onResult(unread(outcome.problem, source));
					return;
				}
				const [{ logits, distance }] = outcome.value;
				onResult({
					...shown,
					status: 'done',
					probability: probabilityOf(logits, manifest),
					distance: distanceOf(distance, shape, manifest),
					region,
					backend
				});
			}
		});
	}

	/**
	 * Find the places that a file's score came from, by some fifty readings beside those of the list.
	 * @param signal ends it; what is in the lanes already goes nowhere.
	 * @param onRead called with the readings that are done.
	 * @returns the map (`explain`), null where no place stands out, or why the file cannot be read.
	 * @throws an AbortError where it was ended.
	 */
	async explain(
		entry: Entry,
		signal: AbortSignal,
		onRead: (done: number) => void
	): Promise<Outcome<Uint8Array | null>> {
		const opened = await openEntry(entry);
		const prepared = opened.ok ? await this.#prepare(opened.value, entry) : opened;
		signal.throwIfAborted();
		if (!prepared.ok) return prepared;
		// A field has a score a cell, and no place of it as a whole counts.
		if ('found' in prepared.value) return succeeded(null);
		const { pixels } = prepared.value;
		const { width: size, channels } = this.#manifest.classifier.input;
		let done = 0;
		try {
			const map = await explain({ pixels, size, channels }, (pictures) =>
				this.#readAll(pictures, signal, () => onRead(++done))
			);
			return succeeded(map);
		} catch (error) {
			signal.throwIfAborted();
			if (error instanceof UnreadError) return { ok: false, problem: error.problem };
			throw error;
		}
	}

	/**
	 * The log-odds of pictures that are ready for a lane.
	 * @throws UnreadError, or an AbortError where it was ended or the queue was dropped.
	 */
	async #readAll(
		pictures: readonly Uint8Array[],
		signal: AbortSignal,
		onRead: () => void
	): Promise<number[]> {
		const { positiveClass } = this.#manifest.classifier.outputs;
		let end: () => void = () => undefined;
		const ended = new Promise<never>((_, reject) => {
			end = () => reject(new DOMException('not wanted any more', 'AbortError'));
		});
		// Waited for below, beside what it ends.
		ended.catch(() => undefined);
		signal.addEventListener('abort', end, { once: true });
		this.#dropped.add(end);
		try {
			const results: Promise<number>[] = [];
			for (const pixels of pictures) {
				let room: Promise<void> | undefined;
				const result = new Promise<number>((resolve, reject) => {
					const done: Job['done'] = (outcome) => {
						if (!outcome.ok) return reject(new UnreadError(outcome.problem));
						const [{ logits }] = outcome.value;
						if (!signal.aborted) onRead();
						resolve(logits[positiveClass] - logits[1 - positiveClass]);
					};
					room = this.#queue.put({ pixels, count: 1, attempts: 0, done });
				});
				// One that fails early is no unhandled rejection.
				result.catch(() => undefined);
				results.push(result);
				await Promise.race([room, ended]);
			}
			return await Promise.race([Promise.all(results), ended]);
		} finally {
			signal.removeEventListener('abort', end);
			this.#dropped.delete(end);
		}
	}

	/** What the classifier reads of a file. */
	async #prepare(
		file: File,
		{ corners = null, drawn = null }: Pick<Entry, 'corners' | 'drawn'>
	): Promise<
		Outcome<(Prepared & { region: Region | null; shape: number[] | null }) | PreparedField>
	> {
		const rule = this.#region ? FILM_RULE : this.#manifest.classifier.input;
		const prepared = await this.#decoders.prepare(file, rule, corners);
		if (!prepared.ok) return prepared;
		const { value } = prepared;
		if ('found' in value) return succeeded(value);
		const { pixels, width, height } = value;
		if (!this.#region) {
			const read = { ...value, pixels: asRead(pixels, this.#manifest) };
			return succeeded({ ...read, region: null, shape: null });
		}
		const found = await this.#region.find(pixels, width / height, drawn);
		return found.ok ? succeeded({ ...value, ...found.value }) : found;
	}

	/** Let go of the images that are decoded and not in a lane yet. */
	drop(): void {
		this.#queue.clear();
		for (const end of this.#dropped) end();
	}

	close(): void {
		this.#closed = true;
		this.#pool.close();
		this.#decoders.close();
		this.#region?.close();
		this.drop();
	}
}

/** The classifier's input of a resized picture. */
function asRead(pixels: Uint8Array, { classifier }: Manifest): Uint8Array {
	const { width, evenColours } = classifier.input;
	return evenColours ? madeEven(pixels, width, evenColours) : pixels;
}

/** A picture of an explanation that no lane could read. */
class UnreadError extends Error {
	constructor(readonly problem: Problem) {
		super(problem.code);
	}
}

function unread(problem: Problem, file: FileFingerprint | null): ReadResult {
	return { status: isLeftOut(problem) ? 'left-out' : 'failed', problem, file };
}

/** Of a file that was not read to its end. */
function fingerprintOf({ size, lastModified }: File): FileFingerprint {
	return { size, modified: lastModified, sha256: '' };
}
