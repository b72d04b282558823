// Lanes of an engine side by side: each is a worker that holds the model and reads batches.
// The bench calls these two functions; see tools/bench/engines.mjs.

const SCRIPTS = {
	fieldlens: '/integer/integer-lane.js',
	tfjs: 'tfjs-lane.js',
	'onnxruntime-web': 'ort-lane.js'
};

/** @type {{ ask: (message: object) => Promise<any> }[]} */
let lanes = [];

/**
 * Start the lanes and check that they compute what the manifest says.
 * @param {object} setup
 * @param {'fieldlens' | 'tfjs' | 'onnxruntime-web'} setup.engine
 * @param {'int8' | 'wasm' | 'webgl' | 'webgpu'} setup.backend
 * @param {'fp32' | 'int8'} setup.numbers
 * @param {number} setup.lanes
 * @param {number} setup.threads threads a lane; 0 for as many as the engine takes
 * @param {number} setup.batch
 * @param {string} setup.model its id
 * @param {{ name: string, width: number, height: number, channels: number, logits: string }} setup.graph
 * @param {{ pixels: number[], values: number[], logits: number[] }[]} setup.vectors NHWC;
 *   values: the pixels normalised
 * @returns {Promise<{ threads: number, largestDifference: number }>}
 */
globalThis.openLanes = async (setup) => {
	const script = SCRIPTS[setup.engine];
	lanes = Array.from({ length: setup.lanes }, () => startLane(script));
	const ready = [];
	// One after the other: two would compile against each other for no gain.
	for (const lane of lanes) ready.push(await lane.ask({ type: 'open', setup }));
	return {
		threads: ready.reduce((sum, { threads }) => sum + threads, 0),
		largestDifference: Math.max(...ready.map(({ largestDifference }) => largestDifference))
	};
};

/**
 * Read `count` images, each lane taking the next batch when it is free.
 * @returns {Promise<number>} milliseconds an image
 */
globalThis.runLanes = async (count, batch) => {
	let left = Math.ceil(count / batch);
	const total = left * batch;
	const start = performance.now();
	await Promise.all(
		lanes.map(async (lane) => {
			while (left-- > 0) await lane.ask({ type: 'run' });
		})
	);
	return (performance.now() - start) / total;
};

function startLane(script) {
	const worker = new Worker(script, { type: script === 'tfjs-lane.js' ? 'classic' : 'module' });
	return {
		ask: (message) =>
			new Promise((resolve, reject) => {
				worker.onmessage = ({ data }) =>
					data.error ? reject(new Error(data.error)) : resolve(data);
				worker.onerror = (event) => reject(new Error(event.message || `${script} failed`));
				worker.postMessage(message);
			})
	};
}
