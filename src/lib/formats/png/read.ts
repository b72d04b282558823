/** Reads PNG files. */
import { convertIndexedToRgb, decode as decodePng } from 'fast-png';
import { inflate } from '../../base/inflate';
import { bitsInUse, channelOf, toEightBits } from '../../pixels/channels';
import type { Raster } from '../../pixels/resizer';
import { upright } from '../../pixels/upright';
import { failed, succeeded, type Outcome } from '../../problems/problems';
import { browserRaster } from '../browser-raster';
import { factsOfImage } from '../facts';
import type { Picture, Reader } from '../format';
import { checkSize } from '../size';
import { packedRows, pngHeader, unpackedBytes, type PngHeader } from './chunks';

/** Depths that each colour type may have (section 11.2.1). */
const DEPTHS: Record<number, readonly number[]> = {
	0: [1, 2, 4, 8, 16],
	2: [8, 16],
	3: [1, 2, 4, 8],
	4: [8, 16],
	6: [8, 16]
};

export const reader: Reader<PngHeader> = {
	checkHeader(bytes) {
		const header = pngHeader(bytes);
		if (!header) return failed(bytes.length < 33 ? 'truncated-image' : damage(bytes));
		const size = checkSize(header);
		if (!size.ok) return size;
		if (!DEPTHS[header.colourType]?.includes(header.bits)) return failed('damaged-image');
		return header.hasEnd ? succeeded(header) : failed('truncated-image');
	},

	/** As Pillow would: no colour management, alpha dropped, upright by EXIF. */
	async decode(bytes, header): Promise<Outcome<Picture>> {
		const { bits, colourType, hasTransparency, orientation } = header;
		// The rows must be as many as the header says, and no more: a bomb unpacks to more.
		const needed = unpackedBytes(header);
		const unpacked = await inflate(packedRows(bytes), 'deflate', needed).catch(() => null);
		if (unpacked?.length !== needed) return failed('damaged-image');
		// The canvas keeps 8 bits and multiplies by alpha, so such PNGs take another way.
		const isPlain = bits <= 8 && colourType !== 4 && colourType !== 6 && !hasTransparency;
		if (isPlain && orientation === 1) {
			const raster = await browserRaster(bytes, 'image/png');
			return raster ? succeeded({ raster, facts: null }) : failed('damaged-image');
		}
		return succeeded(ownPicture(bytes, header));
	}
};

/** @throws Error where a check sum or the order of the chunks is wrong. */
function ownPicture(bytes: Uint8Array, { bits, orientation }: PngHeader): Picture {
	const image = decodePng(bytes, { checkCrc: true });
	const { width, height, channels, palette } = image;
	let raster: Raster;
	let usedBits = 16;
	if (palette) {
		raster = { width, height, stride: palette[0].length, data: convertIndexedToRgb(image) };
	} else if (bits < 8) {
		raster = { width, height, stride: 1, data: smallGreys(image.data, width, height, bits) };
	} else {
		const samples = image.data instanceof Uint16Array ? image.data : new Uint8Array(image.data);
		if (samples instanceof Uint16Array) usedBits = bitsInUse(samples);
		const data = toEightBits(samples, usedBits);
		// Grey with alpha: the alpha is dropped.
		raster =
			channels === 2
				? { width, height, stride: 1, data: channelOf(data, 2, 0) }
				: { width, height, stride: channels, data };
	}
	const facts = factsOfImage({ frames: 1, ownRange: usedBits < 16 });
	return { raster: upright(raster, orientation), facts };
}

/** Greys of 1, 2 or 4 bits, whose rows end at a byte. */
function smallGreys(
	packed: ArrayLike<number>,
	width: number,
	height: number,
	bits: number
): Uint8Array {
	const rowBytes = Math.ceil((width * bits) / 8);
	const top = 2 ** bits - 1;
	const result = new Uint8Array(width * height);
	for (let y = 0; y < height; y++) {
		for (let x = 0; x < width; x++) {
			const byte = packed[y * rowBytes + ((x * bits) >> 3)];
			const value = (byte >> (8 - bits - ((x * bits) & 7))) & top;
			result[y * width + x] = Math.round((value / top) * 255);
		}
	}
	return result;
}

/** A file whose end is there is damaged, not cut off. */
function damage(bytes: Uint8Array): 'damaged-image' | 'truncated-image' {
	const end = String.fromCharCode(...bytes.subarray(-8, -4));
	return end === 'IEND' ? 'damaged-image' : 'truncated-image';
}
