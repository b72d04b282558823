// A lane of stock TensorFlow.js: the bundles from npm, the package as a plain graph model.
/* global tf */
importScripts('/tfjs/tfjs/dist/tf.min.js');

let read;

self.onmessage = async ({ data: { type, setup } }) => {
	try {
		if (type === 'open') self.postMessage(await open(setup));
		else self.postMessage({ logits: await read() });
	} catch (error) {
		self.postMessage({ error: String(error?.message ?? error) });
	}
};

async function open({ backend, batch, model, graph, vectors, lanes }) {
	let threads = 1;
	if (backend === 'wasm') {
		importScripts('/tfjs/tfjs-backend-wasm/dist/tf-backend-wasm.min.js');
		tf.wasm.setWasmPaths('/tfjs/tfjs-backend-wasm/dist/');
		// Several lanes have one thread each; a single one takes what the engine gives it.
		if (lanes > 1) tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
	}
	if (backend === 'webgpu') {
		importScripts('/tfjs/tfjs-backend-webgpu/dist/tf-backend-webgpu.min.js');
	}
	if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js: ${backend} did not start`);
	await tf.ready();
	if (backend === 'wasm' && lanes === 1) threads = tf.wasm.getThreadsCount() || 1;
	const network = await tf.loadGraphModel(`/models/${model}/model.json`);
	const { name, width, height, channels, logits } = graph;
	const run = async (values, count) => {
		const output = tf.tidy(() =>
			network.execute({ [name]: tf.tensor4d(values, [count, height, width, channels]) }, logits)
		);
		const found = await output.data();
		output.dispose();
		return found;
	};
	let largestDifference = 0;
	for (const vector of vectors) {
		const found = await run(Float32Array.from(vector.values), 1);
		vector.logits.forEach((value, i) => {
			largestDifference = Math.max(largestDifference, Math.abs(value - found[i]));
		});
	}
	const one = vectors[0].values;
	const input = new Float32Array(batch * one.length);
	for (let i = 0; i < batch; i++) input.set(one, i * one.length);
	read = () => run(input, batch);
	await read();
	return { threads, largestDifference };
}
