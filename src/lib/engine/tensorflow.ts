/** TensorFlow.js inside a lane's worker: start a backend, load the graph, read batches. */
import { loadGraphModel, type GraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import simdWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threadedWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import plainWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import type { ModelPackage } from '../models/store';
import type { Backend } from './backends';
import type { Reading } from './protocol';

/** The backends that are TensorFlow.js's own. */
export type TensorFlowBackend = Exclude<Backend, 'int8'>;

/** Start a backend. @throws when it cannot start. */
export async function startBackend(backend: TensorFlowBackend): Promise<void> {
	if (backend === 'wasm') {
		const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
		// Threads need headers that a static host may not send; lanes side by side need none.
		tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
		setWasmPaths({
			'tfjs-backend-wasm.wasm': plainWasm,
			'tfjs-backend-wasm-simd.wasm': simdWasm,
			'tfjs-backend-wasm-threaded-simd.wasm': threadedWasm
		});
	} else if (backend === 'webgl') {
		await import('@tensorflow/tfjs-backend-webgl');
	} else {
		await import('@tensorflow/tfjs-backend-webgpu');
	}
	if (!(await tf.setBackend(backend))) throw new Error(`${backend} did not start`);
	await tf.ready();
}

/** Whether the started backend computes in 16-bit floats. */
export function isHalfPrecision(backend: Backend): boolean {
	return backend === 'webgl' && !tf.env().getBool('WEBGL_RENDER_FLOAT32_ENABLED');
}

/** A loaded model on the started backend. */
export class Network {
	private lost = false;

	private constructor(
		private readonly graph: GraphModel,
		private readonly model: ModelPackage,
		private readonly camWeights: tf.Tensor2D
	) {
		const { device } = tf.backend() as { device?: GPUDevice };
		void device?.lost.then(() => (this.lost = true));
	}

	/** Build the graph from a package in memory. @throws when it is no graph model. */
	static async load(model: ModelPackage): Promise<Network> {
		const json = JSON.parse(model.topology) as tf.io.ModelJSON;
		const graph = await loadGraphModel({
			load: () =>
				Promise.resolve({
					format: json.format,
					modelTopology: json.modelTopology,
					weightSpecs: json.weightsManifest.flatMap((group) => group.weights),
					weightData: model.weights
				})
		});
		const { camWeights, featureCount } = model.manifest.outputs;
		return new Network(graph, model, tf.tensor2d(camWeights, [featureCount, 1]));
	}

	/**
	 * Read a batch; see `LaneService.read`.
	 * The class activation map is the last feature map weighted by the class weights
	 * (Zhou et al. 2016, "Learning Deep Features for Discriminative Localization").
	 * @throws when the device was lost, or an output is no number.
	 */
	async read(pixels: Uint8Array, count: number): Promise<Reading[]> {
		const { input, outputs } = this.model.manifest;
		const cells = outputs.gridHeight * outputs.gridWidth;
		const [logits, maps, distances] = tf.tidy(() => {
			const values = normalise(pixels, input.mean, input.std);
			const batch = tf.tensor4d(values, [count, input.height, input.width, input.channels]);
			const wanted = [outputs.logits, outputs.features];
			if (outputs.distance !== undefined) wanted.push(outputs.distance);
			const [scores, features, unlike] = this.graph.execute(
				{ [input.name]: batch },
				wanted
			) as tf.Tensor[];
			const flat = tf.reshape(features, [count * cells, outputs.featureCount]);
			const heat = tf.matMul(flat as tf.Tensor2D, this.camWeights);
			return unlike ? [scores, heat, unlike] : [scores, heat];
		});
		const [scoreData, mapData, distanceData] = await Promise.all([
			logits.data(),
			maps.data(),
			distances?.data()
		]);
		tf.dispose([logits, maps, ...(distances ? [distances] : [])]);
		if (this.lost || isContextLost()) throw new Error('the graphics device was lost');
		const classes = outputs.classes.length;
		const readings = Array.from({ length: count }, (_, i) => ({
			logits: scoreData.slice(i * classes, (i + 1) * classes) as Float32Array,
			map: mapData.slice(i * cells, (i + 1) * cells) as Float32Array,
			distance: distanceData ? distanceData[i] : null
		}));
		const isSound = ({ logits, distance }: Reading) =>
			logits.every(Number.isFinite) && (distance === null || Number.isFinite(distance));
		if (!readings.every(isSound)) {
			throw new Error('an output is not a number');
		}
		return readings;
	}
}

/** A lost WebGL context reads back zeros without an error, so ask. */
function isContextLost(): boolean {
	const { gpgpu } = tf.backend() as { gpgpu?: { gl: WebGLRenderingContext } };
	return gpgpu?.gl.isContextLost() ?? false;
}

/** uint8 to the network's input: (pixel / 255 - mean) / std, channel by channel. */
function normalise(pixels: Uint8Array, mean: number[], std: number[]): Float32Array {
	const channels = mean.length;
	const values = new Float32Array(pixels.length);
	for (let c = 0; c < channels; c++) {
		const table = Float32Array.from({ length: 256 }, (_, v) => (v / 255 - mean[c]) / std[c]);
		for (let i = c; i < pixels.length; i += channels) values[i] = table[pixels[i]];
	}
	return values;
}
