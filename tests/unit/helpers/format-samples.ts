/** Small whole files of formats that no other fixture holds, by the id of their format. */
import { bytesOf, fixture } from './images';

export interface Sample {
	name: string;
	width: number;
	height: number;
	channels: number;
	bytes: Uint8Array<ArrayBuffer>;
	/** The pixels that another implementation gives it, interleaved. */
	expected: Uint8Array;
}

type Listed = Omit<Sample, 'bytes' | 'expected'> & { bytes: string; expected: string };

/** Made by `fixtures/make_more_images.py`. */
export const MORE_IMAGES: Record<string, readonly Sample[]> = Object.fromEntries(
	Object.entries(fixture<{ formats: Record<string, Listed[]> }>('more-images').formats).map(
		([id, files]) => [
			id,
			files.map((file) => ({
				...file,
				bytes: bytesOf(file.bytes),
				expected: bytesOf(file.expected)
			}))
		]
	)
);

/** A file of boxes without a picture: what reads them is the browser's decoder. */
const boxes = (brand: string): Sample => ({
	name: `${brand} without a picture`,
	width: 0,
	height: 0,
	channels: 0,
	bytes: Uint8Array.from([0, 0, 0, 16, ...Buffer.from(`ftyp${brand}`), 0, 0, 0, 0]),
	expected: new Uint8Array()
});

export const SAMPLES_OF_FORMATS: Record<string, readonly Sample[]> = {
	...MORE_IMAGES,
	heic: [boxes('heic')],
	avif: [boxes('avif')],
	'jpeg-xl': [
		{
			...boxes('jxl '),
			bytes: Uint8Array.from([0, 0, 0, 12, ...Buffer.from('JXL \r\n\x87\n', 'latin1')])
		}
	]
};
