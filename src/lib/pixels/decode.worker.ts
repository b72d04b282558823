import * as Comlink from 'comlink';
import type { Corners } from '../intake/corners';
import { picture, prepare, type PixelRule } from './decode';

const decoder = {
	/** See `prepare`; the pixels are transferred. */
	async prepare(file: File, rule: PixelRule, corners: Corners | null) {
		const outcome = await prepare(file, rule, corners);
		return outcome.ok ? Comlink.transfer(outcome, [outcome.value.pixels.buffer]) : outcome;
	},
	picture
};

export type Decoder = typeof decoder;
Comlink.expose(decoder);
