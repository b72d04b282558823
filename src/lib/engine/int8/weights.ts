/** A network's constants, rounded, packed and written into memory: the part that lanes share. */
import { UnknownGraph, type Graph } from './graph';
import {
	FORMS,
	LEVELS,
	memoryFor,
	startKernel,
	type Kernel,
	type KernelModule,
	type Variant
} from './kernel';
import {
	gridsOf,
	known,
	offsetsOf,
	PAGE,
	placeConstants,
	type ConstantPlaces,
	type Grid,
	type Outline
} from './layout';
import { placeMaps } from './maps';
import {
	int16WeightLimit,
	packedLength,
	packWeights,
	scaleInputs,
	sumFits,
	withChannels
} from './pack';
import { packPairs } from './pairs';
import type { Plan } from './plan';
import type { ConvolutionStep } from './steps';

/** More than a lane may take, pages: 80 MB (issue 8). */
const MOST_PAGES = Math.floor(80_000_000 / PAGE);

/**
 * A network whose constants are in memory. Where the memory is shared, another worker that
 * is sent this reads with the same copy.
 */
export interface PackedNetwork extends Outline {
	/** How the products are summed that the weights are packed for. */
	variant: Variant;
	/** The constants; each lane makes it longer by what it needs for itself. */
	memory: WebAssembly.Memory;
}

/** What a model says of its maps, besides its graph. */
export interface Ranges {
	/** Largest value of each channel of the maps that a convolution reads, by name. */
	maps: Map<string, Float32Array>;
	/** Those of them that need more than 7 bits. */
	int16: ReadonlySet<string>;
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
	const outline = { plan, kept, int16: ranges.int16 };
	const grids = gridsOf(outline, kernel);
	const places = placeConstants(outline, grids);
	const { pages } = placeMaps(outline, grids, places.pages);
	if (places.pages + pages > MOST_PAGES) throw new UnknownGraph('a model that is too large');
	const memory = memoryFor(kernel, places.pages, places.pages + lanes * pages);
	const started = startKernel(kernel, memory);
	new Writer(graph, plan, ranges, grids, places, memory.buffer, started).write();
	return { ...outline, variant: kernel.variant, memory };
}

/**
 * The largest value of each channel of a map that a convolution reads, '' being the image.
 * @throws UnknownGraph where it is not known.
 */
export function narrowRanges(plan: Plan, ranges: Ranges, name: string): Float32Array {
	if (name === '') return new Float32Array(plan.image.channels).fill(ranges.image);
	const join = plan.steps.find((step) => step.kind === 'join' && step.name === name);
	if (join?.kind === 'join') {
		const parts = join.parts.map(({ source }) => narrowRanges(plan, ranges, source));
		return Float32Array.from(parts.flatMap((part) => [...part]));
	}
	const found = ranges.maps.get(name);
	const right =
		found?.length === plan.shapes.get(name)?.channels &&
		found?.every((range) => range > 0 && range < Infinity);
	if (!found || !right) throw new UnknownGraph(`ranges of ${name}`);
	return found;
}

class Writer {
	constructor(
		private readonly graph: Graph,
		private readonly plan: Plan,
		private readonly ranges: Ranges,
		private readonly grids: ReadonlyMap<string, Grid>,
		private readonly places: ConstantPlaces,
		private readonly buffer: ArrayBuffer,
		private readonly kernel: Kernel
	) {}

	write(): void {
		for (const step of this.plan.steps) if (step.kind === 'convolution') this.convolution(step);
		for (const [name, { offsets, perValues }] of this.places.narrow) {
			const { shape, levels, border, rowBytes, pixelBytes } = this.gridOf(name);
			const start = border * (rowBytes + pixelBytes);
			this.put(offsets, offsetsOf(shape, start, rowBytes, pixelBytes));
			const perValue = narrowRanges(this.plan, this.ranges, name).map((range) => levels / range);
			this.put(perValues, perValue);
		}
		for (const [name, address] of this.places.head) {
			this.put(address, this.graph.weight(name).values);
		}
	}

	private convolution(step: ConvolutionStep): void {
		const at = known(this.places.convolutions.get(step.name), step.name);
		const { border, rowBytes, pixelBytes } = this.gridOf(step.source);
		const start = (border - step.padding) * (rowBytes + pixelBytes);
		this.put(
			at.offsets,
			offsetsOf(step.output, start, step.stride * rowBytes, step.stride * pixelBytes)
		);
		this.put(at.scales, this.weights(step, at.weights));
		this.put(at.biases, withChannels(this.graph.weight(step.bias), step.output.channels).values);
	}

	/** @returns the value of one unit of the sums, an output channel each. */
	private weights(step: ConvolutionStep, address: number): Float32Array {
		const { levels, group, form, rowBytes } = this.gridOf(step.source);
		const count = step.rows * step.columns * step.input.channels;
		if (!sumFits(count, levels)) throw new UnknownGraph(`sums of ${step.name}`);
		const weight = withChannels(this.graph.weight(step.weight), step.output.channels);
		scaleInputs(weight, narrowRanges(this.plan, this.ranges, step.source));
		if (form === FORMS.pairs) {
			const { spare } = this.places;
			const place = { buffer: this.buffer, address, spare, rowBytes };
			return packPairs(weight, LEVELS, this.kernel, place).map((scale) => scale / levels);
		}
		const int16 = form === FORMS.int16;
		const Packed = int16 ? Int16Array : Int8Array;
		const packed = new Packed(this.buffer, address, packedLength(weight.shape, group));
		const scales = packWeights(weight, group, int16 ? int16WeightLimit(count) : LEVELS, packed);
		return scales.map((scale) => scale / levels);
	}

	private gridOf(name: string): Grid {
		return known(this.grids.get(name), name);
	}

	private put(address: number, values: Float32Array | Uint32Array): void {
		new Uint8Array(this.buffer).set(new Uint8Array(values.buffer), address);
	}
}
