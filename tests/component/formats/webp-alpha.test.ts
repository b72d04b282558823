/** A canvas loses the colours of transparent pixels: what a WebP has of them is kept, or refused. */
import { expect, it } from 'vitest';
import { pictureOf, readImage } from '../../unit/helpers/formats';

const bytesOf = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

const WIDTH = 8;
const HEIGHT = 6;
/** Pillow 13.0.0, `save("WEBP", lossless=True, exact=True)` and without `lossless`, alphas 0 to 252. */
const LOSSLESS =
	'UklGRjwAAABXRUJQVlA4TC8AAAAvB0ABELkyRPQ/dhHR/4BCthGg4Zw/44swHgKBJH/MRRYIpLBdngAc4wXYC8D/AAA=';
const LOSSY =
	'UklGRqIAAABXRUJQVlA4WAoAAAAQAAAABwAABQAAQUxQSCAAAAABPyAQSILZn3KIiEgdhtlIKsKyLMuynP/vFCL6H5DuflZQOCBcAAAAUAMAnQEqCAAGAADAEiWwAnS3APwApQH4AXABkgAKUoNstJAA/v4tZ9efrhdaB6SNrlMKhv+UbV3AcNz8+D70FtRcFDz/6AR7lXPxT6Orwaf7CvNczIilXDgAAAA=';
/** Pillow's `convert("RGB")` of the lossy one. */
const LOSSY_COLOURS =
	'BQrBEwy3LA+kRA6JYBFuew9PnQ8yrhAjFijRIivHOy2xVSyXcC9+jC1fri1Cvi4zG0vWKE/NQlG3WlCdeFKDk1BktFFHxFI4H3PYLXXPRna6Xnehe3mIl3dpuXhJyXg7HZrWLZ3ORp+5XZ+ge6GHmJ5ouKBIyaA6KLjgOLzYTrzCaL6qhr+Rob1yw75S1L5E';

/** Red, green and blue of each pixel. */
async function coloursOf(bytes: Uint8Array): Promise<number[]> {
	const { raster } = await pictureOf(bytes);
	expect(raster).toMatchObject({ width: WIDTH, height: HEIGHT });
	return [...raster.data].filter((_, i) => i % raster.stride < 3);
}

it('a lossless WebP with alpha is refused by name', async () => {
	expect(await readImage(bytesOf(LOSSLESS))).toMatchObject({
		problem: { code: 'coding-not-read', details: { coding: { name: 'WebP', number: 4 } } }
	});
});

it('a lossy WebP with alpha keeps the colours of transparent pixels', async () => {
	const expected = bytesOf(LOSSY_COLOURS);
	const off = (await coloursOf(bytesOf(LOSSY))).map((value, i) => Math.abs(value - expected[i]));
	expect(off).toHaveLength(expected.length);
	expect(Math.max(...off)).toBeLessThanOrEqual(2);
});
