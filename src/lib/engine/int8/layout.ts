/** Where everything of a model lies in a lane's memory; nothing is allocated after that. */
import { FINE_LEVELS, LEVELS, SUMS_BYTES, TILE_PIXELS } from './kernel';
import type { MapShape, Plan } from './plan';

/** A map as whole numbers with a border of zeros, for convolutions to read. */
export interface NarrowMap {
	address: number;
	/** The largest whole number: LEVELS, or FINE_LEVELS in 16 bits. */
	levels: number;
	/** Pixels around the map. */
	border: number;
	/** From one row to the next. */
	rowBytes: number;
	pixelBytes: number;
	/** u32 a pixel, from `address`. */
	offsets: number;
	/** Float a channel: the whole number that a value of 1 becomes. */
	perValues: number;
}

/** A map's places; 0 where it is not kept in that form. */
export interface MapPlaces {
	wide: number;
	narrow: NarrowMap | null;
}

/** Hands out addresses; 0 is never one of them. */
export class Arena {
	private end = 64;

	/** @returns an address that is a multiple of 64. */
	take(bytes: number): number {
		const address = this.end;
		this.end = Math.ceil((address + bytes) / 64) * 64;
		return address;
	}

	/** 64 KiB pages of all that was taken; a dot product may read a little past the last map. */
	get pages(): number {
		return Math.ceil((this.end + SUMS_BYTES) / 65536);
	}
}

/**
 * Give each map its places: as floats where a sum, the pooling or the head reads it, as whole
 * numbers where a convolution does.
 * @param kept maps that are read from outside.
 * @param fine maps whose whole numbers have 16 bits.
 * @param narrowBytes of a whole number of the others.
 */
export function placeMaps(
	plan: Plan,
	kept: string[],
	fine: ReadonlySet<string>,
	narrowBytes: number,
	arena: Arena
): Map<string, MapPlaces> {
	const wide = new Set([...kept, ...plan.head.flatMap(({ inputs }) => inputs)]);
	const borders = new Map<string, number>();
	for (const step of plan.steps) {
		if (step.kind === 'pool') {
			wide.add(step.source);
		} else if (step.source === '') {
			wide.add(step.name);
		} else {
			if (step.residual !== null) wide.add(step.residual);
			borders.set(step.source, Math.max(step.padding, borders.get(step.source) ?? 0));
		}
	}
	const places = new Map<string, MapPlaces>();
	for (const [name, shape] of plan.shapes) {
		const border = borders.get(name);
		places.set(name, {
			wide: wide.has(name) ? arena.take(4 * shape.height * shape.width * shape.channels) : 0,
			narrow:
				border === undefined
					? null
					: fine.has(name)
						? placeNarrow(shape, border, FINE_LEVELS, 2, arena)
						: placeNarrow(shape, border, LEVELS, narrowBytes, arena)
		});
	}
	return places;
}

function placeNarrow(
	{ height, width, channels }: MapShape,
	border: number,
	levels: number,
	bytes: number,
	arena: Arena
): NarrowMap {
	const pixelBytes = channels * bytes;
	const rowBytes = (width + 2 * border) * pixelBytes;
	return {
		address: arena.take(rowBytes * (height + 2 * border)),
		levels,
		border,
		rowBytes,
		pixelBytes,
		offsets: arena.take(4 * offsetCount({ height, width })),
		perValues: arena.take(4 * channels)
	};
}

type Sides = Pick<MapShape, 'height' | 'width'>;

/** Offsets of a map's pixels, filled up to whole tiles. */
export function offsetCount({ height, width }: Sides): number {
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
