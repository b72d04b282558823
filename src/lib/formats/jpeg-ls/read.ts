/** Reads JPEG-LS files (ITU T.87), by CharLS. */
import { unpackFrame } from '../codecs/unpack';
import { succeeded, failed } from '../../problems/problems';
import { unpackedPicture } from '../codecs/picture';
import type { Reader } from '../format';
import { jpegFrame, type JpegFrame } from '../jpeg/segments';
import { checkSize } from '../size';

const END = [0xff, 0xd9];

export const reader: Reader<JpegFrame> = {
	checkHeader(bytes) {
		const frame = jpegFrame(bytes);
		if (!frame) return failed('truncated-image');
		const size = checkSize(frame);
		if (!size.ok) return size;
		let end = bytes.length;
		// Files may be filled up with zeros.
		while (end > 2 && bytes[end - 1] === 0) end--;
		const hasEnd = bytes[end - 2] === END[0] && bytes[end - 1] === END[1];
		return hasEnd ? succeeded(frame) : failed('truncated-image');
	},
	decode: async (bytes, frame) =>
		unpackedPicture(await unpackFrame('jpeg-ls', bytes, frame), frame.orientation)
};
