/** Slopes of a small grey picture, and how strongly a line through it is an edge. */

/** Greys, one byte a pixel. */
export interface SmallPicture {
	width: number;
	height: number;
	data: Uint8Array;
}

/** Slopes by Sobel's masks, in greys a pixel; rows of `width`. */
export interface Slopes {
	width: number;
	height: number;
	across: Float32Array;
	down: Float32Array;
}

/** Sobel, I. (1968): 3 x 3 masks, divided by 8; the outermost pixels have no slope. */
export function slopesOf({ width, height, data }: SmallPicture): Slopes {
	const across = new Float32Array(width * height);
	const down = new Float32Array(width * height);
	for (let y = 1; y < height - 1; y++) {
		for (let x = 1; x < width - 1; x++) {
			const at = y * width + x;
			const [above, below] = [at - width, at + width];
			across[at] =
				(data[above + 1] +
					2 * data[at + 1] +
					data[below + 1] -
					data[above - 1] -
					2 * data[at - 1] -
					data[below - 1]) /
				8;
			down[at] =
				(data[below - 1] +
					2 * data[below] +
					data[below + 1] -
					data[above - 1] -
					2 * data[above] -
					data[above + 1]) /
				8;
		}
	}
	return { width, height, across, down };
}

/**
 * The slope along a direction at a place, greys a pixel; 0 outside the picture.
 * @param x @param y pixels, at centres.
 * @param nx @param ny the direction, of length 1.
 */
export function slopeAt(
	{ width, height, across, down }: Slopes,
	x: number,
	y: number,
	nx: number,
	ny: number
): number {
	const [column, row] = [Math.round(x), Math.round(y)];
	if (column < 0 || column >= width || row < 0 || row >= height) return 0;
	const at = row * width + column;
	return across[at] * nx + down[at] * ny;
}

/** The grey that a share of the pixels, 0..1, does not exceed. */
export function quantileOf(values: Uint8Array, share: number): number {
	const counts = new Uint32Array(256);
	for (const value of values) counts[value]++;
	let [grey, sum] = [0, counts[0]];
	while (sum < share * values.length && grey < 255) sum += counts[++grey];
	return grey;
}
