/** The first frame of a DICOM file, unpacked. */
import { joined, viewOf } from '../bytes';
import { asRgbJpeg, unpackFrame } from '../codecs/unpack';
import type { DataSet } from './data-set';
import { frameBytes, type DicomImage, type Fragment } from './image';
import { unpackRle } from './rle';

/** Samples as they are stored, unsigned; channels interleaved. */
export interface Frame {
	channels: 1 | 3;
	data: Uint8Array | Uint16Array;
	/** Whether the unpacking has turned colours into RGB. */
	isRgb: boolean;
}

/** @throws Error where the frame is damaged or of a variant that no codec knows. */
export async function firstFrame(set: DataSet, image: DicomImage): Promise<Frame> {
	if (image.packing === 'plain') return plainFrame(set, image);
	const packed = packedFrame(set, image);
	const { width, height, channels, bitsAllocated } = image;
	if (image.packing === 'rle') {
		const bytesPerSample = bitsAllocated === 8 ? 1 : 2;
		const data = unpackRle(packed, width * height, channels, bytesPerSample);
		return { channels, data, isRgb: image.photometric === 'rgb' };
	}
	const isRgb = image.packing === 'jpeg' || image.photometric === 'rgb';
	const marked =
		image.packing === 'jpeg' && image.photometric === 'rgb' ? asRgbJpeg(packed) : packed;
	const unpacked = await unpackFrame(image.packing, marked, { width, height });
	if (unpacked.channels !== channels) throw new Error('other channels than the header says');
	return { channels, data: unpacked.data, isRgb };
}

/** The bytes of the first frame of pixels that are not packed. @throws Error where they end early. */
export function plainBytes(set: DataSet, image: DicomImage): Uint8Array {
	const { offset } = image.pixels;
	const length = frameBytes(image);
	const bytes = set.byteArray.subarray(offset, offset + length);
	if (bytes.length < length) throw new Error('the pixels end early');
	return bytes;
}

/** Pixels of one bit, the lowest of each byte first (PS3.5, 8.1.1 and annex D). */
function bitsOf(bytes: Uint8Array, pixels: number): Uint8Array {
	return Uint8Array.from({ length: pixels }, (_, i) => (bytes[i >> 3] >> (i & 7)) & 1);
}

function plainFrame(set: DataSet, image: DicomImage): Frame {
	const bytes = plainBytes(set, image);
	const pixels = image.width * image.height;
	const isRgb = image.photometric === 'rgb';
	if (image.photometric === 'ybr-422') return { channels: 3, data: spread422(bytes), isRgb };
	if (image.bitsAllocated === 1) return { channels: 1, data: bitsOf(bytes, pixels), isRgb };
	const data =
		image.bitsAllocated === 8 ? bytesOf(set, image, bytes.length) : words(bytes, image.bigEndian);
	const isPlanar = image.channels === 3 && image.planar;
	return { channels: image.channels, data: isPlanar ? interleaved(data, pixels) : data, isRgb };
}

/** Bytes that are written as words stand in pairs, in big endian the second first. */
function bytesOf(set: DataSet, image: DicomImage, length: number): Uint8Array {
	const { offset, vr } = image.pixels;
	const from = set.byteArray.subarray(offset, offset + length + (length % 2));
	if (!image.bigEndian || vr !== 'OW') return from.subarray(0, length);
	return Uint8Array.from({ length }, (_, i) => from[i ^ 1] ?? 0);
}

function words(bytes: Uint8Array, bigEndian: boolean): Uint16Array {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const result = new Uint16Array(bytes.length >> 1);
	for (let i = 0; i < result.length; i++) result[i] = view.getUint16(2 * i, !bigEndian);
	return result;
}

function interleaved<T extends Uint8Array | Uint16Array>(planes: T, pixels: number): T {
	const result = planes.slice() as T;
	for (let channel = 0; channel < 3; channel++) {
		for (let i = 0; i < pixels; i++) result[3 * i + channel] = planes[channel * pixels + i];
	}
	return result;
}

/** Y Y Cb Cr of two pixels to Y Cb Cr of each (PS3.3, C.7.6.3.1.2). */
function spread422(bytes: Uint8Array): Uint8Array {
	const result = new Uint8Array((bytes.length / 2) * 3);
	for (let from = 0, to = 0; from + 3 < bytes.length; from += 4, to += 6) {
		const [first, second, blue, red] = bytes.subarray(from, from + 4);
		result.set([first, blue, red, second, blue, red], to);
	}
	return result;
}

/** The packed bytes of the first frame (PS3.5, annex A.4). */
function packedFrame(set: DataSet, { frames, packing, fragments }: DicomImage): Uint8Array {
	const [table, ...parts] = fragments;
	const bytesOfPart = ({ offset, length }: Fragment) =>
		set.byteArray.subarray(offset, offset + length);
	const count = frames > 1 ? partsOfFirst(bytesOfPart(table), parts.map(bytesOfPart), frames) : 0;
	const first = parts.slice(0, count || parts.length).map(bytesOfPart);
	const frame = first.length === 1 ? first[0] : joined(first);
	if (frame.length === 0) throw new Error(`no ${packing} frame`);
	return frame;
}

/** Fragments of the first of several frames: by the offset table, by their number, or by markers. */
function partsOfFirst(table: Uint8Array, parts: readonly Uint8Array[], frames: number): number {
	if (parts.length <= frames) return 1;
	// The table counts from the first fragment's item, whose header takes eight bytes.
	const second = table.length >= 8 ? viewOf(table).getUint32(4, true) : 0;
	let at = 0;
	for (const [index, part] of parts.entries()) {
		if (index > 0 && (second > 0 ? at === second : startsFrame(part))) return index;
		at += 8 + part.length;
	}
	return parts.length;
}

/** Whether a fragment begins as JPEG or JPEG 2000 do. */
function startsFrame(part: Uint8Array): boolean {
	return part[0] === 0xff && (part[1] === 0xd8 || part[1] === 0x4f);
}
