/**
 * Where a model's constants lie: first in the memory, written once, shared by the lanes of an
 * isolated page. A lane's maps lie behind them (`maps.ts`). Places follow from the plan alone,
 * so that lanes agree on them without a word.
 */
import {
	FORMS,
	INT16_LEVELS,
	LEVELS,
	SUMS_BYTES,
	TILE_PIXELS,
	type Form,
	type KernelModule
} from './kernel';
import { UnknownGraph } from './graph';
import { packedLength } from './pack';
import { pairedBytes, spareBytes } from './pairs';
import type { Plan } from './plan';
import { narrowSources, type MapShape } from './steps';

/** All of a network that decides where its parts lie. */
export interface Outline {
	plan: Plan;
	/** Maps that are wanted beside those that the plan's head reads. */
	kept: string[];
	/** Maps whose whole numbers have 16 bits. */
	int16: ReadonlySet<string>;
}

/** Bytes of a page of memory. */
export const PAGE = 65536;

/** Hands out addresses from `start` on; 0 is never one of them. */
export class Arena {
	constructor(private end = 64) {}

	/** @returns an address that is a multiple of 64. */
	take(bytes: number): number {
		const address = this.end;
		this.end = Math.ceil((address + bytes) / 64) * 64;
		return address;
	}

	/** 64 KiB pages up to here; a dot product may read a little past the last map. */
	get pages(): number {
		return Math.ceil((this.end + SUMS_BYTES) / PAGE);
	}
}

/** How a map of whole numbers lies in its border of zeros. */
export interface Grid {
	shape: MapShape;
	/** The largest whole number: LEVELS, or INT16_LEVELS in 16 bits. */
	levels: number;
	/** Values that one dot product takes of a pixel, and that lie together in the weights. */
	group: number;
	/** Of the weights that it is multiplied with. */
	form: Form;
	/** Pixels around the map. */
	border: number;
	/** From one row to the next. */
	rowBytes: number;
	pixelBytes: number;
}

/** Addresses of a convolution's constants. */
interface ConvolutionConstants {
	weights: number;
	/** Float an output channel. */
	scales: number;
	/** Float an output channel. */
	biases: number;
	/** u32 a pixel of the output, into the map that is read. */
	offsets: number;
}

/** Addresses of what belongs to a map that a convolution reads. */
interface NarrowConstants {
	/** u32 a pixel, from the map's address. */
	offsets: number;
	/** Float a channel: the whole number that a value of 1 becomes. */
	perValues: number;
}

/** Addresses of all that is written once, by the names of steps, maps and nodes. */
export interface ConstantPlaces {
	convolutions: Map<string, ConvolutionConstants>;
	narrow: Map<string, NarrowConstants>;
	/** Floats. */
	head: Map<string, number>;
	/** What packing in pairs works in. */
	spare: number;
	pages: number;
}

/** The grids of the maps that convolutions read, the image's ('') among them, which is int16. */
export function gridsOf(
	{ plan, int16 }: Outline,
	{ narrowBytes, group, form }: KernelModule
): Map<string, Grid> {
	const grids = new Map<string, Grid>();
	const isInt16 = int16Of(plan, int16);
	for (const step of plan.steps) {
		const padding = step.kind === 'convolution' ? step.padding : 0;
		for (const source of narrowSources(step)) {
			const shape = source === '' ? plan.image : known(plan.shapes.get(source), source);
			const border = Math.max(padding, grids.get(source)?.border ?? 0);
			const values = isInt16(source)
				? { levels: INT16_LEVELS, group: 2, form: FORMS.int16 }
				: { levels: LEVELS, group, form };
			const pixelBytes = shape.channels * (isInt16(source) ? 2 : narrowBytes);
			const rowBytes = (shape.width + 2 * border) * pixelBytes;
			grids.set(source, { shape, ...values, border, rowBytes, pixelBytes });
		}
	}
	return grids;
}

/**
 * Which maps have 16 bits: the image, those that are said to, and joins of such.
 * @throws UnknownGraph for a join of maps of both kinds.
 */
function int16Of({ steps }: Plan, said: ReadonlySet<string>): (name: string) => boolean {
	const int16 = new Set(['', ...said]);
	for (const step of steps) {
		if (step.kind !== 'join') continue;
		const [first, ...others] = step.parts.map(({ source }) => int16.has(source));
		if (others.some((other) => other !== first)) {
			throw new UnknownGraph(`${step.name} joins maps of 7 and of 16 bits`);
		}
		if (first) int16.add(step.name);
		else int16.delete(step.name);
	}
	return (name) => int16.has(name);
}

/** Places of the constants, from the start of the memory. */
export function placeConstants(
	{ plan }: Outline,
	grids: ReadonlyMap<string, Grid>
): ConstantPlaces {
	const arena = new Arena();
	const convolutions = new Map<string, ConvolutionConstants>();
	let spareLength = 0;
	for (const step of plan.steps) {
		if (step.kind !== 'convolution') continue;
		const { rows, columns, input, output, source } = step;
		const shape = [rows, columns, input.channels, output.channels];
		const { form, group } = known(grids.get(source), source);
		if (form === FORMS.pairs) spareLength = Math.max(spareLength, spareBytes(shape));
		convolutions.set(step.name, {
			weights: arena.take(weightBytes(shape, group, form)),
			scales: arena.take(4 * output.channels),
			biases: arena.take(4 * output.channels),
			offsets: arena.take(4 * offsetCount(output))
		});
	}
	const narrow = new Map<string, NarrowConstants>();
	// Joins are copied, whole number by whole number.
	const joins = new Set(plan.steps.flatMap(({ kind, name }) => (kind === 'join' ? [name] : [])));
	for (const [name, { shape }] of grids) {
		if (name === '' || joins.has(name)) continue;
		narrow.set(name, {
			offsets: arena.take(4 * offsetCount(shape)),
			perValues: arena.take(4 * shape.channels)
		});
	}
	const head = new Map<string, number>();
	for (const [name, shape] of plan.constants) head.set(name, arena.take(4 * sizeOf(shape)));
	return { convolutions, narrow, head, spare: arena.take(spareLength), pages: arena.pages };
}

/** Bytes of a convolution's weights. @param shape [rows, columns, in, out]. */
function weightBytes(shape: number[], group: number, form: Form): number {
	if (form === FORMS.pairs) return pairedBytes(shape);
	return (form === FORMS.int16 ? 2 : 1) * packedLength(shape, group);
}

/** What follows from the plan is there. @throws UnknownGraph */
export function known<T>(found: T | undefined, name: string): T {
	if (found === undefined) throw new UnknownGraph(`no place for ${name || 'the image'}`);
	return found;
}

/** Values of a shape. */
export function sizeOf(shape: number[]): number {
	return shape.reduce((size, side) => size * side, 1);
}

type Sides = Pick<MapShape, 'height' | 'width'>;

/** Offsets of a map's pixels, filled up to whole tiles. */
function offsetCount({ height, width }: Sides): number {
	return Math.ceil((height * width) / TILE_PIXELS) * TILE_PIXELS;
}

/**
 * Offsets of an output's pixels in a padded map: where each one's kernel begins.
 * @param start of the first pixel's kernel in the map, bytes.
 * @param down, across bytes from a pixel to the one below, and to the next.
 * @returns filled up with the last one to a multiple of a tile.
 */
export function offsetsOf(
	{ height, width }: Sides,
	start: number,
	down: number,
	across: number
): Uint32Array {
	const pixels = height * width;
	const offsets = new Uint32Array(offsetCount({ height, width }));
	for (let i = 0; i < offsets.length; i++) {
		const pixel = Math.min(i, pixels - 1);
		offsets[i] = start + Math.floor(pixel / width) * down + (pixel % width) * across;
	}
	return offsets;
}
