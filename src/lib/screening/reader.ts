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
import type { Prepared } from '../formats/decode';
import { succeeded, type Outcome, type Problem } from '../problems/problems';
import type { PixelRule } from '../pixels/model-input';
import { packMap } from '../reading/heat-map';
import { distanceOf } from '../reading/recognition';
import { probabilityOf } from '../reading/score';
import { FILM_SIZE } from '../regions/lungs/mask';
import type { Region } from '../regions/region';
import type { RegionFinder } from '../regions/region-finder';
import { regionModelOf, type RegionModel } from '../regions/region-model';
import { isLeftOut, type Row } from '../worklist/row';

/** The decode workers that a reader uses. */
export type DecoderPool = Pick<Decoders, 'prepare' | 'warmUp' | 'close'>;
/** Starts decode workers, at most so many. */
type OpenDecoders = (count: number) => DecoderPool;

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
		const region = regionModelOf(model);
		this.#refused = region.ok ? null : region;
		// What is asked for in floats is floats from the first step on.
		this.#region = region.ok && region.value ? openRegion(region.value, forced === 'wasm') : null;
		this.#region?.warmUp();
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
		const { pixels, width, height, thumbnail, facts, source, region, shape } = prepared.value;
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
					distance: distanceOf(distance, shape, manifest),
					// Of a region it has not been shown that its map says what counted.
					map: region ? null : packMap(map, manifest.classifier.outputs.camScale),
					region,
					backend,
					thumbnail,
					width,
					height,
					facts
				});
			}
		});
	}

	/** What the classifier reads of a file. */
	async #prepare(
		file: File,
		{ corners = null, drawn = null }: Pick<Entry, 'corners' | 'drawn'>
	): Promise<Outcome<Prepared & { region: Region | null; shape: number[] | null }>> {
		const rule = this.#region ? FILM_RULE : this.#manifest.classifier.input;
		const prepared = await this.#decoders.prepare(file, rule, corners);
		if (!prepared.ok) return prepared;
		if (!this.#region) return succeeded({ ...prepared.value, region: null, shape: null });
		const { pixels, width, height } = prepared.value;
		const found = await this.#region.find(pixels, width / height, drawn);
		return found.ok ? succeeded({ ...prepared.value, ...found.value }) : found;
	}

	/** Let go of the images that are decoded and not in a lane yet. */
	drop(): void {
		this.#queue.clear();
	}

	close(): void {
		this.#closed = true;
		this.#pool.close();
		this.#decoders.close();
		this.#region?.close();
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
