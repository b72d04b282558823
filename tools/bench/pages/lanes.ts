// Lanes of an engine side by side: each is a worker that holds the model and reads batches.
import type { LanePage, LaneRequest, LaneSetup, OpenedLane } from './protocol.ts';

const SCRIPTS = {
	fieldlens: 'int8-lane.js',
	tfjs: 'tfjs-lane.js',
	'onnxruntime-web': 'ort-lane.js'
};

interface Lane {
	ask(request: LaneRequest): Promise<unknown>;
}

let lanes: Lane[] = [];

const page: LanePage = {
	async openLanes(setup: LaneSetup) {
		const script = SCRIPTS[setup.engine];
		lanes = Array.from({ length: setup.lanes }, () => startLane(script));
		const ready: OpenedLane[] = [];
		// One after the other: two would compile against each other for no gain.
		for (const lane of lanes) ready.push((await lane.ask({ type: 'open', setup })) as OpenedLane);
		return {
			threads: ready.reduce((sum, { threads }) => sum + threads, 0),
			largestDifference: Math.max(...ready.map(({ largestDifference }) => largestDifference))
		};
	},
	async runLanes(count, batch) {
		let left = Math.ceil(count / batch);
		const total = left * batch;
		const start = performance.now();
		await Promise.all(
			lanes.map(async (lane) => {
				while (left-- > 0) await lane.ask({ type: 'run' });
			})
		);
		return (performance.now() - start) / total;
	}
};
Object.assign(globalThis, page);

function startLane(script: string): Lane {
	const worker = new Worker(script, { type: script === 'tfjs-lane.js' ? 'classic' : 'module' });
	return {
		ask: (request) =>
			new Promise((resolve, reject) => {
				worker.onmessage = ({ data }: MessageEvent<{ error?: string }>) =>
					data.error ? reject(new Error(data.error)) : resolve(data);
				worker.onerror = (event) => reject(new Error(event.message || `${script} failed`));
				worker.postMessage(request);
			})
	};
}
