// Winograd's convolution in float32, to be measured against the integer kernel; not shipped.
import { inputColumn, outputColumn } from './transforms';

/** Rows of a product that are computed at a time, as many as the integer kernel's pixels. */
const ROWS: i32 = 6;

/**
 * Tiles of a padded map to [(size + 2)^2][tiles][channels].
 * @param size outputs of a tile's side, 2 or 4.
 * @param input float, (down x size + 2) x (across x size + 2) x channels.
 * @param down, across tiles.
 * @param scratch (size + 2)^2 x 16 bytes.
 */
export function transformInput(
	size: i32,
	input: usize,
	down: i32,
	across: i32,
	channels: i32,
	output: usize,
	scratch: usize
): void {
	const side = size + 2;
	const pixel: usize = 4 * channels;
	const row: usize = pixel * (across * size + 2);
	const plane: usize = pixel * (down * across);
	for (let y = 0; y < down; y++) {
		for (let x = 0; x < across; x++) {
			let from = input + row * (y * size) + pixel * (x * size);
			let to = output + pixel * (y * across + x);
			for (let channel = 0; channel < channels; channel += 4) {
				for (let i = 0; i < side; i++) {
					inputColumn(size, from + pixel * i, row, scratch + 16 * i, 16 * side);
				}
				for (let i = 0; i < side; i++) {
					inputColumn(size, scratch + 16 * side * i, 16, to + plane * (side * i), plane);
				}
				from += 16;
				to += 16;
			}
		}
	}
}

/**
 * Products of the transformed tiles and weights, one a place of the tile.
 * @param places (size + 2)^2.
 * @param input [places][tiles][channels].
 * @param weights [places][out / 8][channels][8].
 * @param output [places][tiles][out].
 */
export function multiply(
	places: i32,
	tiles: i32,
	channels: i32,
	out: i32,
	input: usize,
	weights: usize,
	output: usize
): void {
	for (let place = 0; place < places; place++) {
		for (let o = 0; o < out; o += 8) {
			// The last rows are computed twice where their number is no multiple.
			for (let first = 0; first < tiles; first += ROWS) {
				const tile = max(0, min(first, tiles - ROWS));
				multiplyRows(
					input + 4 * (tile * channels),
					channels,
					weights,
					output + 4 * (tile * out + o),
					4 * out
				);
			}
			weights += 32 * channels;
		}
		input += 4 * (tiles * channels);
		output += 4 * (tiles * out);
	}
}

function multiplyRows(
	input: usize,
	channels: i32,
	weights: usize,
	output: usize,
	outputRow: usize
): void {
	const row: usize = 4 * channels;
	let p0 = input;
	let p1 = input + row;
	let p2 = input + 2 * row;
	let p3 = input + 3 * row;
	let p4 = input + 4 * row;
	let p5 = input + 5 * row;
	let a0 = f32x4.splat(0);
	let b0 = f32x4.splat(0);
	let a1 = f32x4.splat(0);
	let b1 = f32x4.splat(0);
	let a2 = f32x4.splat(0);
	let b2 = f32x4.splat(0);
	let a3 = f32x4.splat(0);
	let b3 = f32x4.splat(0);
	let a4 = f32x4.splat(0);
	let b4 = f32x4.splat(0);
	let a5 = f32x4.splat(0);
	let b5 = f32x4.splat(0);
	for (let channel = 0; channel < channels; channel++) {
		const wa = v128.load(weights);
		const wb = v128.load(weights, 16);
		const x0 = v128.load32_splat(p0);
		a0 = f32x4.relaxed_madd(wa, x0, a0);
		b0 = f32x4.relaxed_madd(wb, x0, b0);
		const x1 = v128.load32_splat(p1);
		a1 = f32x4.relaxed_madd(wa, x1, a1);
		b1 = f32x4.relaxed_madd(wb, x1, b1);
		const x2 = v128.load32_splat(p2);
		a2 = f32x4.relaxed_madd(wa, x2, a2);
		b2 = f32x4.relaxed_madd(wb, x2, b2);
		const x3 = v128.load32_splat(p3);
		a3 = f32x4.relaxed_madd(wa, x3, a3);
		b3 = f32x4.relaxed_madd(wb, x3, b3);
		const x4 = v128.load32_splat(p4);
		a4 = f32x4.relaxed_madd(wa, x4, a4);
		b4 = f32x4.relaxed_madd(wb, x4, b4);
		const x5 = v128.load32_splat(p5);
		a5 = f32x4.relaxed_madd(wa, x5, a5);
		b5 = f32x4.relaxed_madd(wb, x5, b5);
		weights += 32;
		p0 += 4;
		p1 += 4;
		p2 += 4;
		p3 += 4;
		p4 += 4;
		p5 += 4;
	}
	v128.store(output, a0);
	v128.store(output, b0, 16);
	v128.store(output + outputRow, a1);
	v128.store(output + outputRow, b1, 16);
	v128.store(output + 2 * outputRow, a2);
	v128.store(output + 2 * outputRow, b2, 16);
	v128.store(output + 3 * outputRow, a3);
	v128.store(output + 3 * outputRow, b3, 16);
	v128.store(output + 4 * outputRow, a4);
	v128.store(output + 4 * outputRow, b4, 16);
	v128.store(output + 5 * outputRow, a5);
	v128.store(output + 5 * outputRow, b5, 16);
}

/**
 * Back to a map, with bias and ReLU.
 * @param input [(size + 2)^2][tiles][channels].
 * @param biases float a channel.
 * @param output float, (down x size) x (across x size) x channels.
 * @param scratch size x (size + 2) x 16 bytes, and as much again.
 */
export function transformOutput(
	size: i32,
	input: usize,
	down: i32,
	across: i32,
	channels: i32,
	biases: usize,
	output: usize,
	scratch: usize
): void {
	const side = size + 2;
	const pixel: usize = 4 * channels;
	const row: usize = pixel * (across * size);
	const plane: usize = pixel * (down * across);
	const finished = scratch + 16 * (size * side);
	for (let y = 0; y < down; y++) {
		for (let x = 0; x < across; x++) {
			const from = input + pixel * (y * across + x);
			const to = output + row * (y * size) + pixel * (x * size);
			for (let channel = 0; channel < channels; channel += 4) {
				const part: usize = 4 * channel;
				for (let i = 0; i < side; i++) {
					const column = from + part + plane * i;
					outputColumn(size, column, plane * side, scratch + 16 * i, 16 * side);
				}
				const bias = v128.load(biases + part);
				for (let i = 0; i < size; i++) {
					outputColumn(size, scratch + 16 * (side * i), 16, finished, 16);
					for (let j = 0; j < size; j++) {
						const value = f32x4.add(v128.load(finished + 16 * j), bias);
						v128.store(to + part + row * i + pixel * j, f32x4.pmax(value, f32x4.splat(0)));
					}
				}
			}
		}
	}
}
