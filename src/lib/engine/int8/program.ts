/** A plan made ready to run: weights packed into a lane's memory, and the kernel's calls. */
import { UnknownGraph, type Graph } from './graph';
import type { Tensor } from './head';
import { LEVELS, startKernel, SUMS_BYTES, type KernelModule } from './kernel';
import { Arena, offsetCount, offsetsOf, placeMaps, type MapPlaces } from './layout';
import {
	imageWeightLimit,
	packedLength,
	packWeights,
	scaleInputs,
	sumFits,
	IMAGE_LEVELS
} from './pack';
import type { ConvolutionStep, MapShape, Plan, PoolStep } from './plan';

/** One call of the kernel. */
export interface Work {
	name: string;
	/** Products of one image. */
	products: number;
	run(): void;
}

export interface Program {
	/** In order; writes from the image's values to the maps. */
	work: Work[];
	/** The image's values, -IMAGE_LEVELS to IMAGE_LEVELS, in a border of zeros. */
	image: { values: Int16Array; shape: MapShape; border: number };
	/** The maps that are kept as floats, NHWC; each run writes over them. */
	maps: Map<string, Tensor>;
	/** Of the lane's memory. */
	bytes: number;
}

/** What a model says of its maps, besides its graph. */
export interface Ranges {
	/** Largest value of each channel of the maps that a convolution reads, by name. */
	maps: Map<string, Float32Array>;
	/** Largest magnitude of the image's normalised values. */
	image: number;
}

/** More than a lane may take, bytes (issue 8). */
const MOST_BYTES = 80_000_000;

/**
 * @param kept maps that are wanted beside those that the plan's head reads.
 * @throws UnknownGraph where a range is missing, or sums or memory would be too large.
 */
export function makeProgram(
	graph: Graph,
	plan: Plan,
	image: MapShape,
	ranges: Ranges,
	kept: string[],
	kernelModule: KernelModule
): Program {
	const arena = new Arena();
	const sums = arena.take(SUMS_BYTES);
	const places = placeMaps(plan, kept, kernelModule.narrowBytes, arena);
	const border = Math.max(
		0,
		...plan.steps.map((step) => (step.kind === 'convolution' && !step.source ? step.padding : 0))
	);
	const imageRow = (image.width + 2 * border) * image.channels;
	const imageAddress = arena.take(2 * imageRow * (image.height + 2 * border));
	const placed = plan.steps.map((step) => ({
		step,
		at: step.kind === 'convolution' ? placeConstants(step, kernelModule, arena) : null
	}));
	const bytes = arena.pages * 65536;
	if (bytes > MOST_BYTES) throw new UnknownGraph('a model that is too large');

	const memory = new WebAssembly.Memory({ initial: arena.pages, maximum: arena.pages });
	const kernel = startKernel(kernelModule, memory);
	const placesOf = (name: string): MapPlaces => {
		const found = places.get(name);
		if (!found) throw new UnknownGraph(`no map ${name}`);
		return found;
	};
	const rangesOf = (name: string): Float32Array => {
		const found = ranges.maps.get(name);
		const right =
			found?.length === plan.shapes.get(name)?.channels &&
			found?.every((range) => range > 0 && range < Infinity);
		if (!found || !right) throw new UnknownGraph(`ranges of ${name}`);
		return found;
	};
	const write = (address: number, values: Float32Array | Uint32Array) =>
		new Uint8Array(memory.buffer).set(new Uint8Array(values.buffer), address);
	for (const [name, { narrow }] of places) {
		const shape = plan.shapes.get(name);
		if (!narrow || !shape) continue;
		const { border, rowBytes, pixelBytes, offsets } = narrow;
		const start = border * (rowBytes + pixelBytes);
		write(offsets, offsetsOf(shape, start, rowBytes, pixelBytes));
		write(
			narrow.perValues,
			rangesOf(name).map((range) => LEVELS / range)
		);
	}

	/** Where a step's results go. */
	const targetOf = (name: string) => {
		const { wide, narrow } = placesOf(name);
		return {
			wide,
			narrow: narrow?.address ?? 0,
			offsets: narrow?.offsets ?? 0,
			perValues: narrow?.perValues ?? 0
		};
	};

	const imageConvolution = (step: ConvolutionStep, at: Constants): Work => {
		const count = step.rows * step.columns * step.input.channels;
		const weight = graph.weight(step.weight);
		const packed = new Int16Array(memory.buffer, at.weights, packedLength(weight.shape, 2));
		const scales = packWeights(weight, 2, imageWeightLimit(count), packed);
		write(
			at.scales,
			scales.map((scale) => (scale * ranges.image) / IMAGE_LEVELS)
		);
		write(at.biases, graph.weight(step.bias).values);
		const rowBytes = 2 * imageRow;
		const pixelBytes = 2 * image.channels;
		const start = (border - step.padding) * (rowBytes + pixelBytes);
		write(
			at.offsets,
			offsetsOf(step.output, start, step.stride * rowBytes, step.stride * pixelBytes)
		);
		const steps = Math.ceil((step.columns * image.channels) / 2);
		const { wide } = placesOf(step.name);
		const { height, width, channels } = step.output;
		return {
			name: step.name,
			products: height * width * channels * count,
			run: () =>
				kernel.convolveImage(
					imageAddress,
					at.offsets,
					height * width,
					step.rows,
					steps,
					rowBytes - 4 * steps,
					at.weights,
					channels,
					at.scales,
					at.biases,
					wide,
					sums
				)
		};
	};

	const convolution = (step: ConvolutionStep, at: Constants): Work => {
		const source = placesOf(step.source).narrow;
		if (!source) throw new UnknownGraph(`no whole numbers of ${step.source}`);
		const count = step.rows * step.columns * step.input.channels;
		if (!sumFits(count)) throw new UnknownGraph(`sums of ${step.name}`);
		const weight = graph.weight(step.weight);
		scaleInputs(weight, rangesOf(step.source));
		const { group } = kernelModule;
		const packed = new Int8Array(memory.buffer, at.weights, packedLength(weight.shape, group));
		const scales = packWeights(weight, group, LEVELS, packed);
		write(
			at.scales,
			scales.map((scale) => scale / LEVELS)
		);
		write(at.biases, graph.weight(step.bias).values);
		const { rowBytes, pixelBytes } = source;
		const start = (source.border - step.padding) * (rowBytes + pixelBytes);
		write(
			at.offsets,
			offsetsOf(step.output, start, step.stride * rowBytes, step.stride * pixelBytes)
		);
		const kernelRow = step.columns * pixelBytes;
		const { height, width, channels } = step.output;
		const residual = step.residual === null ? 0 : placesOf(step.residual).wide;
		const target = targetOf(step.name);
		return {
			name: step.name,
			products: height * width * channels * count,
			run: () =>
				kernel.convolve(
					source.address,
					at.offsets,
					target.offsets,
					height * width,
					step.rows,
					kernelRow / 4,
					rowBytes - kernelRow,
					at.weights,
					channels,
					at.scales,
					at.biases,
					residual,
					step.relu,
					target.wide,
					target.narrow,
					target.perValues,
					sums
				)
		};
	};

	const pooling = ({ name, source, input }: PoolStep): Work => {
		const from = placesOf(source).wide;
		const { wide, narrow, offsets, perValues } = targetOf(name);
		const { height, width, channels } = input;
		return {
			name,
			products: 0,
			run: () => kernel.pool(from, height, width, channels, wide, narrow, offsets, perValues)
		};
	};

	const work = placed.map(({ step, at }) => {
		if (step.kind === 'pool' || !at) return pooling(step as PoolStep);
		return step.source === '' ? imageConvolution(step, at) : convolution(step, at);
	});
	const maps = new Map<string, Tensor>();
	for (const [name, { wide }] of places) {
		const shape = plan.shapes.get(name);
		if (!wide || !shape) continue;
		const { height, width, channels } = shape;
		const values = new Float32Array(memory.buffer, wide, height * width * channels);
		maps.set(name, { shape: [1, height, width, channels], values });
	}
	const values = new Int16Array(
		memory.buffer,
		imageAddress,
		imageRow * (image.height + 2 * border)
	);
	return { work, image: { values, shape: image, border }, maps, bytes };
}

/** Where a convolution's constants lie. */
interface Constants {
	weights: number;
	scales: number;
	biases: number;
	offsets: number;
}

function placeConstants(step: ConvolutionStep, kernel: KernelModule, arena: Arena): Constants {
	const { rows, columns, input, output, source } = step;
	const shape = [rows, columns, input.channels, output.channels];
	const weightBytes =
		source === '' ? 2 * packedLength(shape, 2) : packedLength(shape, kernel.group);
	return {
		weights: arena.take(weightBytes),
		scales: arena.take(4 * output.channels),
		biases: arena.take(4 * output.channels),
		offsets: arena.take(4 * offsetCount(output))
	};
}
