/** Chooses the backend of a model on this device: the fastest that reads correctly. */
import { LANE_MEGABYTES, MAX_LANES } from '../base/limits';
import type { Manifest } from '../models/manifest';
import type { ModelPackage } from '../models/store';
import { failed, type Outcome, type Problem } from '../problems/problems';
import { database } from '../storage/database';
import { BACKENDS, cpuLanes, isBackend, isGpu, type Backend, type Device } from './backends';
import type { OpenLane } from './lane';
import type { LaneRequest } from './protocol';

export type LaneOpener = (request: LaneRequest) => Promise<Outcome<OpenLane>>;

/** A backend that was looked at, and what came of it. */
interface Trial {
	backend: Backend;
	/** Time of one image with all lanes at work, where it was admitted. */
	millisecondsPerImage: number | null;
	renderer: string;
	problem: Problem | null;
}

/** Why a backend was chosen. */
export type ChoiceReason = 'chosen' | 'fastest' | 'no-graphics' | 'only';

export interface Choice {
	backend: Backend;
	lanes: number;
	reason: ChoiceReason;
	trials: Trial[];
	/** The first lane, already admitted. */
	first: OpenLane;
}

/** Which way of reading was fastest on this device for one version of a model. */
export interface StoredChoice {
	/** Model id, version and device. */
	key: string;
	backend: string;
	reason: ChoiceReason;
	millisecondsPerImage: number;
	measuredAt: string;
}

declare module '../storage/database' {
	interface Schema {
		choices: { key: string; value: StoredChoice };
	}
}

/** Remembers the choice a device and a model version; without storage it is made anew. */
export interface ChoiceMemory {
	get(key: string): Promise<StoredChoice | undefined>;
	put(choice: StoredChoice): Promise<void>;
}

export const choiceMemory: ChoiceMemory = {
	async get(key) {
		try {
			return await (await database()).get('choices', key);
		} catch {
			return undefined;
		}
	},
	async put(choice) {
		try {
			await (await database()).put('choices', choice);
		} catch {
			// Measured again next time.
		}
	}
};

/** This device, as far as the browser tells. */
export function thisDevice(): Device {
	const { hardwareConcurrency, deviceMemory } = navigator as Navigator & { deviceMemory?: number };
	return { cores: hardwareConcurrency || 2, memoryGigabytes: deviceMemory };
}

function keyOf(manifest: Manifest, device: Device): string {
	const agent = navigator.userAgent;
	const ways = BACKENDS.join('/');
	return `${manifest.id}@${manifest.version} by ${ways} on ${device.cores} cores, ${device.memoryGigabytes ?? '?'} GB, ${agent}`;
}

/**
 * Open the first lane of the best backend.
 * @param forced a backend that the user or the address asks for; others are tried only if
 *   it cannot be had.
 * @param excluded backends that died twice in this session.
 */
export async function chooseBackend(
	model: ModelPackage,
	forced: Backend | null,
	open: LaneOpener,
	{ device = thisDevice(), memory = choiceMemory, excluded = [] as readonly Backend[] } = {}
): Promise<Outcome<Choice>> {
	const trials: Trial[] = [];
	const lanesOf = (backend: Backend) =>
		backend === 'wasm' || backend === 'int8'
			? cpuLanes(device, LANE_MEGABYTES[backend], MAX_LANES)
			: 1;

	const attempt = async (backend: Backend, asked: boolean) => {
		const opened = await open({ backend, model, allowSoftware: asked });
		const time = opened.ok ? opened.value.admission.millisecondsPerImage : null;
		trials.push({
			backend,
			millisecondsPerImage: time === null ? null : time / lanesOf(backend),
			renderer: opened.ok ? opened.value.admission.renderer : '',
			problem: opened.ok ? null : opened.problem
		});
		return opened.ok ? opened.value : null;
	};
	const settle = (backend: Backend, first: OpenLane, reason: ChoiceReason): Outcome<Choice> => ({
		ok: true,
		value: { backend, lanes: lanesOf(backend), reason, trials, first }
	});

	if (forced) {
		const first = await attempt(forced, true);
		if (first) return settle(forced, first, 'chosen');
	}
	const key = keyOf(model.manifest, device);
	const usable = (backend: Backend) => backend !== forced && !excluded.includes(backend);
	const known = await memory.get(key);
	if (known && isBackend(known.backend) && usable(known.backend)) {
		const first = await attempt(known.backend, false);
		if (first) return settle(known.backend, first, known.reason);
	}

	let best: { backend: Backend; first: OpenLane; time: number } | null = null;
	const isAdmitted = (backend: Backend) =>
		trials.some((trial) => trial.backend === backend && trial.problem === null);
	const isTried = (backend: Backend) => trials.some((trial) => trial.backend === backend);
	for (const backend of BACKENDS.filter((name) => usable(name) && !isTried(name))) {
		// Where the fast way on the processor reads correctly, the slow one only costs time.
		if (backend === 'wasm' && isAdmitted('int8')) continue;
		const first = await attempt(backend, false);
		if (!first) continue;
		const time = first.admission.millisecondsPerImage / lanesOf(backend);
		if (best && best.time <= time) {
			first.lane.close();
		} else {
			best?.first.lane.close();
			best = { backend, first, time };
		}
	}
	if (!best) {
		// Whatever ran before and died is better than nothing at all.
		if (!excluded.every(isGpu)) return chooseBackend(model, null, open, { device, memory });
		const problems = trials.flatMap((trial) => trial.problem ?? []);
		return failed('no-engine', {
			trials: problems.map(({ code, details = {} }) => ({ code, details }))
		});
	}
	const reason = reasonOf(best.backend, trials);
	// What was chosen because another died is no lasting choice.
	if (excluded.length === 0) {
		await memory.put({
			key,
			backend: best.backend,
			reason,
			millisecondsPerImage: best.time,
			measuredAt: new Date().toISOString()
		});
	}
	return settle(best.backend, best.first, reason);
}

function reasonOf(backend: Backend, trials: Trial[]): ChoiceReason {
	const measured = trials.filter((trial) => trial.millisecondsPerImage !== null);
	if (measured.length > 1) return 'fastest';
	return isGpu(backend) ? 'only' : 'no-graphics';
}
