/** TensorFlow.js inside a lane's worker: start a backend, load the graph, read batches. */
import { loadGraphModel, type GraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import simdWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threadedWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import plainWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import type { Manifest } from '../models/manifest';
import type { ModelPackage } from '../models/store';
import type { Backend } from './backends';
import { startedDevice } from './graphics';
import { inputMaker, type MakeInput } from './input';
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

/** Build a graph from its parts in memory. @throws when it is no graph model. */
export function loadGraph(model: Pick<ModelPackage, 'topology' | 'weights'>): Promise<GraphModel> {
	const json = JSON.parse(model.topology) as tf.io.ModelJSON;
	return loadGraphModel({
		load: () =>
			Promise.resolve({
				format: json.format,
				modelTopology: json.modelTopology,
				weightSpecs: json.weightsManifest.flatMap((group) => group.weights),
				weightData: model.weights
			})
	});
}

/** A loaded model on the started backend. */
export class Network {
	private readonly onDevice = startedDevice();
	private readonly makeInput: MakeInput;

	private constructor(
		private readonly graph: GraphModel,
		private readonly manifest: Manifest
	) {
		this.makeInput = inputMaker(manifest.classifier.input);
	}

	/** Build the graph from a package in memory. @throws when it is no graph model. */
	static async load(model: ModelPackage): Promise<Network> {
		return new Network(await loadGraph(model), model.manifest);
	}

	/**
	 * Read a batch; see `LaneService.read`. Another may be given before this one is through:
	 * its work stands in the device's queue while this one is read back.
	 * @throws when the device was lost or failed, or an output is no number.
	 */
	async read(pixels: Uint8Array, count: number): Promise<Reading[]> {
		const found = await this.onDevice(async () => {
			const outputs = tf.tidy(() => this.compute(pixels, count));
			try {
				return await outputs.data<'float32'>();
			} finally {
				outputs.dispose();
			}
		});
		const readings = this.readingsOf(found, count);
		const isSound = ({ logits, distance }: Reading) =>
			logits.every(Number.isFinite) && (distance === null || Number.isFinite(distance));
		if (!readings.every(isSound)) {
			throw new Error('an output is not a number');
		}
		return readings;
	}

	/**
	 * What is read back, in one tensor so that it is waited for once: count x (logits, distance if
	 * there is one).
	 */
	private compute(pixels: Uint8Array, count: number): tf.Tensor2D {
		const { input, outputs } = this.manifest.classifier;
		const wanted = [outputs.logits];
		if (outputs.distance !== undefined) wanted.push(outputs.distance);
		// Of one wanted output it gives that alone, of several a list.
		const found = [
			this.graph.execute({ [input.name]: this.makeInput(pixels, count) }, wanted)
		].flat();
		return tf.concat2d(
			found.map((values) => tf.reshape(values, [count, -1])),
			1
		);
	}

	/**
	 * The rows of `compute`, each in memory of its own: readings are handed over one by one.
	 * @throws when they are not what the manifest says.
	 */
	private readingsOf(found: Float32Array, count: number): Reading[] {
		const { classes, distance } = this.manifest.classifier.outputs;
		const length = classes.length + (distance === undefined ? 0 : 1);
		if (found.length !== count * length) throw new Error('the outputs have another size');
		return Array.from({ length: count }, (_, i) => {
			const row = found.subarray(i * length, (i + 1) * length);
			return {
				logits: row.slice(0, classes.length),
				distance: distance === undefined ? null : row[classes.length]
			};
		});
	}
}
