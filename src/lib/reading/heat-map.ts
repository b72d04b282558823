/** From the bytes of a heat map to a picture laid over the image. Pure. */

/**
 * Enlarge a map smoothly and colour it.
 * @param map gridHeight x gridWidth bytes; 255 is the hottest.
 * @returns RGBA, `width * height * 4`; where there is no heat it is transparent.
 */
export function paintMap(
	map: Uint8Array,
	gridWidth: number,
	gridHeight: number,
	width: number,
	height: number
): Uint8ClampedArray<ArrayBuffer> {
	const pixels = new Uint8ClampedArray(width * height * 4);
	const across = cellSamples(gridWidth, width);
	const down = cellSamples(gridHeight, height);
	for (let y = 0; y < height; y++) {
		const { low: top, high: bottom, share: dy } = down[y];
		for (let x = 0; x < width; x++) {
			const { low: left, high: right, share: dx } = across[x];
			const upper = mixed(map[top * gridWidth + left], map[top * gridWidth + right], dx);
			const lower = mixed(map[bottom * gridWidth + left], map[bottom * gridWidth + right], dx);
			const heat = mixed(upper, lower, dy) / 255;
			const [red, green, blue] = colourOf(heat);
			const at = (y * width + x) * 4;
			pixels[at] = red;
			pixels[at + 1] = green;
			pixels[at + 2] = blue;
			// Weak heat fades out, so that the image below stays readable.
			pixels[at + 3] = 255 * Math.min(1, heat * 1.6);
		}
	}
	return pixels;
}

/** Between which cells a pixel lies, and how far from the lower one to the higher. */
interface Sample {
	low: number;
	high: number;
	share: number;
}

/** Bilinear positions of the pixels of a side, cell centres to cell centres. */
export function cellSamples(cells: number, size: number): Sample[] {
	return Array.from({ length: size }, (_, i) => {
		const at = Math.min(cells - 1, Math.max(0, ((i + 0.5) * cells) / size - 0.5));
		const low = Math.floor(at);
		return { low, high: Math.min(cells - 1, low + 1), share: at - low };
	});
}

/** From a (share 0) to b (share 1). */
export function mixed(a: number, b: number, share: number): number {
	return a + (b - a) * share;
}

/** Violet to orange to yellow (samples of matplotlib's "inferno", readable to colour-blind eyes). */
const COLOURS = [
	[40, 11, 84],
	[101, 21, 110],
	[159, 42, 99],
	[212, 72, 66],
	[245, 125, 21],
	[250, 193, 39],
	[252, 255, 164]
];

function colourOf(heat: number): [number, number, number] {
	const at = Math.min(1, Math.max(0, heat)) * (COLOURS.length - 1);
	const low = Math.floor(at);
	const high = Math.min(COLOURS.length - 1, low + 1);
	const channel = (c: number) => mixed(COLOURS[low][c], COLOURS[high][c], at - low);
	return [channel(0), channel(1), channel(2)];
}
