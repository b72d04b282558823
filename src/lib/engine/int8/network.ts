/** A folded residual network in int8: weights of 8 bits, maps of 7; docs/engine.md. */
import type { Manifest } from '../../models/manifest';
import type { ModelPackage } from '../../models/store';
import type { Reading } from '../protocol';
import { Graph, UnknownGraph } from './graph';
import { Head } from './head';
import { ImageInput } from './image-input';
import type { KernelModule } from './kernel';
import { planOf } from './plan';
import { makeProgram, type Program, type Work } from './program';
import { rangesOf } from './ranges';
import { packNetwork, type PackedNetwork } from './weights';

export class IntegerNetwork {
	private constructor(
		private readonly manifest: Manifest,
		private readonly program: Program,
		private readonly head: Head,
		private readonly image: ImageInput
	) {}

	/**
	 * Pack a model into a memory; the package may be let go of afterwards.
	 * @param lanes how many are to read with it: more than one only in a shared memory.
	 * @throws UnknownGraph where the model has no ranges, or a graph that is not read here.
	 * @throws RangeError where the memory cannot be had.
	 */
	static pack(model: ModelPackage, kernelModule: KernelModule, lanes = 1): PackedNetwork {
		const { input, outputs, activations } = model.manifest.classifier;
		if (!activations) throw new UnknownGraph('the model does not say how large its maps become');
		const graph = new Graph(model);
		const shape = { height: input.height, width: input.width, channels: input.channels };
		const wanted = [outputs.logits];
		if (outputs.distance !== undefined) wanted.push(outputs.distance);
		const plan = planOf(graph, shape, wanted);
		return packNetwork(graph, plan, [], rangesOf(activations, input), kernelModule, lanes);
	}

	/**
	 * A lane of a packed model, with maps of its own.
	 * @param kernelModule the one that it was packed for.
	 * @throws RangeError where the memory has no room for another lane.
	 */
	static start(
		manifest: Manifest,
		packed: PackedNetwork,
		kernelModule: KernelModule
	): IntegerNetwork {
		const program = makeProgram(packed, kernelModule);
		const head = new Head(packed.plan.head, program.tensors);
		const image = new ImageInput(manifest.classifier.input, program.image);
		return new IntegerNetwork(manifest, program, head, image);
	}

	/** Pack a model and start its only lane; see `pack`. */
	static load(model: ModelPackage, kernelModule: KernelModule): IntegerNetwork {
		return this.start(model.manifest, this.pack(model, kernelModule), kernelModule);
	}

	/** The kernel's calls for one image, for those who measure them. */
	get work(): readonly Work[] {
		return this.program.work;
	}

	/** Memory of the constants, which lanes may share, and of this lane's own maps, bytes. */
	get bytes(): { constants: number; maps: number } {
		return this.program.bytes;
	}

	/** Read a batch; see `LaneService.read`. @throws when an output is no number. */
	read(pixels: Uint8Array, count: number): Reading[] {
		const size = pixels.length / count;
		return Array.from({ length: count }, (_, i) =>
			this.readOne(pixels.subarray(i * size, (i + 1) * size))
		);
	}

	private readOne(pixels: Uint8Array): Reading {
		const { outputs } = this.manifest.classifier;
		this.image.fill(pixels);
		for (const step of this.program.work) step.run();
		this.head.run();
		const logits = this.head.values(outputs.logits).slice();
		const distance = outputs.distance === undefined ? null : this.head.values(outputs.distance)[0];
		if (!logits.every(Number.isFinite) || (distance !== null && !Number.isFinite(distance))) {
			throw new Error('an output is not a number');
		}
		return { logits, distance };
	}
}
