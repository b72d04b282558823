/** The way of the files through decoders and lanes, as many ahead as the engine needs. */
import { isGpu, type Backend } from '../engine/backends';
import { thisDevice, type Choice } from '../engine/choice';
import { openLane } from '../engine/lane';
import { LanePool, type Job } from '../engine/pool';
import { ReadyQueue } from '../engine/ready-queue';
import { openEntry, type Entry } from '../intake/entries';
import { MAX_DECODERS, MAX_READY } from '../base/limits';
import type { Manifest } from '../models/manifest';
import type { ModelPackage } from '../models/store';
import { Decoders } from '../formats/decoders';
import type { Problem } from '../problems/problems';
import { packMap } from '../reading/heat-map';
import { probabilityOf } from '../reading/score';
import type { FileFingerprint } from '../intake/fingerprint';
import type { Row } from '../worklist/row';

/** A file whose turn it is. */
export interface Turn {
	readonly entry: Entry;
	/** Whether it is still wanted: not stopped, cleared or given to another model. */
	isWanted(): boolean;
	done(result: Partial<Row>): void;
	giveUp(reason: Problem, file: Row['file']): void;
}

/** Where the files come from, and who is told of the engine. */
export interface Supply {
	/** Settles when a pause is over; null while there is none. */
	pause(): Promise<void> | null;
	hasWaiting(): boolean;
	/** The next file that waits, now being read; there must be one. */
	take(): Turn;
	onChoice(choice: Choice): void;
	/** No more images can be read. */
	onEnd(problem: Problem): void;
}

export class Feeder {
	private readonly decoders: Decoders;
	private readonly pool: LanePool;
	private readonly queue: ReadyQueue<Job>;
	private readonly manifest: Manifest;
	private readonly decoderCount: number;
	private feeding = 0;
	private wanted = 0;
	private closed = false;

	/** @param forced a backend that the user or the address asks for. */
	constructor(
		model: ModelPackage,
		forced: Backend | null,
		private readonly supply: Supply
	) {
		this.manifest = model.manifest;
		const { cores } = thisDevice();
		this.decoderCount = Math.max(1, Math.min(MAX_DECODERS, Math.floor(cores / 2)));
		this.queue = new ReadyQueue<Job>(Math.max(2, Math.min(MAX_READY, cores)));
		this.pool = new LanePool(model, forced, this.queue, openLane, {
			onChoice: (choice) => {
				// A decoder keeps up with two lanes of the processor, which it shares with them.
				const wanted = isGpu(choice.backend) ? this.decoderCount : Math.ceil(choice.lanes / 2);
				this.wanted = Math.min(wanted, this.decoderCount);
				if (!this.closed) supply.onChoice(choice);
			},
			onEnd: (ended) => {
				if (!this.closed) supply.onEnd(ended);
			}
		});
		this.decoders = new Decoders(this.decoderCount);
		this.decoders.warmUp();
	}

	/** Choose a way of reading and open its lanes. */
	start() {
		return this.pool.start();
	}

	/** Start as many feeds as are wanted; each takes the next waiting file until none is left. */
	feed(): void {
		while (!this.closed && this.feeding < this.wanted && this.supply.hasWaiting()) {
			this.feeding++;
			void this.work().finally(() => {
				this.feeding--;
				// Files added while the last feed ended.
				if (!this.supply.pause()) this.feed();
			});
		}
	}

	/** Let go of the images that are decoded and not in a lane yet. */
	drop(): void {
		this.queue.clear();
	}

	close(): void {
		this.closed = true;
		this.pool.close();
		this.decoders.close();
		this.queue.clear();
	}

	private async work(): Promise<void> {
		const { supply, manifest } = this;
		while (supply.hasWaiting()) {
			await supply.pause();
			if (this.closed || !supply.hasWaiting()) return;
			const turn = supply.take();
			const opened = await openEntry(turn.entry);
			const prepared = opened.ok
				? await this.decoders.prepare(
						opened.value,
						manifest.classifier.input,
						turn.entry.corners ?? null
					)
				: opened;
			if (!turn.isWanted()) continue;
			if (!prepared.ok) {
				turn.giveUp(prepared.problem, opened.ok ? identityOf(opened.value) : null);
				continue;
			}
			const { pixels, width, height, thumbnail, facts, source } = prepared.value;
			await this.queue.put({
				pixels,
				attempts: 0,
				done: (outcome, backend) => {
					if (!turn.isWanted()) return;
					if (!outcome.ok) {
						turn.giveUp(outcome.problem, source);
						return;
					}
					const { logits, map, distance } = outcome.value;
					turn.done({
						status: 'done',
						file: source,
						probability: probabilityOf(logits, manifest),
						distance,
						map: packMap(map, manifest.classifier.outputs.camScale),
						backend,
						thumbnail,
						width,
						height,
						facts
					});
				}
			});
		}
	}
}

/** Of a file that was not read to its end. */
function identityOf({ size, lastModified }: File): FileFingerprint {
	return { size, modified: lastModified, sha256: '' };
}
