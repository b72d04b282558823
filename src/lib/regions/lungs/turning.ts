/**
 * Turns a film so that its lungs lie level: the same bits as
 * `fieldlens_training/regions/turning.py`.
 */
import { FILM_SIZE } from './mask';
import type { Axis } from './quality';

/** A place on the working film, pixels. */
export interface Place {
	x: number;
	y: number;
}

const HALF = FILM_SIZE / 2;

/**
 * Where a place of the turned film lies on the film as it is.
 * @param aspect width of the film as it was taken over its height.
 */
export function placeBefore({ x, y }: Place, { across, down }: Axis, aspect: number): Place {
	const length = Math.sqrt(across * across + down * down);
	const [cos, sin] = [across / length, down / length];
	const u = (x + 0.5 - HALF) * aspect;
	const v = y + 0.5 - HALF;
	return {
		x: (u * cos - v * sin) / aspect + HALF - 0.5,
		y: u * sin + v * cos + HALF - 0.5
	};
}

/** The film turned about its middle so that `axis` lies level; black where it was not taken. */
export function turnedBack(film: Uint8Array, axis: Axis, aspect: number): Uint8Array {
	const length = Math.sqrt(axis.across * axis.across + axis.down * axis.down);
	const [cos, sin] = [axis.across / length, axis.down / length];
	const greyAt = (x: number, y: number) =>
		x < 0 || y < 0 || x >= FILM_SIZE || y >= FILM_SIZE ? 0 : film[y * FILM_SIZE + x];
	const result = new Uint8Array(film.length);
	for (let y = 0, i = 0; y < FILM_SIZE; y++) {
		const v = y + 0.5 - HALF;
		for (let x = 0; x < FILM_SIZE; x++, i++) {
			const u = (x + 0.5 - HALF) * aspect;
			// In 1/256 pixel.
			const column = held((u * cos - v * sin) / aspect + HALF - 0.5);
			const row = held(u * sin + v * cos + HALF - 0.5);
			const [left, top] = [column >> 8, row >> 8];
			const [right, lower] = [column & 255, row & 255];
			const above = greyAt(left, top) * (256 - right) + greyAt(left + 1, top) * right;
			const below = greyAt(left, top + 1) * (256 - right) + greyAt(left + 1, top + 1) * right;
			result[i] = (above * (256 - lower) + below * lower + 32768) >> 16;
		}
	}
	return result;
}

function held(place: number): number {
	return Math.min(FILM_SIZE * 256, Math.max(-256, Math.floor(place * 256 + 0.5)));
}
