/** From an image's bytes to the values that the first convolution reads. */
import { INT16_LEVELS } from './kernel';
import type { Program } from './program';

/** Mean and standard deviation of each channel: the input is (pixel / 255 - mean) / std. */
export interface Normalisation {
	mean: number[];
	std: number[];
}

/** Writes images into the memory of a program. */
export class ImageInput {
	/** The image's value by channel and pixel value. */
	private readonly tables: Int16Array[];

	constructor(
		normalisation: Normalisation,
		private readonly image: Program['image']
	) {
		const { values, largest } = normalised(normalisation);
		const perStep = INT16_LEVELS / largest;
		this.tables = values.map((channel) =>
			Int16Array.from(channel, (value) => Math.round(value * perStep))
		);
	}

	/**
	 * Put in an image, without its border.
	 * @param pixels uint8, height x width x channels.
	 * @throws for an image of another size.
	 */
	fill(pixels: Uint8Array): void {
		const { values, grid } = this.image;
		const { border } = grid;
		const { height, width, channels } = grid.shape;
		if (pixels.length !== height * width * channels) throw new Error('an image of another size');
		const row = (width + 2 * border) * channels;
		for (let c = 0; c < channels; c++) {
			const table = this.tables[c];
			let from = c;
			for (let y = 0; y < height; y++) {
				let to = (y + border) * row + border * channels + c;
				for (let x = 0; x < width; x++, from += channels, to += channels) {
					values[to] = table[pixels[from]];
				}
			}
		}
	}
}

/** The largest magnitude of an image's normalised values. */
export function largestInput(normalisation: Normalisation): number {
	return normalised(normalisation).largest;
}

function normalised({ mean, std }: Normalisation) {
	const values = mean.map((centre, c) =>
		Float64Array.from({ length: 256 }, (_, pixel) => (pixel / 255 - centre) / std[c])
	);
	const largest = Math.max(...values.map((channel) => Math.max(-channel[0], channel[255])));
	return { values, largest };
}
