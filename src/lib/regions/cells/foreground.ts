/**
 * What is stained in a field, told from the clear background: the same bits as
 * `fieldlens_training/regions/cells/foreground.py`.
 */
import { shrunk, type Size } from './plane';

/** Where the flattened background lies, of 255. */
export const CLEAR = 200;
/** Tiles across and down by which the light is measured. */
const TILES = 6;
/** Hundredths of a tile that must be background for its light to be known. */
const LEAST_CLEAR = 8;
/** Hundredths of the way from the background to the typical cell that count as background. */
const REACH = 35;
/** Levels below the background that count as background at least. */
const LEAST_REACH = 8;
/** Levels between the background and what is stained; with less it is noise. */
const LEAST_CONTRAST = 12;

/** uint8 planes of a working picture. */
export interface Planes extends Size {
	red: Uint8Array;
	green: Uint8Array;
}

export interface Foreground extends Size {
	/** 1 where something is stained. */
	mask: Uint8Array;
	/** Green and red with even light: the background lies at `CLEAR`. */
	green: Uint8Array;
	red: Uint8Array;
	/** Flattened green of what is stained, its median. */
	stained: number;
}

/** Find what is stained. Haemoglobin absorbs green, so green has the highest contrast. */
export function foregroundOf(planes: Planes): Foreground {
	const { width, height } = planes;
	const size = { width, height };
	const dark = otsuOf(countsOf(planes.green));
	const bright = planes.green.map((value) => (value > dark ? 1 : 0));
	const clear = shrunk(shrunk(bright, size, 1), size, 1);
	const green = flattened(planes.green, clear, size);
	const red = flattened(planes.red, clear, size);
	const counts = countsOf(green.map((value) => Math.min(value, CLEAR + 5)));
	const threshold = otsuOf(counts);
	const stained = medianOf(counts.map((count, value) => (value <= threshold ? count : 0)));
	const reach = Math.max(LEAST_REACH, Math.floor(((CLEAR - stained) * REACH + 50) / 100));
	const limit = CLEAR - stained < LEAST_CONTRAST ? -1 : CLEAR - reach;
	const raw = green.map((value) => (value <= limit ? 1 : 0));
	// Opened: thin threads and single pixels go.
	const mask = shrunk(shrunk(raw, size, 1), size, 0);
	return { ...size, mask, green, red, stained };
}

/** How often each of 256 values occurs. */
export function countsOf(values: Uint8Array): Float64Array {
	const counts = new Float64Array(256);
	for (const value of values) counts[value]++;
	return counts;
}

/** The least value at or below which half of what is counted lies; 255 where there is nothing. */
export function medianOf(counts: Float64Array): number {
	const total = counts.reduce((sum, count) => sum + count, 0);
	let sum = 0;
	for (let value = 0; value < 256; value++) {
		sum += counts[value];
		if (total > 0 && sum * 2 >= total) return value;
	}
	return 255;
}

/** Otsu's threshold (1979): the last value of the darker class. */
export function otsuOf(counts: Float64Array): number {
	let [total, sum] = [0, 0];
	counts.forEach((count, value) => {
		total += count;
		sum += count * value;
	});
	let [below, belowSum, best, threshold] = [0, 0, -1, 0];
	for (let value = 0; value < 256; value++) {
		below += counts[value];
		belowSum += counts[value] * value;
		if (below === 0 || below === total) continue;
		const gap = belowSum * total - below * sum;
		const spread = (gap * gap) / (below * (total - below));
		if (spread > best) [best, threshold] = [spread, value];
	}
	return threshold;
}

/** A channel with its background at `CLEAR`. @param clear 1 where there is only background. */
function flattened(channel: Uint8Array, clear: Uint8Array, { width, height }: Size): Uint8Array {
	const light = lightOf(channel, clear, { width, height });
	const result = new Uint8Array(channel.length);
	const across = Array.from({ length: width }, (_, x) => placeOf(x, width));
	for (let y = 0; y < height; y++) {
		const place = placeOf(y, height);
		const upper = (place >> 8) * TILES;
		const lower = Math.min(TILES - 1, (place >> 8) + 1) * TILES;
		const down = place & 255;
		for (let x = 0; x < width; x++) {
			const left = across[x] >> 8;
			const right = Math.min(TILES - 1, left + 1);
			const share = across[x] & 255;
			const top = light[upper + left] * (256 - share) + light[upper + right] * share;
			const bottom = light[lower + left] * (256 - share) + light[lower + right] * share;
			const here = top * (256 - down) + bottom * down;
			const at = y * width + x;
			result[at] = Math.min(255, Math.floor((channel[at] * CLEAR * 65536) / here));
		}
	}
	return result;
}

/** Where a pixel lies between the middles of the tiles, in 256ths of a tile. */
function placeOf(at: number, length: number): number {
	const place = Math.floor(((2 * at + 1) * TILES * 128) / length) - 128;
	return Math.min((TILES - 1) * 256, Math.max(0, place));
}

/** The background of each tile, 1 to 255. */
function lightOf(channel: Uint8Array, clear: Uint8Array, { width, height }: Size): number[] {
	let light: (number | null)[] = [];
	for (let tile = 0; tile < TILES * TILES; tile++) {
		const [down, across] = [Math.floor(tile / TILES), tile % TILES];
		const [top, bottom] = [down, down + 1].map((i) => Math.floor((i * height) / TILES));
		const [left, right] = [across, across + 1].map((i) => Math.floor((i * width) / TILES));
		const counts = new Float64Array(256);
		let count = 0;
		for (let y = top; y < bottom; y++) {
			for (let x = left; x < right; x++) {
				if (clear[y * width + x] === 0) continue;
				counts[channel[y * width + x]]++;
				count++;
			}
		}
		const isKnown = count > 0 && count * 100 >= LEAST_CLEAR * (bottom - top) * (right - left);
		light.push(isKnown ? Math.max(1, medianOf(counts)) : null);
	}
	if (light.every((value) => value === null)) return light.map(() => 255);
	while (light.includes(null)) {
		const known = light;
		light = known.map((value, tile) => value ?? meanAround(known, tile));
	}
	return light.map((value) => value ?? 255);
}

/** The mean of the known tiles around one, rounded down; null where none is known. */
function meanAround(light: readonly (number | null)[], tile: number): number | null {
	const [row, column] = [Math.floor(tile / TILES), tile % TILES];
	let [sum, count] = [0, 0];
	light.forEach((value, other) => {
		const rows = Math.abs(Math.floor(other / TILES) - row);
		const columns = Math.abs((other % TILES) - column);
		if (value === null || rows > 1 || columns > 1) return;
		sum += value;
		count++;
	});
	return count === 0 ? null : Math.floor(sum / count);
}
