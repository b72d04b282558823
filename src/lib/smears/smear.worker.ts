import * as Comlink from 'comlink';
import type { FilmPlace } from '../intake/corners';
import { warmUpCodec } from '../formats/codecs/unpack';
import { jpeg } from '../formats/jpeg';
import { warmUpInput } from '../pixels/model-input';
import { prepareSmear, type SmearRule } from './prepare';

const decoder = {
	/** See `prepareSmear`; the pixels are transferred. */
	async prepare(file: File, rule: SmearRule, corners: FilmPlace) {
		const outcome = await prepareSmear(file, rule, corners);
		if (!outcome.ok) return outcome;
		const { value } = outcome;
		const buffers =
			'found' in value ? [value.inputs.buffer, value.tiles.buffer] : [value.pixels.buffer];
		return Comlink.transfer(outcome, buffers);
	}
};

export type SmearDecoder = typeof decoder;
Comlink.expose(decoder);
// The first worker starts while there is no file yet.
void warmUpInput();
void jpeg.load();
warmUpCodec('jpeg');
