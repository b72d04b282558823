/** A folded residual network in whole numbers: int8 weights, maps of 7 bits; docs/engine.md. */
import type { ModelPackage } from '../../models/store';
import type { Reading } from '../protocol';
import { Graph, UnknownGraph } from './graph';
import { Head } from './head';
import { FINE_LEVELS, type KernelModule } from './kernel';
import { planOf } from './plan';
import { makeProgram, type Program, type Work } from './program';

export class IntegerNetwork {
	private constructor(
		private readonly manifest: ModelPackage['manifest'],
		private readonly program: Program,
		private readonly head: Head,
		/** The image's value by channel and pixel value. */
		private readonly tables: Int16Array[]
	) {}

	/**
	 * Pack a model into memory of its own; the package may be let go of afterwards.
	 * @throws UnknownGraph where the model has no ranges, or a graph that is not read here.
	 */
	static load(model: ModelPackage, kernelModule: KernelModule): IntegerNetwork {
		const { input, outputs, activations } = model.manifest;
		if (!activations) throw new UnknownGraph('the model does not say how large its maps become');
		const graph = new Graph(model);
		const shape = { height: input.height, width: input.width, channels: input.channels };
		const wanted = [outputs.logits, outputs.features];
		if (outputs.distance !== undefined) wanted.push(outputs.distance);
		const plan = planOf(graph, shape, wanted);
		const last = plan.shapes.get(outputs.features);
		const expected = [outputs.gridHeight, outputs.gridWidth, outputs.featureCount].join();
		if (!last || [last.height, last.width, last.channels].join() !== expected) {
			throw new UnknownGraph('features of another size');
		}
		const { values, largest } = normalised(input.mean, input.std);
		const said = Object.entries(activations.ranges);
		const maps = new Map(said.map(([name, range]) => [name, rangesOf(range)]));
		const fine = new Set(said.flatMap(([name, { fine }]) => (fine ? [name] : [])));
		const ranges = { maps, fine, image: largest };
		const program = makeProgram(graph, plan, shape, ranges, [outputs.features], kernelModule);
		const head = new Head(graph, plan.head, program.maps);
		const perStep = FINE_LEVELS / largest;
		const tables = values.map((channel) =>
			Int16Array.from(channel, (value) => Math.round(value * perStep))
		);
		return new IntegerNetwork(model.manifest, program, head, tables);
	}

	/** The kernel's calls for one image, for those who measure them. */
	get work(): readonly Work[] {
		return this.program.work;
	}

	/** Memory of weights and maps, bytes. */
	get bytes(): number {
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
		const { outputs } = this.manifest;
		this.fill(pixels);
		for (const { run } of this.program.work) run();
		this.head.run();
		const logits = this.head.values(outputs.logits).slice();
		const distance = outputs.distance === undefined ? null : this.head.values(outputs.distance)[0];
		if (!logits.every(Number.isFinite) || (distance !== null && !Number.isFinite(distance))) {
			throw new Error('an output is not a number');
		}
		return { logits, map: this.map(), distance };
	}

	/** The image's values, without its border. */
	private fill(pixels: Uint8Array): void {
		const { values, shape, border } = this.program.image;
		const { height, width, channels } = shape;
		if (pixels.length !== height * width * channels) throw new Error('an image of another size');
		const row = (width + 2 * border) * channels;
		for (let c = 0; c < channels; c++) {
			const table = this.tables[c];
			let from = c;
			for (let y = 0; y < height; y++) {
				let to = (y + border) * row + border * channels + c;
				for (let x = 0; x < width; x++, from += channels, to += channels) {
					values[to] = table[pixels[from]];
				}
			}
		}
	}

	/** The class activation map (Zhou et al. 2016): features weighted by the class weights. */
	private map(): Float32Array {
		const { features, camWeights, featureCount, gridHeight, gridWidth } = this.manifest.outputs;
		const values = this.head.values(features);
		return Float32Array.from({ length: gridHeight * gridWidth }, (_, cell) => {
			let sum = 0;
			for (let f = 0; f < featureCount; f++) sum += values[cell * featureCount + f] * camWeights[f];
			return sum;
		});
	}
}

/** The largest value of each channel, from a byte each; see the manifest. */
function rangesOf({ largest, channels }: { largest: number; channels: string }): Float32Array {
	return Float32Array.from(atob(channels), (byte) => largest * 2 ** (-byte.charCodeAt(0) / 16));
}

/** Input values by channel and pixel value, (pixel / 255 - mean) / std, and the largest. */
function normalised(mean: number[], std: number[]) {
	const values = mean.map((centre, c) =>
		Float64Array.from({ length: 256 }, (_, pixel) => (pixel / 255 - centre) / std[c])
	);
	const largest = Math.max(...values.map((channel) => Math.max(-channel[0], channel[255])));
	return { values, largest };
}
