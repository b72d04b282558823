/** A network whose output is a map, on a started backend of TensorFlow.js. */
import type { GraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import { startedDevice } from './graphics';
import { inputMaker, type MakeInput } from './input';
import type { MapModel } from './map-model';
import { loadGraph } from './tensorflow';

export class TensorFlowMapNetwork {
	private readonly onDevice = startedDevice();
	private readonly makeInput: MakeInput;

	private constructor(
		private readonly graph: GraphModel,
		private readonly model: Pick<MapModel, 'input' | 'output'>
	) {
		this.makeInput = inputMaker(model.input);
	}

	/** Build the graph. @throws when it is no graph model. */
	static async load({ input, output, ...parts }: MapModel): Promise<TensorFlowMapNetwork> {
		return new TensorFlowMapNetwork(await loadGraph(parts), { input, output });
	}

	/**
	 * Read one image; see `Int8MapNetwork.read`.
	 * @throws when the device was lost or failed, or an output is no number.
	 */
	async read(pixels: Uint8Array): Promise<Float32Array> {
		const { input, output } = this.model;
		const found = await this.onDevice(async () => {
			const map = tf.tidy(
				() => this.graph.execute({ [input.name]: this.makeInput(pixels, 1) }, output) as tf.Tensor
			);
			try {
				return await map.data<'float32'>();
			} finally {
				map.dispose();
			}
		});
		if (!found.every(Number.isFinite)) throw new Error('an output is not a number');
		return found;
	}
}
