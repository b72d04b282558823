/** A network's constants, rounded, packed and written into memory: the part that lanes share. */
import { UnknownGraph, type Graph } from './graph';
import { LEVELS, memoryFor, type KernelModule, type Variant } from './kernel';
import { gridsOf, offsetsOf, PAGE, placeConstants, type ConstantPlaces, type Grid } from './layout';
import { placeMaps } from './maps';
import {
	imageWeightLimit,
	packedLength,
	packWeights,
	scaleInputs,
	sumFits,
	IMAGE_LEVELS
} from './pack';
import type { ConvolutionStep, Plan } from './plan';

/** More than a lane may take, pages: 80 MB (issue 8). */
const MOST_PAGES = Math.floor(80_000_000 / PAGE);

/**
 * A network whose constants are in memory. Where the memory is shared, another worker that
 * is sent this reads with the same copy.
 */
export interface PackedNetwork {
	/** The module that the weights are packed for. */
	variant: Variant;
	plan: Plan;
	/** Maps that are wanted beside those that the plan's head reads. */
	kept: string[];
	/** The constants; each lane makes it longer by what it needs for itself. */
	memory: WebAssembly.Memory;
}

/** What a model says of its maps, besides its graph. */
export interface Ranges {
	/** Largest value of each channel of the maps that a convolution reads, by name. */
	maps: Map<string, Float32Array>;
	/** Largest magnitude of the image's normalised values. */
	image: number;
}

/**
 * @param kept maps that are wanted beside those that the plan's head reads.
 * @param lanes that the memory has room for; it is reserved, not taken.
 * @throws UnknownGraph where a range is missing, or sums or memory would be too large.
 * @throws RangeError where the memory cannot be had.
 */
export function packNetwork(
	graph: Graph,
	plan: Plan,
	kept: string[],
	ranges: Ranges,
	kernel: KernelModule,
	lanes: number
): PackedNetwork {
	const places = placeConstants(plan, kernel);
	const { pages } = placeMaps(plan, kept, kernel, places.pages);
	if (places.pages + pages > MOST_PAGES) throw new UnknownGraph('a model that is too large');
	const memory = memoryFor(kernel, places.pages, places.pages + lanes * pages);
	new Writer(graph, plan, ranges, kernel, places, memory.buffer).write();
	return { variant: kernel.variant, plan, kept, memory };
}

class Writer {
	private readonly grids: Map<string, Grid>;

	constructor(
		private readonly graph: Graph,
		private readonly plan: Plan,
		private readonly ranges: Ranges,
		private readonly kernel: KernelModule,
		private readonly places: ConstantPlaces,
		private readonly buffer: ArrayBufferLike
	) {
		this.grids = gridsOf(plan, kernel);
	}

	write(): void {
		for (const step of this.plan.steps) if (step.kind === 'convolution') this.convolution(step);
		for (const [name, { offsets, perValues }] of this.places.narrow) {
			const { shape, border, rowBytes, pixelBytes } = this.gridOf(name);
			const start = border * (rowBytes + pixelBytes);
			this.put(offsets, offsetsOf(shape, start, rowBytes, pixelBytes));
			const levels = this.rangesOf(name).map((range) => LEVELS / range);
			this.put(perValues, levels);
		}
		for (const [name, address] of this.places.head) {
			this.put(address, this.graph.weight(name).values);
		}
	}

	private convolution(step: ConvolutionStep): void {
		const at = this.places.convolutions.get(step.name);
		if (!at) throw new UnknownGraph(`no place for ${step.name}`);
		const { border, rowBytes, pixelBytes } = this.gridOf(step.source);
		const start = (border - step.padding) * (rowBytes + pixelBytes);
		this.put(
			at.offsets,
			offsetsOf(step.output, start, step.stride * rowBytes, step.stride * pixelBytes)
		);
		const scales =
			step.source === '' ? this.imageWeights(step, at.weights) : this.weights(step, at.weights);
		this.put(at.scales, scales);
		this.put(at.biases, this.graph.weight(step.bias).values);
	}

	/** @returns the value of one unit of the sums, an output channel each. */
	private weights(step: ConvolutionStep, address: number): Float32Array {
		if (!sumFits(productsOf(step))) throw new UnknownGraph(`sums of ${step.name}`);
		const weight = this.graph.weight(step.weight);
		scaleInputs(weight, this.rangesOf(step.source));
		const { group } = this.kernel;
		const packed = new Int8Array(this.buffer, address, packedLength(weight.shape, group));
		return packWeights(weight, group, LEVELS, packed).map((scale) => scale / LEVELS);
	}

	private imageWeights(step: ConvolutionStep, address: number): Float32Array {
		const weight = this.graph.weight(step.weight);
		const packed = new Int16Array(this.buffer, address, packedLength(weight.shape, 2));
		const scales = packWeights(weight, 2, imageWeightLimit(productsOf(step)), packed);
		return scales.map((scale) => (scale * this.ranges.image) / IMAGE_LEVELS);
	}

	private gridOf(name: string): Grid {
		const found = this.grids.get(name);
		if (!found) throw new UnknownGraph(`no whole numbers of ${name}`);
		return found;
	}

	private rangesOf(name: string): Float32Array {
		const found = this.ranges.maps.get(name);
		const right =
			found?.length === this.plan.shapes.get(name)?.channels &&
			found?.every((range) => range > 0 && range < Infinity);
		if (!found || !right) throw new UnknownGraph(`ranges of ${name}`);
		return found;
	}

	private put(address: number, values: Float32Array | Uint32Array): void {
		new Uint8Array(this.buffer).set(new Uint8Array(values.buffer), address);
	}
}

/** Products of one sum. */
function productsOf({ rows, columns, input }: ConvolutionStep): number {
	return rows * columns * input.channels;
}
