/**
 * Keeps lanes at work on a queue of prepared images. A lane that dies is replaced and its
 * images are read again; a backend that dies twice gives way to the next; an image that was
 * in two dying lanes is named and the batch goes on.
 */
import {
	GPU_BATCH,
	GPU_BATCHES_IN_FLIGHT,
	MAX_ATTEMPTS,
	MAX_DEATHS_IN_A_ROW
} from '../base/limits';
import type { ModelPackage } from '../models/store';
import { problem, type Outcome, type Problem } from '../problems/problems';
import { isGpu, isSoftwareRenderer, type Backend } from './backends';
import { chooseBackend, type Choice, type LaneOpener } from './choice';
import type { Lane, OpenLane } from './lane';
import type { Reading } from './protocol';
import type { ReadyQueue } from './ready-queue';

/** An image waiting for a lane, or several that are read together. */
export interface Job {
	/** One image after the other; the buffer holds nothing else, since it is copied to the lane. */
	pixels: Uint8Array;
	/** Images. Where there are several it is a batch: a power of two, so that shaders are few. */
	count: number;
	/** Dying lanes it was in. */
	attempts: number;
	/** Called with a reading of each image. */
	done(outcome: Outcome<Reading[]>, backend: Backend): void;
}

export interface PoolEvents {
	/** The way of reading changed: first choice, or after losses. */
	onChoice(choice: Choice): void;
	/** No lane can be opened any more; the queue stays as it is. */
	onEnd(problem: Problem): void;
}

export class LanePool {
	private readonly deaths = new Map<Backend, number>();
	private readonly lanes = new Set<Lane>();
	private choice: Choice | null = null;
	private generation = 0;
	private stopped = false;
	/** Deaths since an image was last read. */
	private deathsInARow = 0;

	constructor(
		private readonly model: ModelPackage,
		private readonly forced: Backend | null,
		private readonly queue: ReadyQueue<Job>,
		private readonly open: LaneOpener,
		private readonly events: PoolEvents,
		private readonly options: Parameters<typeof chooseBackend>[3] = {}
	) {}

	/** Choose a backend and open its lanes; they work until `close`. */
	async start(): Promise<Outcome<Choice>> {
		const excluded = [...this.deaths].filter(([, count]) => count >= 2).map(([name]) => name);
		const forced = this.forced && !excluded.includes(this.forced) ? this.forced : null;
		const chosen = await chooseBackend(this.model, forced, this.open, {
			...this.options,
			excluded
		});
		if (!chosen.ok) return chosen;
		if (this.stopped) {
			chosen.value.first.lane.close();
			return chosen;
		}
		this.choice = chosen.value;
		const generation = ++this.generation;
		this.events.onChoice(chosen.value);
		void this.work(chosen.value.first, chosen.value.backend, generation);
		// The other lanes start while the first already reads.
		for (let lane = 1; lane < chosen.value.lanes; lane++) {
			void this.openAnother(chosen.value.backend, generation);
		}
		return chosen;
	}

	close(): void {
		this.stopped = true;
		this.generation++;
		for (const lane of this.lanes) lane.close();
		this.lanes.clear();
	}

	private async openAnother(backend: Backend, generation: number): Promise<boolean> {
		const opened = await this.open({
			backend,
			model: this.model,
			allowSoftware: true
		});
		if (!opened.ok) return false;
		if (generation !== this.generation) {
			opened.value.lane.close();
			return false;
		}
		void this.work(opened.value, backend, generation);
		return true;
	}

	private async work(
		{ lane, admission }: OpenLane,
		backend: Backend,
		generation: number
	): Promise<void> {
		this.lanes.add(lane);
		const most = isGpu(backend) && !isSoftwareRenderer(admission.renderer) ? GPU_BATCH : 1;
		const depth = isGpu(backend) ? GPU_BATCHES_IN_FLIGHT : 1;
		const inFlight = new Set<Promise<void>>();
		const isAtWork = () => generation === this.generation && this.lanes.has(lane);
		while (isAtWork()) {
			const jobs = await this.queue.take(most);
			this.queue.putBack(jobs.splice(batchSize(jobs)));
			const alone = jobs[0].attempts > 0;
			if (alone) await Promise.all(inFlight);
			if (!isAtWork()) {
				this.queue.putBack(jobs);
				break;
			}
			const reading = this.read(lane, jobs, backend, generation);
			inFlight.add(reading);
			void reading.finally(() => inFlight.delete(reading));
			if (alone || inFlight.size >= depth) await Promise.race(inFlight);
		}
		await Promise.all(inFlight);
		if (this.lanes.delete(lane)) lane.close();
	}

	/** Read a batch and see to a lane that dies at it; the images end, or are back in the queue. */
	private async read(lane: Lane, jobs: Job[], backend: Backend, generation: number): Promise<void> {
		let readings: Reading[];
		try {
			readings = await lane.read(stack(jobs), imagesIn(jobs));
		} catch {
			this.retry(jobs, backend);
			// Batches beside it fail too, but a lane dies once.
			if (!this.lanes.delete(lane)) return;
			lane.close();
			if (!this.stopped) void this.replace(backend, generation);
			return;
		}
		this.deathsInARow = 0;
		let next = 0;
		for (const job of jobs) {
			const its = readings.slice(next, (next += job.count));
			job.done({ ok: true, value: its }, backend);
		}
	}

	private retry(jobs: Job[], backend: Backend): void {
		const again: Job[] = [];
		for (const job of jobs) {
			if (this.stopped || ++job.attempts < MAX_ATTEMPTS) again.push(job);
			else job.done({ ok: false, problem: problem('image-not-finished') }, backend);
		}
		this.queue.putBack(again);
	}

	private async replace(backend: Backend, generation: number): Promise<void> {
		if (++this.deathsInARow >= MAX_DEATHS_IN_A_ROW) {
			this.close();
			this.events.onEnd(problem('reading-stopped', { count: this.deathsInARow }));
			return;
		}
		if (generation !== this.generation) return;
		const deaths = (this.deaths.get(backend) ?? 0) + 1;
		this.deaths.set(backend, deaths);
		const dueToOneImage = this.lanes.size > 0;
		if (deaths < 2 || dueToOneImage) {
			if (await this.openAnother(backend, generation)) return;
			// Fewer lanes are enough while one is left.
			if (this.lanes.size > 0 || generation !== this.generation) return;
			this.deaths.set(backend, 2);
		}
		await this.restart();
	}

	private async restart(): Promise<void> {
		// Whatever else dies of this generation changes nothing any more: it happens once.
		this.generation++;
		const restarted = await this.start();
		if (!restarted.ok && !this.stopped) this.events.onEnd(restarted.problem);
	}
}

/**
 * How many of these jobs, the first ones, are read together. Shaders are compiled for each
 * batch size: powers of two keep them few. What was in a dying lane is read alone, with no
 * other batch in flight, so that one image does not take others with it; and a job of several
 * images is a batch by itself.
 */
function batchSize(jobs: Job[]): number {
	const apart = jobs.findIndex(({ attempts, count }) => attempts > 0 || count > 1);
	if (apart === 0) return 1;
	return 2 ** Math.floor(Math.log2(apart > 0 ? apart : jobs.length));
}

function imagesIn(jobs: readonly Job[]): number {
	return jobs.reduce((sum, { count }) => sum + count, 0);
}

/** One buffer of all images, a copy: the originals stay for another try. */
function stack(jobs: Job[]): Uint8Array {
	if (jobs.length === 1) return jobs[0].pixels;
	const size = jobs[0].pixels.length;
	const batch = new Uint8Array(size * jobs.length);
	jobs.forEach((job, i) => batch.set(job.pixels, i * size));
	return batch;
}
