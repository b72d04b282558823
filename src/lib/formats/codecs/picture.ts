/** Pixels of a codec as a picture. */
import { bitsInUse, toEightBits } from '../../pixels/channels';
import { upright } from '../../pixels/upright';
import { succeeded, type Outcome } from '../../problems/problems';
import { factsOfImage } from '../facts';
import type { Picture } from '../format';
import type { Unpacked } from './unpack';

/** Greys or colours of any depth to 8 bits, upright. */
export function unpackedPicture(unpacked: Unpacked, orientation = 1): Outcome<Picture> {
	const { width, height, channels, data } = unpacked;
	const isDeep = unpacked.bits === 16 && data instanceof Uint16Array;
	const bits = isDeep ? bitsInUse(data) : unpacked.bits;
	const raster = { width, height, stride: channels, data: toEightBits(data, bits) };
	return succeeded({
		raster: upright(raster, orientation),
		facts: factsOfImage({ frames: 1, ownRange: bits !== unpacked.bits })
	});
}
