// A lane of ONNX Runtime Web, its bundles from npm; the network in fp32, or quantised by its own tool.
let read;

self.onmessage = async ({ data: { type, setup } }) => {
	try {
		if (type === 'open') self.postMessage(await open(setup));
		else self.postMessage({ logits: await read() });
	} catch (error) {
		self.postMessage({ error: String(error?.message ?? error) });
	}
};

const BUNDLES = {
	wasm: 'ort.wasm.min.mjs',
	webgl: 'ort.webgl.min.mjs',
	webgpu: 'ort.webgpu.min.mjs'
};

async function open({ backend, numbers, batch, model, graph, vectors, threads }) {
	const ort = await import(`/ort/${BUNDLES[backend]}`);
	ort.env.wasm.wasmPaths = '/ort/';
	ort.env.wasm.numThreads = threads || navigator.hardwareConcurrency;
	ort.env.logLevel = 'error';
	const file = numbers === 'int8' ? `${model}.int8.onnx` : `${model}.onnx`;
	const session = await ort.InferenceSession.create(`/onnx/${file}`, {
		executionProviders: [backend],
		graphOptimizationLevel: 'all'
	});
	const { name, width, height, channels, logits } = graph;
	const run = async (values, count) => {
		const tensor = new ort.Tensor('float32', values, [count, channels, height, width]);
		const found = await session.run({ [name]: tensor }, [logits]);
		return await found[logits].getData();
	};
	let largestDifference = 0;
	for (const vector of vectors) {
		const found = await run(toPlanes(vector.values, channels), 1);
		vector.logits.forEach((value, i) => {
			largestDifference = Math.max(largestDifference, Math.abs(value - found[i]));
		});
	}
	const one = toPlanes(vectors[0].values, channels);
	const input = new Float32Array(batch * one.length);
	for (let i = 0; i < batch; i++) input.set(one, i * one.length);
	read = () => run(input, batch);
	await read();
	return { threads: backend === 'wasm' ? ort.env.wasm.numThreads : 1, largestDifference };
}

/** [height, width, channels] as [channels, height, width]. */
function toPlanes(values, channels) {
	const cells = values.length / channels;
	return Float32Array.from(
		values,
		(_, i) => values[(i % cells) * channels + Math.floor(i / cells)]
	);
}
