/** Backends and lanes in memory: as fast, as wrong and as mortal as a test asks for. */
import type { Backend } from '../../../src/lib/engine/backends';
import type { ChoiceMemory, LaneOpener } from '../../../src/lib/engine/choice';
import type { LaneRequest, Reading } from '../../../src/lib/engine/protocol';
import type { ModelPackage } from '../../../src/lib/models/store';
import { failed, succeeded, type Problem } from '../../../src/lib/problems/problems';
import type { StoredChoice } from '../../../src/lib/engine/choice';
import { exampleManifest } from './manifest';

export const MODEL: ModelPackage = {
	manifest: exampleManifest(),
	topology: '{}',
	weights: new ArrayBuffer(0),
	region: null
};

export interface FakeBackend {
	millisecondsPerImage: number;
	renderer?: string;
	/** Why it is not admitted; asked each time it is opened. */
	refusal?: () => Problem | null;
	/** What opening a lane waits for. */
	beforeOpen?: () => Promise<void>;
	/** Called before a batch is read; throwing kills the lane. */
	beforeRead?: (lane: FakeLane, ids: number[]) => Promise<void> | void;
}

export interface FakeLane {
	backend: Backend;
	closed: boolean;
	/** Ids of the images of each batch that it was given. */
	batches: number[][];
}

/** An image that consists of its number. */
export const imageOf = (id: number) => Uint8Array.of(id % 256, id >> 8, 0, 0);
const idsOf = (pixels: Uint8Array, count: number) =>
	Array.from({ length: count }, (_, i) => {
		const size = pixels.length / count;
		return pixels[i * size] + 256 * pixels[i * size + 1];
	});
/** What a lane reads from that image. */
export const readingOf = (id: number): Reading => ({
	logits: Float32Array.of(id, -id),
	distance: id / 10
});

/** Backends that are not named are absent. */
export class FakeDevice {
	readonly lanes: FakeLane[] = [];
	readonly requests: LaneRequest[] = [];

	constructor(readonly backends: Partial<Record<Backend, FakeBackend>>) {}

	get openLanes(): FakeLane[] {
		return this.lanes.filter(({ closed }) => !closed);
	}

	get tried(): Backend[] {
		return this.requests.map(({ backend }) => backend);
	}

	readonly open: LaneOpener = async (request) => {
		this.requests.push(request);
		const backend = this.backends[request.backend];
		await Promise.resolve();
		if (!backend) return failed('backend-absent', { backend: request.backend });
		if (backend.renderer === 'SwiftShader' && !request.allowSoftware) {
			return failed('backend-software', { backend: request.backend });
		}
		await backend.beforeOpen?.();
		const refusal = backend.refusal?.();
		if (refusal) return { ok: false, problem: refusal };
		const lane: FakeLane = { backend: request.backend, closed: false, batches: [] };
		this.lanes.push(lane);
		let cut: (reason: Error) => void = () => undefined;
		const closed = new Promise<never>((_, reject) => (cut = reject));
		closed.catch(() => undefined);
		return succeeded({
			lane: {
				async read(pixels: Uint8Array, count: number) {
					if (lane.closed) throw new Error('the lane is closed');
					const ids = idsOf(pixels, count);
					lane.batches.push(ids);
					await Promise.race([backend.beforeRead?.(lane, ids), closed]);
					return ids.map(readingOf);
				},
				close() {
					lane.closed = true;
					cut(new Error('the lane was closed'));
				}
			},
			admission: {
				difference: 0,
				half: false,
				millisecondsPerImage: backend.millisecondsPerImage,
				renderer: backend.renderer ?? ''
			}
		});
	};
}

/** A memory of choices that outlives no test. */
export class FakeMemory implements ChoiceMemory {
	readonly choices = new Map<string, StoredChoice>();

	get(key: string) {
		return Promise.resolve(this.choices.get(key));
	}

	put(choice: StoredChoice) {
		this.choices.set(choice.key, choice);
		return Promise.resolve();
	}
}
