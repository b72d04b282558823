// Outlines that people drew, to hold the app's regions and heat maps to.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decode } from 'fast-png';
import type { Polygon, Region } from '../../src/lib/regions/region.ts';
import { messageOf, Problem } from './problem.ts';

/** A drawn outline: 1 inside. */
export interface DrawnMask {
	width: number;
	height: number;
	inside: Uint8Array;
}

/** A heat map of a square of cells, over a part of the picture in fractions of it. */
export interface HeatMap {
	box: readonly [x: number, y: number, width: number, height: number];
	/** Cells along a side. */
	n: number;
	/** `n` x `n`, row after row. */
	values: Uint8Array;
}

/**
 * The outline of an image: `<folder>/<path without its ending>.png`, of 1 to 8 bits, one channel.
 * @returns null where there is none
 * @throws {Problem} for a file that is no such PNG
 */
export async function readMask(folder: string, path: string): Promise<DrawnMask | null> {
	const file = join(folder, path.replace(/\.[^.]+$/, '.png'));
	let bytes: Uint8Array;
	try {
		bytes = await readFile(file);
	} catch {
		return null;
	}
	try {
		const { width, height, depth, channels, data } = decode(bytes);
		if (channels !== 1 || depth > 8) throw new Error('an outline has one channel of 1 to 8 bits');
		const perByte = 8 / depth;
		const bytesARow = Math.ceil(width / perByte);
		const most = 2 ** depth - 1;
		const inside = Uint8Array.from({ length: width * height }, (_, i) => {
			const [x, y] = [i % width, Math.floor(i / width)];
			const byte = data[y * bytesARow + Math.floor(x / perByte)] ?? 0;
			const shift = 8 - depth * ((x % perByte) + 1);
			return ((byte >> shift) & most) * 2 > most ? 1 : 0;
		});
		return { width, height, inside };
	} catch (error) {
		throw new Problem(`${file}: ${messageOf(error)}`);
	}
}

/** Whether the hottest point of a map lies inside the outline; null for a map without heat. */
export function isHottestInside({ box, n, values }: HeatMap, mask: DrawnMask): boolean | null {
	const hottest = values.reduce((best, value, i) => (value > (values[best] ?? 0) ? i : best), 0);
	if ((values[hottest] ?? 0) === 0) return null;
	const x = box[0] + (((hottest % n) + 0.5) / n) * box[2];
	const y = box[1] + ((Math.floor(hottest / n) + 0.5) / n) * box[3];
	const column = Math.floor(x * mask.width);
	const row = Math.floor(y * mask.height);
	if (column < 0 || row < 0 || column >= mask.width || row >= mask.height) return false;
	return mask.inside[row * mask.width + column] === 1;
}

/** Dice coefficient of a found region with a drawn outline. */
export function agreementOf({ outlines }: Region, mask: DrawnMask): number {
	let [both, found, drawn] = [0, 0, 0];
	for (let row = 0; row < mask.height; row++) {
		for (let column = 0; column < mask.width; column++) {
			const place = [(column + 0.5) / mask.width, (row + 0.5) / mask.height] as const;
			const isFound = outlines.some((points) => isWithin(points, place));
			const isDrawn = mask.inside[row * mask.width + column] === 1;
			if (isFound) found++;
			if (isDrawn) drawn++;
			if (isFound && isDrawn) both++;
		}
	}
	return found + drawn === 0 ? 1 : (2 * both) / (found + drawn);
}

/** Even-odd rule. */
function isWithin(points: Polygon, [x, y]: readonly [number, number]): boolean {
	let within = false;
	let [lastX, lastY] = points.at(-1) ?? [0, 0];
	for (const [nextX, nextY] of points) {
		if (nextY > y !== lastY > y) {
			const crossing = nextX + ((y - nextY) / (lastY - nextY)) * (lastX - nextX);
			if (x < crossing) within = !within;
		}
		[lastX, lastY] = [nextX, nextY];
	}
	return within;
}

/** What the app's regions and maps have in common with drawn outlines. */
export interface MaskFigures {
	/** Images with an outline. */
	n: number;
	/** Mean Dice coefficient of the found regions; null where the model finds none. */
	dice: number | null;
	/** Images with a map, and the share of those whose hottest point lies inside; null without. */
	maps: number;
	hottestInside: number | null;
}

/**
 * @param regions and maps by the image's path below its folder
 */
export async function compareWithMasks(
	folder: string,
	paths: readonly string[],
	regions: ReadonlyMap<string, Region>,
	maps: ReadonlyMap<string, HeatMap>
): Promise<MaskFigures> {
	let n = 0;
	const agreements: number[] = [];
	const hits: boolean[] = [];
	for (const path of paths) {
		const mask = await readMask(folder, path);
		if (!mask) continue;
		n++;
		const region = regions.get(path);
		if (region) agreements.push(agreementOf(region, mask));
		const map = maps.get(path);
		const isInside = map ? isHottestInside(map, mask) : null;
		if (isInside !== null) hits.push(isInside);
	}
	if (n === 0) throw new Problem(`--masks: ${folder} has an outline of no image.`);
	return {
		n,
		dice: meanOf(agreements),
		maps: hits.length,
		hottestInside: meanOf(hits.map(Number))
	};
}

function meanOf(values: readonly number[]): number | null {
	return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
