/** A network whose output is a map, one value a place: what finds a region in an image. */
import { Graph, UnknownGraph } from './graph';
import { ImageInput } from './image-input';
import { TILE_CHANNELS, type KernelModule } from './kernel';
import type { MapModel } from '../map-model';
import { planOf } from './plan';
import type { MapShape } from './steps';
import { makeProgram, type Program, type Work } from './program';
import { rangesOf } from './ranges';
import { packNetwork } from './weights';

export class Int8MapNetwork {
	private constructor(
		private readonly program: Program,
		private readonly image: ImageInput,
		/** Of `values`: the map's channel is the first of those that the kernel writes. */
		private readonly shape: MapShape,
		private readonly values: Float32Array
	) {}

	/**
	 * Pack a network into a memory of its own; the model may be let go of afterwards.
	 * @throws UnknownGraph where it has no ranges, or a graph that is not read here.
	 * @throws RangeError where the memory cannot be had.
	 */
	static load(model: MapModel, kernelModule: KernelModule): Int8MapNetwork {
		const { input, output, activations } = model;
		if (!activations) throw new UnknownGraph('the model does not say how large its maps become');
		const graph = new Graph(model);
		const { width, height, channels } = input;
		const plan = planOf(graph, { height, width, channels }, [output]);
		const last = plan.steps.find(({ name }) => name === output);
		if (last?.kind !== 'convolution' || last.filters !== 1) {
			throw new UnknownGraph(`${output} is no map of one channel`);
		}
		const ranges = rangesOf(activations, input);
		const packed = packNetwork(graph, plan, [output], ranges, kernelModule, 1);
		const program = makeProgram(packed, kernelModule);
		const tensor = program.tensors.get(output);
		if (!tensor) throw new UnknownGraph(`no output ${output}`);
		const image = new ImageInput(input, program.image);
		return new Int8MapNetwork(program, image, last.output, tensor.values);
	}

	/** The kernel's calls for one image, for those who measure them. */
	get work(): readonly Work[] {
		return this.program.work;
	}

	/** Memory of the constants and of the maps, bytes. */
	get bytes(): { constants: number; maps: number } {
		return this.program.bytes;
	}

	/**
	 * Read one image.
	 * @param pixels uint8, height x width x channels of the model's input.
	 * @returns the output map, row after row.
	 * @throws for an image of another size, or when an output is no number.
	 */
	read(pixels: Uint8Array): Float32Array {
		this.image.fill(pixels);
		for (const step of this.program.work) step.run();
		const found = new Float32Array(this.shape.height * this.shape.width);
		for (let i = 0; i < found.length; i++) found[i] = this.values[i * TILE_CHANNELS];
		if (!found.every(Number.isFinite)) throw new Error('an output is not a number');
		return found;
	}
}
