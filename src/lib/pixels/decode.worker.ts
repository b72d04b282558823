import * as Comlink from 'comlink';
import { drawable, prepare, type PixelRule } from './decode';

const decoder = {
	/** See `prepare`; the pixels are transferred. */
	async prepare(file: File, rule: PixelRule) {
		const outcome = await prepare(file, rule);
		return outcome.ok ? Comlink.transfer(outcome, [outcome.value.pixels.buffer]) : outcome;
	},

	/** See `drawable`. */
	drawable(file: File) {
		return drawable(file);
	}
};

export type Decoder = typeof decoder;
Comlink.expose(decoder);
