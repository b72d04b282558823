/** Pixels by the browser's own codecs. */
import { contextOf } from '../pixels/canvas';
import type { Raster } from '../pixels/resizer';

/**
 * Decode as Pillow would: no colour management, alpha dropped, upright by the file's own
 * orientation where the browser knows it in this format.
 * @returns null where the browser gives no canvas of that size.
 * @throws DOMException where it does not know how.
 */
export async function browserRaster(bytes: Uint8Array, type: string): Promise<Raster | null> {
	const blob = new Blob([bytes as BlobPart], { type });
	const bitmap = await createImageBitmap(blob, {
		colorSpaceConversion: 'none',
		premultiplyAlpha: 'none',
		imageOrientation: 'from-image'
	});
	try {
		const { width, height } = bitmap;
		const context = contextOf(width, height);
		if (!context) return null;
		context.drawImage(bitmap, 0, 0);
		return { width, height, stride: 4, data: context.getImageData(0, 0, width, height).data };
	} finally {
		bitmap.close();
	}
}
