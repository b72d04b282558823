// A lane of ONNX Runtime Web, its bundles from npm; the network in fp32, or quantised by its own tool.
import type * as OnnxRuntime from 'onnxruntime-web';
import { repeated, serveLane } from './lane.ts';

const BUNDLES: Partial<Record<string, string>> = {
	wasm: 'ort.wasm.min.mjs',
	webgl: 'ort.webgl.min.mjs',
	webgpu: 'ort.webgpu.min.mjs'
};

serveLane<Float32Array>(async ({ backend, numbers, model, graph, threads }) => {
	const bundle = `/ort/${BUNDLES[backend]}`;
	const ort = (await import(/* @vite-ignore */ bundle)) as typeof OnnxRuntime;
	ort.env.wasm.wasmPaths = '/ort/';
	ort.env.wasm.numThreads = threads || navigator.hardwareConcurrency;
	ort.env.logLevel = 'error';
	const file = numbers === 'int8' ? `${model}.int8.onnx` : `${model}.onnx`;
	const session = await ort.InferenceSession.create(`/onnx/${file}`, {
		executionProviders: [backend],
		graphOptimizationLevel: 'all'
	});
	const { name, width, height, channels, logits } = graph;
	return {
		threads: backend === 'wasm' ? ort.env.wasm.numThreads : 1,
		inputOf: ({ values }) => toPlanes(values, channels),
		repeat: (one, batch) => repeated(one, new Float32Array(batch * one.length)),
		run: async (input, count) => {
			const tensor = new ort.Tensor('float32', input, [count, channels, height, width]);
			const found = (await session.run({ [name]: tensor }, [logits]))[logits];
			return (await found?.getData()) as Float32Array;
		}
	};
});

/** [height, width, channels] as [channels, height, width]. */
function toPlanes(values: readonly number[], channels: number): Float32Array {
	const cells = values.length / channels;
	return Float32Array.from(
		values,
		(_, i) => values[(i % cells) * channels + Math.floor(i / cells)] ?? 0
	);
}
