/** Reads files with one model: decoders and lanes, with a bounded queue between them. */
import { isGpu, type Backend } from '../engine/backends';
import { thisDevice, type Choice, type LaneOpener } from '../engine/choice';
import { LanePool, type Job } from '../engine/pool';
import { ReadyQueue } from '../engine/ready-queue';
import { openEntry, type Entry } from '../intake/entries';
import type { FileFingerprint } from '../intake/fingerprint';
import { MAX_DECODERS, MAX_READY } from '../base/limits';
import type { Manifest } from '../models/manifest';
import type { ModelPackage } from '../models/store';
import type { Decoders } from '../formats/decoders';
import type { Outcome, Problem } from '../problems/problems';
import { packMap } from '../reading/heat-map';
import { probabilityOf } from '../reading/score';
import { isLeftOut, type Row } from '../worklist/row';

/** The decode workers that a reader uses. */
export type DecoderPool = Pick<Decoders, 'prepare' | 'warmUp' | 'close'>;
/** Starts decode workers, at most so many. */
type OpenDecoders = (count: number) => DecoderPool;

/** What the reader needs of the device. */
export interface ReaderParts {
	openLane: LaneOpener;
	openDecoders: OpenDecoders;
}

/** What came of one file: the fields of its row that change. */
export type ReadResult = Pick<Row, 'status'> & Partial<Row>;

export class Reader {
	readonly #decoders: DecoderPool;
	readonly #pool: LanePool;
	readonly #queue: ReadyQueue<Job>;
	readonly #manifest: Manifest;
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
		{ openLane, openDecoders }: ReaderParts,
		onChoice: (choice: Choice) => void,
		onEnd: (problem: Problem) => void
	) {
		this.#manifest = model.manifest;
		const { cores } = thisDevice();
		const decoderCount = Math.max(1, Math.min(MAX_DECODERS, Math.floor(cores / 2)));
		this.#queue = new ReadyQueue<Job>(Math.max(2, Math.min(MAX_READY, cores)));
		this.#pool = new LanePool(model, forced, this.#queue, openLane, {
			onChoice: (choice) => {
				// A decoder keeps up with two lanes of the processor, which it shares with them.
				const wanted = isGpu(choice.backend) ? decoderCount : Math.ceil(choice.lanes / 2);
				this.#wanted = Math.min(wanted, decoderCount);
				if (!this.#closed) onChoice(choice);
			},
			onEnd: (problem) => {
				if (!this.#closed) onEnd(problem);
			}
		});
		this.#decoders = openDecoders(decoderCount);
		this.#decoders.warmUp();
	}

	/** Files to be read side by side, so that the lanes never wait. 0 before `start`. */
	get wanted(): number {
		return this.#wanted;
	}

	/** Choose a way of reading and open its lanes. */
	start(): Promise<Outcome<Choice>> {
		return this.#pool.start();
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
		const prepared = opened.ok
			? await this.#decoders.prepare(opened.value, manifest.input, entry.corners ?? null)
			: opened;
		if (signal.aborted) return;
		if (!prepared.ok) {
			onResult(unread(prepared.problem, opened.ok ? fingerprintOf(opened.value) : null));
			return;
		}
		const { pixels, width, height, thumbnail, facts, source } = prepared.value;
		await this.#queue.put({
			pixels,
			attempts: 0,
			done: (outcome, backend) => {
				if (signal.aborted) return;
				if (!outcome.ok) {
					onResult(unread(outcome.problem, source));
					return;
				}
				const { logits, map, distance } = outcome.value;
				onResult({
					status: 'done',
					file: source,
					probability: probabilityOf(logits, manifest),
					distance,
					map: packMap(map, manifest.outputs.camScale),
					backend,
					thumbnail,
					width,
					height,
					facts
				});
			}
		});
	}

	/** Let go of the images that are decoded and not in a lane yet. */
	drop(): void {
		this.#queue.clear();
	}

	close(): void {
		this.#closed = true;
		this.#pool.close();
		this.#decoders.close();
		this.#queue.clear();
	}
}

function unread(problem: Problem, file: FileFingerprint | null): ReadResult {
	return { status: isLeftOut(problem) ? 'left-out' : 'failed', problem, file };
}

/** Of a file that was not read to its end. */
function fingerprintOf({ size, lastModified }: File): FileFingerprint {
	return { size, modified: lastModified, sha256: '' };
}
