/** The compiled kernel: which of its modules this machine runs, and its functions. */

/** Pixels that the kernel computes at a time (`assembly/tile.ts`). */
export const TILE_PIXELS = 6;
/** Output channels that it computes at a time. */
export const TILE_CHANNELS = 8;
/** What it keeps the sums of a tile in, bytes. */
export const SUMS_BYTES = 4 * TILE_PIXELS * TILE_CHANNELS;
/** The largest whole number of a narrow map: 7 bits. */
export const LEVELS = 127;
/** The same of an int16 map, and of the image, whose values are of both signs: 11 bits in 16. */
export const INT16_LEVELS = 2047;

/**
 * How products are summed: by the dot product of relaxed SIMD that adds in 32 bits (`relaxed`),
 * by the one of 16 bits, two steps at a time (`pairs`), or by plain SIMD. All give the same sums.
 */
export type Variant = 'relaxed' | 'pairs' | 'plain';

/** How weights lie in memory, as the kernel is told: see `assembly/convolution.ts`. */
export const FORMS = { steps: 0, int16: 1, pairs: 2 } as const;
export type Form = (typeof FORMS)[keyof typeof FORMS];

/** Functions of the module; addresses are bytes, see `assembly/` for each parameter. */
export interface Kernel {
	convolve(
		input: number,
		inputOffsets: number,
		narrowOffsets: number,
		pixels: number,
		rows: number,
		steps: number,
		skip: number,
		weights: number,
		form: Form,
		channels: number,
		scales: number,
		biases: number,
		residual: number,
		relu: boolean,
		wide: number,
		narrow: number,
		perValues: number,
		levels: number,
		sums: number
	): void;
	pool(
		input: number,
		height: number,
		width: number,
		channels: number,
		wide: number,
		narrow: number,
		narrowOffsets: number,
		perValues: number,
		levels: number
	): void;
	arrangePairs(block: number, rows: number, steps: number, rowWords: number, spare: number): void;
	enlarge(
		input: number,
		inputRow: number,
		height: number,
		width: number,
		pixelBytes: number,
		factor: number,
		output: number,
		outputRow: number,
		outputPixel: number
	): void;
}

/** A compiled module with what its weights and maps look like. */
export interface KernelModule {
	variant: Variant;
	/** Whether it works in a memory that several workers hold. */
	shared: boolean;
	module: WebAssembly.Module;
	/** Bytes of a value of a narrow map. */
	narrowBytes: 1 | 2;
	/** Input channels that one dot product takes. */
	group: 4 | 2;
	/** Of the weights of 8 bits. */
	form: Form;
}

/** A function of one relaxed integer dot product, 1 + 2 x i32x4, as a browser must accept it. */
// prettier-ignore
const RELAXED_DOT = Uint8Array.of(
	0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 20, 1, 18, 0,
	65, 0, 253, 17, 65, 0, 253, 17, 65, 0, 253, 17, 253, 147, 2, 26, 11
);
/** The same of plain SIMD. */
// prettier-ignore
const PLAIN_DOT = Uint8Array.of(
	0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 16, 1, 14, 0,
	65, 0, 253, 17, 65, 0, 253, 17, 253, 186, 1, 26, 11
);

/** What this machine accepts; none without SIMD. */
export function variantsHere(): Variant[] {
	if (WebAssembly.validate(RELAXED_DOT)) return ['relaxed', 'pairs', 'plain'];
	return WebAssembly.validate(PLAIN_DOT) ? ['plain'] : [];
}

/** Compile a module from its bytes. */
export async function kernelModule(
	variant: Variant,
	shared: boolean,
	bytes: BufferSource
): Promise<KernelModule> {
	const module = await WebAssembly.compile(bytes);
	return variant === 'plain'
		? { variant, shared, module, narrowBytes: 2, group: 2, form: FORMS.steps }
		: { variant, shared, module, narrowBytes: 1, group: 4, form: formOf(variant) };
}

function formOf(variant: Variant): Form {
	return variant === 'pairs' ? FORMS.pairs : FORMS.steps;
}

/**
 * A memory as a module wants it.
 * @param pages of 64 KiB, at first and at most.
 * @throws RangeError where there is no room.
 */
export function memoryFor(
	{ shared }: KernelModule,
	initial: number,
	maximum: number
): WebAssembly.Memory {
	return new WebAssembly.Memory({ initial, maximum, shared });
}

/** An instance that works in `memory`. */
export function startKernel({ module }: KernelModule, memory: WebAssembly.Memory): Kernel {
	const { exports } = new WebAssembly.Instance(module, { env: { memory } });
	return exports as unknown as Kernel;
}
