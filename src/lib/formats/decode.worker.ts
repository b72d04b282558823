import * as Comlink from 'comlink';
import type { FilmPlace } from '../intake/corners';
import { warmUpCodec } from './codecs/unpack';
import { filmIn, picture, prepare } from './decode';
import { jpeg } from './jpeg';
import { warmUpInput, type PixelRule } from '../pixels/model-input';

const decoder = {
	/** See `prepare`; the pixels are transferred. */
	async prepare(file: File, rule: PixelRule, corners: FilmPlace) {
		const outcome = await prepare(file, rule, corners);
		return outcome.ok ? Comlink.transfer(outcome, [outcome.value.pixels.buffer]) : outcome;
	},
	picture,
	filmIn
};

export type Decoder = typeof decoder;
Comlink.expose(decoder);
// The first worker starts while there is no file yet.
void warmUpInput();
void jpeg.load();
warmUpCodec('jpeg');
