/**
 * Which places a score came from: how far the log-odds fall when a patch of the picture is blurred
 * (Zeiler and Fergus 2014, "Visualizing and Understanding Convolutional Networks"). The same bits
 * as `fieldlens_training/explanation/occlusion.py`, which says how. Pure.
 */
import { cellSamples, mixed } from './heat-map';

/** Cells of the map in a row, and in a column. */
export const MAP_CELLS = 8;
/** Cells that a patch is wide and high. */
const PATCH = 2;
/** Parts of equal area that a map is tested on. */
const PARTS = 5;
/** Readings that a map takes at most: the picture, each patch, each part. */
export const MOST_READINGS = 1 + (MAP_CELLS - PATCH + 1) ** 2 + PARTS;
/** Outside the lungs all is 0; outside a cell that was cut out nearly so. */
const DARKEST = { grey: 0, colour: 40 };

/** What a classifier reads: `size * size * channels` bytes. */
export interface ReadPicture {
	pixels: Uint8Array;
	/** Its side, pixels. */
	size: number;
	channels: number;
}

/** The upper left cell of a patch. */
interface Patch {
	row: number;
	column: number;
}

/** Where a picture is read, and its blurred copy. */
interface Blurred {
	/** 1 where it is not black. */
	area: Uint8Array;
	pixels: Uint8Array;
}

/** A picture once for each patch with that patch blurred. */
export interface Occlusions {
	pictures: Uint8Array[];
	patches: Patch[];
}

/** Where a picture is not black: 1, else 0. */
export function readArea({ pixels, size, channels }: ReadPicture): Uint8Array {
	const darkest = channels === 1 ? DARKEST.grey : DARKEST.colour;
	const area = new Uint8Array(size * size);
	for (let i = 0; i < area.length; i++) {
		for (let c = 0; c < channels; c++) if (pixels[i * channels + c] > darkest) area[i] = 1;
	}
	return area;
}

/** Each pixel of the read area becomes the area's mean around it. */
export function blurred(picture: ReadPicture): Blurred {
	const { pixels, size, channels } = picture;
	const area = readArea(picture);
	const radius = Math.floor(size / 4);
	const counts = windowSums(area, size, radius);
	const result = pixels.slice();
	const channel = new Uint8Array(size * size);
	for (let c = 0; c < channels; c++) {
		for (let i = 0; i < area.length; i++) channel[i] = area[i] ? pixels[i * channels + c] : 0;
		const sums = windowSums(channel, size, radius);
		for (let i = 0; i < area.length; i++) {
			if (!area[i]) continue;
			result[i * channels + c] = Math.floor((2 * sums[i] + counts[i]) / (2 * counts[i]));
		}
	}
	return { area, pixels: result };
}

/** Sums over the square of `2 radius + 1` pixels around each, cut at the picture's edge. */
function windowSums(values: Uint8Array, size: number, radius: number): Int32Array {
	const side = size + 1;
	const totals = new Int32Array(side * side);
	for (let y = 0; y < size; y++) {
		for (let x = 0, row = 0; x < size; x++) {
			row += values[y * size + x];
			totals[(y + 1) * side + x + 1] = totals[y * side + x + 1] + row;
		}
	}
	const result = new Int32Array(size * size);
	for (let y = 0; y < size; y++) {
		const top = Math.max(0, y - radius) * side;
		const bottom = Math.min(size, y + radius + 1) * side;
		for (let x = 0; x < size; x++) {
			const left = Math.max(0, x - radius);
			const right = Math.min(size, x + radius + 1);
			const inside = totals[bottom + right] - totals[bottom + left];
			result[y * size + x] = inside - totals[top + right] + totals[top + left];
		}
	}
	return result;
}

/** The pixel at which a cell begins. */
const startOf = (cell: number, size: number) => Math.floor((cell * size) / MAP_CELLS);

/** The picture with one patch after the other blurred; patches without a read pixel are left out. */
export function occlusionsOf(picture: ReadPicture, blur: Blurred): Occlusions {
	const { pixels, size, channels } = picture;
	const found: Occlusions = { pictures: [], patches: [] };
	for (let row = 0; row <= MAP_CELLS - PATCH; row++) {
		for (let column = 0; column <= MAP_CELLS - PATCH; column++) {
			const [left, right] = [startOf(column, size), startOf(column + PATCH, size)];
			const copy = pixels.slice();
			let isRead = false;
			for (let y = startOf(row, size); y < startOf(row + PATCH, size); y++) {
				const [from, to] = [y * size + left, y * size + right];
				isRead ||= blur.area.subarray(from, to).includes(1);
				copy.set(blur.pixels.subarray(from * channels, to * channels), from * channels);
			}
			if (!isRead) continue;
			found.pictures.push(copy);
			found.patches.push({ row, column });
		}
	}
	return found;
}

/** Mean fall of the log-odds over the patches that cover each cell; 0 where none does. */
export function cellValues(patches: readonly Patch[], falls: ArrayLike<number>): Float64Array {
	const sums = new Float64Array(MAP_CELLS * MAP_CELLS);
	const counts = new Float64Array(MAP_CELLS * MAP_CELLS);
	patches.forEach(({ row, column }, i) => {
		for (let y = row; y < row + PATCH; y++) {
			for (let x = column; x < column + PATCH; x++) {
				sums[y * MAP_CELLS + x] += falls[i];
				counts[y * MAP_CELLS + x]++;
			}
		}
	});
	return sums.map((sum, i) => sum / Math.max(1, counts[i]));
}

/** The picture once for each fifth of the read area with that fifth blurred, the hottest first. */
export function partsOf(
	{ pixels, size, channels }: ReadPicture,
	blur: Blurred,
	values: Float64Array
): Uint8Array[] {
	const order = rankedPixels(values, blur.area, size);
	return Array.from({ length: PARTS }, (_, part) => {
		const copy = pixels.slice();
		const end = Math.floor(((part + 1) * order.length) / PARTS);
		for (let k = Math.floor((part * order.length) / PARTS); k < end; k++) {
			const at = order[k] * channels;
			copy.set(blur.pixels.subarray(at, at + channels), at);
		}
		return copy;
	});
}

/** The area's pixels, the hottest first, equal ones in reading order. */
function rankedPixels(values: Float64Array, area: Uint8Array, size: number): Uint32Array {
	const samples = cellSamples(MAP_CELLS, size);
	const heat = new Float64Array(size * size);
	const inside: number[] = [];
	for (let y = 0; y < size; y++) {
		const { low: top, high: bottom, share: dy } = samples[y];
		for (let x = 0; x < size; x++) {
			if (!area[y * size + x]) continue;
			const { low: left, high: right, share: dx } = samples[x];
			const upper = mixed(values[top * MAP_CELLS + left], values[top * MAP_CELLS + right], dx);
			const lower = mixed(
				values[bottom * MAP_CELLS + left],
				values[bottom * MAP_CELLS + right],
				dx
			);
			heat[y * size + x] = mixed(upper, lower, dy);
			inside.push(y * size + x);
		}
	}
	return Uint32Array.from(inside).sort((a, b) => heat[b] - heat[a] || a - b);
}

/**
 * Whether a map may be shown: blurring the hottest fifth lowers the log-odds, and more than
 * blurring any other.
 * @param falls of the log-odds, the hottest fifth first.
 */
export function isSupported(falls: ArrayLike<number>): boolean {
	const [hottest, ...others] = Array.from(falls);
	return hottest > 0 && hottest > Math.max(...others);
}

/** Bytes for keeping: 0 where nothing speaks for the finding, 255 at the hottest cell. */
export function packCells(values: Float64Array): Uint8Array {
	const most = Math.max(...values);
	if (most <= 0) return new Uint8Array(values.length);
	return Uint8Array.from(values, (value) => Math.floor((255 * Math.max(0, value)) / most + 0.5));
}

/** Reads pictures; their log-odds, in order. */
type Read = (pictures: readonly Uint8Array[]) => Promise<ArrayLike<number>>;

/**
 * The places that a picture's score came from, as bytes of `MAP_CELLS` squared cells; null where
 * the map fails its own test: then no place counted more than the others.
 * @param read may throw; what it throws is passed on.
 */
export async function explain(picture: ReadPicture, read: Read): Promise<Uint8Array | null> {
	const blur = blurred(picture);
	const { pictures, patches } = occlusionsOf(picture, blur);
	if (patches.length === 0) return null;
	const [whole, ...occluded] = Array.from(await read([picture.pixels, ...pictures]));
	const fallTo = (logOdds: number) => whole - logOdds;
	const values = cellValues(patches, occluded.map(fallTo));
	const parts = Array.from(await read(partsOf(picture, blur, values)));
	return isSupported(parts.map(fallTo)) ? packCells(values) : null;
}
