/**
 * From full-size pixels to a resized channel in SIMD, with the same bits as `channels.ts` and
 * `resize.ts`, which stay as the way of browsers without it. Source, weights and result lie in
 * the module's own memory, the source some rows at a time: it grows with the sides of an image,
 * not with its area.
 */
import inputUrl from './modules/input.wasm?url&no-inline';
import { channelOf, greyOf } from './channels';
import { isHeightFirst, resizeChannel, weightsOf, type Weights } from './resize';

/** Interleaved pixels, `stride` values each; grey images have stride 1. */
export interface Raster {
	width: number;
	height: number;
	stride: number;
	data: Uint8Array | Uint8ClampedArray;
}

/** What is resized: the luma of a picture, or one of its channels. */
export type Plane = 'grey' | 0 | 1 | 2;

/** Gives one plane of a raster, uint8, `outWidth * outHeight`, as Pillow resizes it. */
export type Resize = (
	raster: Raster,
	plane: Plane,
	outWidth: number,
	outHeight: number
) => Uint8Array;

/** Functions of the module; addresses are bytes, see `assembly/` for each parameter. */
interface Exports {
	greyOf(source: number, stride: number, count: number, out: number): void;
	channelOf(source: number, stride: number, channel: number, count: number, out: number): void;
	resizeRows(
		source: number,
		rows: number,
		width: number,
		starts: number,
		groups: number,
		weights: number,
		outWidth: number,
		out: number
	): void;
	resizeColumns(
		source: number,
		width: number,
		starts: number,
		pairs: number,
		weights: number,
		outHeight: number,
		out: number
	): void;
}

/** Rows of the source that are in the module's memory at a time; a multiple of four. */
const STRIP_ROWS = 32;
/** Samples that one step of each pass sums (`assembly/resize.ts`). */
const ACROSS = 8;
const DOWN = 2;
/** Bits of the lower part of a weight. */
const LOW_BITS = 14;
/** What the module reads or writes beyond the end of a buffer at most, beside whole rows. */
const SLACK = 64;
const PAGE_BYTES = 65_536;
/** Tables that are kept: the channels of a picture, and the cells of a field, are of few sizes. */
const MOST_TABLES = 32;

/** One plane as TypeScript makes it. */
export const resizePlain: Resize = (raster, plane, outWidth, outHeight) => {
	const { width, height, stride, data } = raster;
	const source =
		stride === 1 ? data : plane === 'grey' ? greyOf(data, stride) : channelOf(data, stride, plane);
	return resizeChannel(source, width, height, outWidth, outHeight);
};

/** The module's way where it can be loaded, else TypeScript's. */
export async function fetchResize(): Promise<Resize> {
	try {
		const answer = await fetch(inputUrl);
		return answer.ok ? await simdResize(await answer.arrayBuffer()) : resizePlain;
	} catch {
		return resizePlain;
	}
}

/**
 * @param bytes the compiled module.
 * @returns a function that throws RangeError where a raster holds less than it says.
 * @throws WebAssembly.CompileError without SIMD.
 */
export async function simdResize(bytes: BufferSource): Promise<Resize> {
	const memory = new WebAssembly.Memory({ initial: 16 });
	const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
	const module = instance.exports as unknown as Exports;
	const tables = new Tables();
	return (raster, plane, outWidth, outHeight) => {
		const { width, height } = raster;
		// The passes the other way round would want all of the source at once.
		return isHeightFirst(width, height, outWidth, outHeight)
			? resizePlain(raster, plane, outWidth, outHeight)
			: resizeIn(memory, module, tables, raster, plane, outWidth, outHeight);
	};
}

function resizeIn(
	memory: WebAssembly.Memory,
	module: Exports,
	tables: Tables,
	raster: Raster,
	plane: Plane,
	outWidth: number,
	outHeight: number
): Uint8Array {
	const { width, height, stride, data } = raster;
	// The rest would be what is left of another image.
	if (data.length < width * height * stride) throw new RangeError('the picture is not whole');
	const across = outWidth === width ? null : tables.of(width, outWidth, ACROSS);
	const down = outHeight === height ? null : tables.of(height, outHeight, DOWN);
	const isCopied = stride === 1;
	const rowBytes = width * stride;

	const places = new Places();
	const strip = places.take(STRIP_ROWS * rowBytes);
	const plain = isCopied ? strip : places.take(STRIP_ROWS * width);
	const acrossAt = across ? places.takeTable(across) : null;
	const downAt = down ? places.takeTable(down) : null;
	const middle = places.take((height + STRIP_ROWS) * outWidth);
	const result = down ? places.take(outWidth * outHeight) : middle;
	grow(memory, places.end);
	const bytes = new Uint8Array(memory.buffer);
	if (across && acrossAt) putTable(memory, across, acrossAt);
	if (down && downAt) putTable(memory, down, downAt);

	for (let row = 0; row < height; row += STRIP_ROWS) {
		const rows = Math.min(STRIP_ROWS, height - row);
		const target = middle + row * outWidth;
		const from = row * rowBytes;
		bytes.set(data.subarray(from, from + rows * rowBytes), strip);
		if (!isCopied) {
			if (plane === 'grey') module.greyOf(strip, stride, rows * width, plain);
			else module.channelOf(strip, stride, plane, rows * width, plain);
		}
		if (acrossAt) {
			const { starts, counts, weights } = acrossAt;
			module.resizeRows(plain, rows, width, starts, counts, weights, outWidth, target);
		} else {
			bytes.copyWithin(target, plain, plain + rows * width);
		}
	}
	if (downAt) {
		const { starts, counts, weights } = downAt;
		module.resizeColumns(middle, outWidth, starts, counts, weights, outHeight, result);
	}
	return bytes.slice(result, result + outWidth * outHeight);
}

/** Weights as the module reads them: whole steps, the rest of the last one being 0. */
interface Table {
	starts: Int32Array;
	/** Steps of each output sample. */
	counts: Int32Array;
	/** A step's lower parts, then its higher ones. */
	weights: Int16Array;
}

interface TablePlaces {
	starts: number;
	counts: number;
	weights: number;
}

/** The tables that were made last. */
class Tables {
	readonly #kept = new Map<string, Table>();

	/** @param step samples that the module sums at a time. */
	of(size: number, outSize: number, step: number): Table {
		const key = `${size} ${outSize} ${step}`;
		let table = this.#kept.get(key);
		if (!table) {
			table = tableOf(weightsOf(size, outSize), step);
			if (this.#kept.size === MOST_TABLES) this.#kept.clear();
			this.#kept.set(key, table);
		}
		return table;
	}
}

/** @param step samples that the module sums at a time. */
function tableOf({ start, length, values, stride }: Weights, step: number): Table {
	const counts = length.map((taps) => Math.ceil(taps / step));
	const weights = new Int16Array(2 * step * counts.reduce((sum, count) => sum + count, 0));
	let at = 0;
	for (let out = 0; out < start.length; out++) {
		for (let tap = 0; tap < counts[out] * step; tap++) {
			const weight = tap < length[out] ? values[out * stride + tap] : 0;
			const place = at + 2 * step * Math.floor(tap / step) + (tap % step);
			weights[place] = weight & ((1 << LOW_BITS) - 1);
			weights[place + step] = weight >> LOW_BITS;
		}
		at += 2 * step * counts[out];
	}
	return { starts: start, counts, weights };
}

/** Places one after the other, each with room behind it. */
class Places {
	end = 0;

	take(size: number): number {
		const place = this.end;
		this.end = Math.ceil((place + size + SLACK) / 16) * 16;
		return place;
	}

	takeTable({ starts, counts, weights }: Table): TablePlaces {
		return {
			starts: this.take(starts.byteLength),
			counts: this.take(counts.byteLength),
			weights: this.take(weights.byteLength)
		};
	}
}

function putTable({ buffer }: WebAssembly.Memory, table: Table, at: TablePlaces): void {
	new Int32Array(buffer, at.starts).set(table.starts);
	new Int32Array(buffer, at.counts).set(table.counts);
	new Int16Array(buffer, at.weights).set(table.weights);
}

function grow(memory: WebAssembly.Memory, bytes: number): void {
	const missing = bytes - memory.buffer.byteLength;
	if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
}
