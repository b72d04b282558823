/** Weights in pairs of steps: where they lie in the blocks that `assembly/pairs.ts` describes. */
import { UnknownGraph, type Weight } from './graph';
import { TILE_CHANNELS, type Kernel } from './kernel';
import { packWeights } from './pack';

const GROUP = 4;
const HEADER_BYTES = 32;
const STEP_BYTES = TILE_CHANNELS * GROUP;
/** Places in a list have 16 bits. */
const MOST_WORDS = 65536;

/** Steps of a kernel's row, and of all. */
function stepsOf([rows, columns, channels]: number[]) {
	const inRow = Math.ceil((columns * channels) / GROUP);
	return { inRow, inAll: rows * inRow };
}

/** Of the weights of 8 output channels, bytes: where the weights begin, and how long it is. */
function blockOf(shape: number[]) {
	const { inAll } = stepsOf(shape);
	const start = HEADER_BYTES + 16 * Math.ceil((2 * inAll) / 16);
	return { start, length: start + STEP_BYTES * inAll };
}

/** Bytes of a convolution's blocks. @param shape [rows, columns, in, out]. */
export function pairedBytes(shape: number[]): number {
	return (shape[3] / TILE_CHANNELS) * blockOf(shape).length;
}

/** Bytes that `packPairs` needs beside them. */
export function spareBytes(shape: number[]): number {
	return (STEP_BYTES + 2) * stepsOf(shape).inAll;
}

/** Where a convolution's blocks go. */
export interface PairedPlace {
	buffer: ArrayBufferLike;
	address: number;
	/** `spareBytes` to work in. */
	spare: number;
	/** From a row of the map to the next. */
	rowBytes: number;
}

/**
 * Round and pack a convolution's weights, and put them in the order in which most can be added
 * in 16 bits.
 * @param kernel works in the memory of `place`.
 * @returns as `packWeights`.
 * @throws UnknownGraph for a map that is too wide for the lists.
 */
export function packPairs(
	weight: Weight,
	levels: number,
	kernel: Pick<Kernel, 'arrangePairs'>,
	{ buffer, address, spare, rowBytes }: PairedPlace
): Float32Array {
	const { shape } = weight;
	const [rows] = shape;
	const { inRow } = stepsOf(shape);
	const rowWords = rowBytes / 4;
	if ((rows - 1) * rowWords + inRow > MOST_WORDS) throw new UnknownGraph('a map that is too wide');
	const { start, length } = blockOf(shape);
	const packed = new Int8Array(buffer, address, pairedBytes(shape));
	const scales = packWeights(weight, GROUP, levels, packed, { start, length });
	for (let block = 0; block < packed.length; block += length) {
		kernel.arrangePairs(address + block, rows, inRow, rowWords, spare);
	}
	return scales;
}
