/** A plan made ready to run: weights packed into a lane's memory, and the kernel's calls. */
import { UnknownGraph, type Graph } from './graph';
import type { Tensor } from './head';
import { FINE_LEVELS, LEVELS, startKernel, SUMS_BYTES, type KernelModule } from './kernel';
import { Arena, offsetCount, offsetsOf, placeMaps, type MapPlaces, type NarrowMap } from './layout';
import { fineWeightLimit, packedLength, packWeights, scaleInputs, sumFits } from './pack';
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
	/** The image's values, -FINE_LEVELS to FINE_LEVELS, in a border of zeros. */
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
	/** Those of them that need more than 7 bits. */
	fine: ReadonlySet<string>;
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
	const places = placeMaps(plan, kept, ranges.fine, kernelModule.narrowBytes, arena);
	const border = Math.max(
		0,
		...plan.steps.map((step) => (step.kind === 'convolution' && !step.source ? step.padding : 0))
	);
	const imageRow = (image.width + 2 * border) * image.channels;
	const imageMap: Source = {
		address: arena.take(2 * imageRow * (image.height + 2 * border)),
		levels: FINE_LEVELS,
		border,
		rowBytes: 2 * imageRow,
		pixelBytes: 2 * image.channels
	};
	const sourceOf = (name: string): Source => {
		const found = name === '' ? imageMap : places.get(name)?.narrow;
		if (!found) throw new UnknownGraph(`no whole numbers of ${name}`);
		return found;
	};
	const groupOf = ({ levels }: Source) => (levels > LEVELS ? 2 : kernelModule.group);
	const placed = plan.steps.map((step) => {
		if (step.kind === 'pool') return { step, at: null };
		const source = sourceOf(step.source);
		return { step, at: placeConstants(step, source.levels > LEVELS, groupOf(source), arena) };
	});
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
		if (name === '') return new Float32Array(image.channels).fill(ranges.image);
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
		const { levels, border, rowBytes, pixelBytes, offsets } = narrow;
		const start = border * (rowBytes + pixelBytes);
		write(offsets, offsetsOf(shape, start, rowBytes, pixelBytes));
		write(
			narrow.perValues,
			rangesOf(name).map((range) => levels / range)
		);
	}

	/** Where a step's results go. */
	const targetOf = (name: string) => {
		const { wide, narrow } = placesOf(name);
		return {
			wide,
			narrow: narrow?.address ?? 0,
			offsets: narrow?.offsets ?? 0,
			perValues: narrow?.perValues ?? 0,
			levels: narrow?.levels ?? LEVELS
		};
	};

	const convolution = (step: ConvolutionStep, at: Constants): Work => {
		const source = sourceOf(step.source);
		const { levels, rowBytes, pixelBytes } = source;
		const count = step.rows * step.columns * step.input.channels;
		if (!sumFits(count, levels)) throw new UnknownGraph(`sums of ${step.name}`);
		const weight = graph.weight(step.weight);
		scaleInputs(weight, rangesOf(step.source));
		const fine = levels > LEVELS;
		const group = groupOf(source);
		const Packed = fine ? Int16Array : Int8Array;
		const packed = new Packed(memory.buffer, at.weights, packedLength(weight.shape, group));
		const scales = packWeights(weight, group, fine ? fineWeightLimit(count) : LEVELS, packed);
		write(
			at.scales,
			scales.map((scale) => scale / levels)
		);
		write(at.biases, graph.weight(step.bias).values);
		const start = (source.border - step.padding) * (rowBytes + pixelBytes);
		write(
			at.offsets,
			offsetsOf(step.output, start, step.stride * rowBytes, step.stride * pixelBytes)
		);
		const steps = Math.ceil((step.columns * pixelBytes) / 4);
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
					steps,
					rowBytes - 4 * steps,
					at.weights,
					fine,
					channels,
					at.scales,
					at.biases,
					residual,
					step.relu,
					target.wide,
					target.narrow,
					target.perValues,
					target.levels,
					sums
				)
		};
	};

	const pooling = ({ name, source, input }: PoolStep): Work => {
		const from = placesOf(source).wide;
		const { wide, narrow, offsets, perValues, levels } = targetOf(name);
		const { height, width, channels } = input;
		return {
			name,
			products: 0,
			run: () =>
				kernel.pool(from, height, width, channels, wide, narrow, offsets, perValues, levels)
		};
	};

	const work = placed.map(({ step, at }) => {
		if (step.kind === 'pool' || !at) return pooling(step as PoolStep);
		return convolution(step, at);
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
		imageMap.address,
		imageRow * (image.height + 2 * border)
	);
	return { work, image: { values, shape: image, border }, maps, bytes };
}

/** What a convolution reads: a map, or the image. */
type Source = Omit<NarrowMap, 'offsets' | 'perValues'>;

/** Where a convolution's constants lie. */
interface Constants {
	weights: number;
	scales: number;
	biases: number;
	offsets: number;
}

function placeConstants(
	{ rows, columns, input, output }: ConvolutionStep,
	fine: boolean,
	group: number,
	arena: Arena
): Constants {
	const count = packedLength([rows, columns, input.channels, output.channels], group);
	return {
		weights: arena.take(fine ? 2 * count : count),
		scales: arena.take(4 * output.channels),
		biases: arena.take(4 * output.channels),
		offsets: arena.take(4 * offsetCount(output))
	};
}
