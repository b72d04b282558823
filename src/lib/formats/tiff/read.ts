/**
 * The first page of a TIFF, grey or colour, of 8 or 16 bits (TIFF 6.0; deflate and JPEG by
 * Adobe's technical notes). Not a library's: `tiff` reads neither PackBits nor JPEG and hangs
 * where pages lead back to themselves, `utif2` unpacks without bounds.
 */
import { inflatePadded } from '../../base/inflate';
import { bitsInUse, channelOf, toEightBits } from '../../pixels/channels';
import type { Raster } from '../../pixels/resizer';
import { upright } from '../../pixels/upright';
import { failed, succeeded, type Outcome } from '../../problems/problems';
import { unpackLzw } from '../codecs/lzw';
import { unpackBits } from '../codecs/pack-bits';
import { asRgbJpeg, unpackFrame } from '../codecs/unpack';
import { factsOfImage } from '../facts';
import type { Picture, Reader } from '../format';
import { jpegFrame } from '../jpeg/segments';
import { firstPage, type TiffPage } from './directory';

type Samples = Uint8Array | Uint16Array;

/** Some writers fill their last strip up. */
const SLACK_BYTES = 65_536;

export const reader: Reader<TiffPage> = {
	checkHeader(bytes) {
		try {
			return firstPage(bytes);
		} catch (error) {
			if (error instanceof RangeError) return failed('truncated-image');
			throw error;
		}
	},

	async decode(bytes, page): Promise<Outcome<Picture>> {
		const samples = await samplesOf(bytes, page);
		const usedBits = samples instanceof Uint16Array ? bitsInUse(samples) : 16;
		const { width, height } = page;
		const raster = { width, height, ...coloursOf(toEightBits(samples, usedBits), page) };
		const facts = factsOfImage({ frames: page.pages, ownRange: usedBits < 16 });
		return succeeded({ raster: upright(raster, page.orientation), facts });
	}
};

/** All tiles or strips put together: interleaved samples of the whole page. */
async function samplesOf(bytes: Uint8Array, page: TiffPage): Promise<Samples> {
	const { width, height, samples, tileWidth, tileHeight } = page;
	const length = width * height * samples;
	const whole = page.bits === 16 ? new Uint16Array(length) : new Uint8Array(length);
	const across = Math.ceil(width / tileWidth);
	const down = Math.ceil(height / tileHeight);
	const depth = page.planar ? 1 : samples;
	for (let plane = 0; plane < (page.planar ? samples : 1); plane++) {
		for (let tile = 0; tile < across * down; tile++) {
			const left = (tile % across) * tileWidth;
			const top = Math.floor(tile / across) * tileHeight;
			// Tiles are whole at the edge, the last strip is not.
			const rows = page.isTiled ? tileHeight : Math.min(tileHeight, height - top);
			const index = plane * across * down + tile;
			const from = page.offsets[index];
			const stored = bytes.subarray(from, from + page.byteCounts[index]);
			const isReversed = page.bitsReversed && page.compression !== 'jpeg';
			const packed = isReversed ? stored.map(reversed) : stored;
			const part = await tileOf(packed, page, rows, depth);
			if (page.differences && page.compression !== 'jpeg') addUp(part, tileWidth, depth);
			for (let y = 0; y < rows && top + y < height; y++) {
				for (let x = 0; x < tileWidth && left + x < width; x++) {
					const at = ((top + y) * width + left + x) * samples + plane;
					const source = (y * tileWidth + x) * depth;
					for (let c = 0; c < depth; c++) whole[at + c] = part[source + c];
				}
			}
		}
	}
	return whole;
}

/** One tile or strip, unpacked: `tileWidth * rows * depth` samples. */
async function tileOf(
	packed: Uint8Array,
	page: TiffPage,
	rows: number,
	depth: number
): Promise<Samples> {
	const count = page.tileWidth * rows * depth;
	if (page.compression === 'jpeg') return jpegTile(packed, page, rows, depth);
	const needed = (count * page.bits) / 8;
	const unpacked = await unpack(packed, page.compression, needed);
	if (unpacked.length < needed) throw new Error('a strip ends early');
	if (page.bits === 8) return unpacked.slice(0, needed);
	const view = new DataView(unpacked.buffer, unpacked.byteOffset, unpacked.byteLength);
	return Uint16Array.from({ length: count }, (_, i) => view.getUint16(2 * i, page.littleEndian));
}

async function unpack(
	packed: Uint8Array,
	compression: Exclude<TiffPage['compression'], 'jpeg'>,
	needed: number
): Promise<Uint8Array> {
	if (compression === 'none') return packed;
	if (compression === 'deflate') return inflatePadded(packed, 'deflate', needed + SLACK_BYTES);
	const target = new Uint8Array(needed);
	const written = compression === 'lzw' ? unpackLzw(packed, target) : unpackBits(packed, target);
	return target.subarray(0, written);
}

/** A strip is a JPEG of its own; the tables stand apart, in a JPEG without an image. */
async function jpegTile(packed: Uint8Array, page: TiffPage, rows: number, depth: number) {
	const { jpegTables, tileWidth: width } = page;
	const tables = jpegTables.length > 4 ? jpegTables.subarray(2, jpegTables.length - 2) : [];
	const whole = new Uint8Array(packed.length + tables.length);
	whole.set(packed.subarray(0, 2));
	whole.set(tables, 2);
	whole.set(packed.subarray(2), 2 + tables.length);
	const frame = page.photometric === 'rgb' ? asRgbJpeg(whole) : whole;
	// Some writers fill the last strip up to the height of the others.
	const said = jpegFrame(frame);
	const isFilled = !page.isTiled && said !== null && said.height > rows;
	const height = isFilled ? Math.min(said.height, page.tileHeight) : rows;
	const { data, channels } = await unpackFrame('jpeg', frame, { width, height });
	if (channels !== depth) throw new Error('other channels than the tags say');
	return data;
}

/** Undo the differences from the left (TIFF 6.0, section 14); overflow is meant. */
function addUp(samples: Samples, width: number, depth: number): void {
	const row = width * depth;
	for (let at = 0; at < samples.length; at++) {
		if (at % row >= depth) samples[at] += samples[at - depth];
	}
}

/** Samples of 8 bits to grey or to red, green and blue. */
function coloursOf(eight: Uint8Array, page: TiffPage): Pick<Raster, 'stride' | 'data'> {
	switch (page.photometric) {
		case 'rgb':
		case 'ybr':
			return { stride: page.samples, data: eight };
		case 'palette': {
			const colours = page.palette.map((value) => value >> 8);
			const data = new Uint8Array(page.width * page.height * 3);
			for (let i = 0; i < page.width * page.height; i++) {
				const index = eight[i * page.samples];
				for (let c = 0; c < 3; c++) data[3 * i + c] = colours[256 * c + index];
			}
			return { stride: 3, data };
		}
		default: {
			const grey = page.samples === 1 ? eight : channelOf(eight, page.samples, 0);
			const isInverted = page.photometric === 'white-is-zero';
			return { stride: 1, data: isInverted ? grey.map((value) => 255 - value) : grey };
		}
	}
}

/** A byte with its bits in the other order. */
function reversed(byte: number): number {
	let result = 0;
	for (let bit = 0; bit < 8; bit++) result |= ((byte >> bit) & 1) << (7 - bit);
	return result;
}
