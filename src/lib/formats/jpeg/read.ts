/** Reads JPEG files. */
import { MAX_CODEC_BYTES, MAX_CODEC_PIXELS } from '../../base/limits';
import { failed, succeeded, type Outcome } from '../../problems/problems';
import { browserRaster } from '../browser-raster';
import { joined } from '../bytes';
import { unpackWhole } from '../codecs/unpack';
import type { Picture, Reader } from '../format';
import { checkSize } from '../size';
import { checkEntropy, type Entropy } from './entropy';
import { jpegFrame, type JpegFrame } from './segments';
import type { Raster } from '../../pixels/resizer';
import { toEightBits } from '../../pixels/channels';
import { upright } from '../../pixels/upright';

const END = Uint8Array.of(0xff, 0xd9);
/** Sequential and progressive, Huffman: the processes that browsers read. */
const BROWSER_PROCESSES = [0, 1, 2];
const LOSSLESS = 3;

export const reader: Reader<JpegFrame> = {
	checkHeader(bytes) {
		const frame = jpegFrame(bytes);
		return frame ? checkSize(frame) : failed(whyNoFrame(bytes));
	},

	/** As Pillow would: no colour management, upright by EXIF. */
	async decode(bytes, frame): Promise<Outcome<Picture>> {
		const entropy = checkEntropy(bytes);
		if (entropy.is === 'truncated') return failed('truncated-image');
		if (entropy.is === 'damaged') return failed('damaged-image');
		const isRead = [...BROWSER_PROCESSES, LOSSLESS].includes(frame.process);
		if (entropy.is === 'unknown' || !isRead) {
			return failed('coding-not-read', { coding: { kind: 'syntax', name: `SOF${frame.process}` } });
		}
		const whole = withEnd(bytes, entropy);
		const raster =
			frame.process === LOSSLESS || frame.bits > 8
				? await rareRaster(whole, frame)
				: ((isForCodec(whole, frame) ? await codecRaster('jpeg', whole, frame) : null) ??
					(await browserRaster(whole, 'image/jpeg')));
		return raster ? succeeded({ raster, facts: null }) : failed('damaged-image');
	}
};

/** Disorder before the frame header, or an end before it. */
function whyNoFrame(bytes: Uint8Array): 'truncated-image' | 'damaged-image' {
	return checkEntropy(bytes).is === 'truncated' ? 'truncated-image' : 'damaged-image';
}

/**
 * Grey ones, which browsers give as red, green, blue and alpha: that costs more than decoding.
 * The codec's memory never shrinks again, so large ones are left to the browser.
 */
function isForCodec(bytes: Uint8Array, frame: JpegFrame): boolean {
	return (
		frame.channels === 1 &&
		frame.bits === 8 &&
		frame.orientation === 1 &&
		BROWSER_PROCESSES.includes(frame.process) &&
		bytes.length <= MAX_CODEC_BYTES &&
		frame.width * frame.height <= MAX_CODEC_PIXELS
	);
}

/** @returns null where the codec refuses the image or cannot be loaded. */
async function codecRaster(
	packing: 'jpeg' | 'jpeg-12' | 'jpeg-lossless',
	bytes: Uint8Array,
	{ width, height }: JpegFrame
): Promise<Raster | null> {
	try {
		const { channels, data, bits } = await unpackWhole(packing, bytes, { width, height });
		return { width, height, stride: channels, data: toEightBits(data, bits) };
	} catch {
		return null;
	}
}

/** What browsers do not read: 12 bits, and the lossless process. */
async function rareRaster(bytes: Uint8Array, frame: JpegFrame): Promise<Raster | null> {
	const packing = frame.process === LOSSLESS ? 'jpeg-lossless' : 'jpeg-12';
	const raster = await codecRaster(packing, bytes, frame);
	return raster && upright(raster, frame.orientation);
}

/** The image without what follows it, and with its end marker. */
function withEnd(bytes: Uint8Array, entropy: Extract<Entropy, { is: 'whole' }>): Uint8Array {
	return entropy.hasEnd ? bytes : joined([bytes.subarray(0, entropy.end), END]);
}
