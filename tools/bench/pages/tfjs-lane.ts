// A lane of stock TensorFlow.js: the bundles from npm, the package as a plain graph model. A
// classic worker, since these bundles are classic scripts.
import type * as TensorFlow from '@tensorflow/tfjs-core';
import type { loadGraphModel } from '@tensorflow/tfjs-converter';
import type { getThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { repeated, serveLane } from './lane.ts';

/** What the bundle puts there. */
declare const tf: typeof TensorFlow & {
	loadGraphModel: typeof loadGraphModel;
	wasm: { setWasmPaths: typeof setWasmPaths; getThreadsCount: typeof getThreadsCount };
};

importScripts('/tfjs/tfjs/dist/tf.min.js');

serveLane<Float32Array>(async ({ backend, model, graph, lanes }) => {
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
	const network = await tf.loadGraphModel(`/models/${model}/model.json`);
	const { name, width, height, channels, logits } = graph;
	return {
		threads: backend === 'wasm' && lanes === 1 ? tf.wasm.getThreadsCount() || 1 : 1,
		inputOf: ({ values }) => Float32Array.from(values),
		repeat: (one, batch) => repeated(one, new Float32Array(batch * one.length)),
		run: async (input, count) => {
			const output = tf.tidy(() => {
				const image = tf.tensor4d(input, [count, height, width, channels]);
				return network.execute({ [name]: image }, logits) as TensorFlow.Tensor;
			});
			const found = await output.data();
			output.dispose();
			return found;
		}
	};
});
