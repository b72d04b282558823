/** Writes a TIFF of one strip (TIFF 6.0), high bytes first as PDF has them. */

export interface TiffPicture {
	width: number;
	height: number;
	/** Samples a pixel: grey, or red, green and blue. */
	samples: number;
	bits: 8 | 16;
	/** Whether the largest value is black; of greys alone. */
	isInverted: boolean;
	/** 1 to 8, as in EXIF. */
	orientation: number;
	packing: 'none' | 'jpeg';
	/** Samples row by row, or a JPEG. */
	pixels: Uint8Array;
}

const SHORT = 3;
const LONG = 4;
const COMPRESSION = { none: 1, jpeg: 7 } as const;

export function tiffOf(picture: TiffPicture): Uint8Array<ArrayBuffer> {
	const { width, height, samples, bits, pixels } = picture;
	const photometric = samples === 3 ? 2 : picture.isInverted ? 0 : 1;
	const tags = [256, 257, 258, 259, 262, 273, 274, 277, 278, 279];
	const directory = 8;
	const depths = directory + 2 + 12 * tags.length + 4;
	const data = depths + 2 * samples;
	const values: Record<number, [type: number, value: number, count?: number]> = {
		256: [LONG, width],
		257: [LONG, height],
		258: samples === 3 ? [SHORT, depths, 3] : [SHORT, bits],
		259: [SHORT, COMPRESSION[picture.packing]],
		262: [SHORT, photometric],
		273: [LONG, data],
		274: [SHORT, picture.orientation],
		277: [SHORT, samples],
		278: [LONG, height],
		279: [LONG, pixels.length]
	};
	const bytes = new Uint8Array(data + pixels.length);
	const view = new DataView(bytes.buffer);
	bytes.set([0x4d, 0x4d, 0, 42, 0, 0, 0, directory]);
	view.setUint16(directory, tags.length);
	for (const [i, tag] of tags.entries()) {
		const at = directory + 2 + 12 * i;
		const [type, value, count = 1] = values[tag];
		view.setUint16(at, tag);
		view.setUint16(at + 2, type);
		view.setUint32(at + 4, count);
		// A short value stands at the left of its field; a list elsewhere.
		if (type === SHORT && count === 1) view.setUint16(at + 8, value);
		else view.setUint32(at + 8, value);
	}
	for (let c = 0; c < samples; c++) view.setUint16(depths + 2 * c, bits);
	bytes.set(pixels, data);
	return bytes;
}
