/** The kernel's calls for a packed network, and what they read and write in a lane's memory. */
import type { Tensor } from './head';
import { LEVELS, startKernel, type KernelModule } from './kernel';
import { gridsOf, known, PAGE, placeConstants, sizeOf, type Grid } from './layout';
import { placeMaps } from './maps';
import type { ConvolutionStep, JoinStep, PoolStep, Step } from './steps';
import type { PackedNetwork } from './weights';

/** One call of the kernel. */
export interface Work {
	step: Step;
	/** Products of one image. */
	products: number;
	run(): void;
}

export interface Program {
	/** In order; writes from the image's values to the maps. */
	work: Work[];
	/** The image's values, -INT16_LEVELS to INT16_LEVELS, in a border of zeros. */
	image: { values: Int16Array; grid: Grid };
	/** What the head reads: constants, and maps as floats, NHWC, that each run writes over. */
	tensors: Map<string, Tensor>;
	/** Of the constants, which lanes may share, and of what the lane has for itself. */
	bytes: { constants: number; maps: number };
}

/**
 * Make a lane's part of a network's memory, and the calls that work in it.
 * @param kernel the module that the network was packed for.
 * @throws RangeError where the memory has no room for another lane.
 */
export function makeProgram(network: PackedNetwork, kernelModule: KernelModule): Program {
	const { plan, memory, variant } = network;
	if (variant !== kernelModule.variant) throw new Error('weights of another module');
	const grids = gridsOf(network, kernelModule);
	const constants = placeConstants(network, grids);
	const { pages } = placeMaps(network, grids, constants.pages);
	// Growing is atomic: each lane gets a part that no other has.
	const maps = placeMaps(network, grids, memory.grow(pages));
	const kernel = startKernel(kernelModule, memory);

	/** Where a step's results go; 0 is nowhere. */
	const targetOf = (name: string) => ({
		wide: maps.wide.get(name) ?? 0,
		narrow: maps.narrow.get(name) ?? 0,
		levels: grids.get(name)?.levels ?? LEVELS,
		...(constants.narrow.get(name) ?? { offsets: 0, perValues: 0 })
	});

	const convolution = (step: ConvolutionStep): Work => {
		const { name, source, output, rows, columns, input, residual, relu } = step;
		const at = known(constants.convolutions.get(name), name);
		const from = known(maps.narrow.get(source), source);
		const grid = known(grids.get(source), source);
		const pixels = output.height * output.width;
		// A row of an image may end within a 32-bit word; its weights are 0 there.
		const steps = Math.ceil((columns * grid.pixelBytes) / 4);
		const skip = grid.rowBytes - 4 * steps;
		const added = residual === null ? 0 : known(maps.wide.get(residual), residual);
		const { wide, narrow, offsets, perValues, levels } = targetOf(name);
		const given = [
			...([from, at.offsets, offsets, pixels, rows, steps, skip, at.weights, grid.form] as const),
			...([output.channels, at.scales, at.biases, added, relu] as const),
			...([wide, narrow, perValues, levels, maps.sums] as const)
		] as const;
		const products = pixels * output.channels * rows * columns * input.channels;
		return { step, products, run: () => kernel.convolve(...given) };
	};

	const pooling = (step: PoolStep): Work => {
		const from = known(maps.wide.get(step.source), step.source);
		const { wide, narrow, offsets, perValues, levels } = targetOf(step.name);
		const { height, width, channels } = step.input;
		const run = () =>
			kernel.pool(from, height, width, channels, wide, narrow, offsets, perValues, levels);
		return { step, products: 0, run };
	};

	const joining = (step: JoinStep): Work => {
		const to = known(maps.narrow.get(step.name), step.name);
		const target = known(grids.get(step.name), step.name);
		let at = to + target.border * (target.rowBytes + target.pixelBytes);
		const calls = step.parts.map(({ source, factor, input }) => {
			const { border, rowBytes, pixelBytes } = known(grids.get(source), source);
			const from = known(maps.narrow.get(source), source) + border * (rowBytes + pixelBytes);
			const call = [
				...([from, rowBytes, input.height, input.width, pixelBytes, factor] as const),
				...([at, target.rowBytes, target.pixelBytes] as const)
			] as const;
			at += pixelBytes;
			return call;
		});
		const run = () => {
			for (const call of calls) kernel.enlarge(...call);
		};
		return { step, products: 0, run };
	};

	const workOf = (step: Step): Work => {
		if (step.kind === 'convolution') return convolution(step);
		return step.kind === 'pool' ? pooling(step) : joining(step);
	};

	const tensors = new Map<string, Tensor>();
	const addTensor = (name: string, address: number, shape: number[]) => {
		tensors.set(name, { shape, values: new Float32Array(memory.buffer, address, sizeOf(shape)) });
	};
	for (const [name, shape] of plan.constants) {
		addTensor(name, known(constants.head.get(name), name), shape);
	}
	for (const [name, address] of maps.wide) {
		const { height, width, channels } = known(plan.shapes.get(name), name);
		addTensor(name, address, [1, height, width, channels]);
	}
	const grid = known(grids.get(''), '');
	const length = (grid.rowBytes / 2) * (grid.shape.height + 2 * grid.border);
	const values = new Int16Array(memory.buffer, known(maps.narrow.get(''), ''), length);
	return {
		work: plan.steps.map(workOf),
		image: { values, grid },
		tensors,
		bytes: { constants: constants.pages * PAGE, maps: pages * PAGE }
	};
}
