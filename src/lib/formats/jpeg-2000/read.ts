/** Reads JPEG 2000 files (ITU T.800), by OpenJPEG and OpenJPH. */
import { failed, succeeded } from '../../problems/problems';
import { checkCodestream, packingOfFrame, siz, type FrameSize } from '../codecs/codestream';
import { unpackedPicture } from '../codecs/picture';
import { unpackFrame } from '../codecs/unpack';
import type { Reader } from '../format';
import { checkSize } from '../size';

export const reader: Reader<FrameSize> = {
	checkHeader(bytes) {
		const frame = siz(bytes);
		if (!frame) return failed('truncated-image');
		const size = checkSize(frame);
		if (!size.ok) return size;
		if ((frame.channels !== 1 && frame.channels !== 3) || frame.isUneven) {
			const coding = { kind: 'channels', name: 'JPEG 2000', number: frame.channels } as const;
			return failed('coding-not-read', { coding });
		}
		if (frame.bits > 16) {
			return failed('coding-not-read', { coding: { kind: 'bits-unusual', number: frame.bits } });
		}
		return checkCodestream(bytes) === 'whole' ? succeeded(frame) : failed('truncated-image');
	},
	async decode(bytes, frame) {
		const packing = packingOfFrame(bytes) === 'htj2k' ? 'htj2k' : 'jpeg-2000';
		return unpackedPicture(await unpackFrame(packing, bytes, frame));
	}
};
