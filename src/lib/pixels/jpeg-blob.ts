/** From pixels to a picture for looking at, inside the decode worker. */
import { channelOf } from '../pixels/channels';
import { resizeChannel } from '../pixels/resize';
import type { Raster } from '../pixels/resizer';

/** Losses of a JPEG at this quality are below what an eye sees. */
const QUALITY = 0.97;

/**
 * A raster as a JPEG of 8 bits that every browser draws.
 * @param side its longest side at most, pixels; a smaller raster keeps its size.
 * @returns null where the browser gives no canvas of that size.
 */
export async function jpegOf(
	raster: Raster,
	side: number,
	quality = QUALITY
): Promise<Blob | null> {
	const { stride, data } = raster;
	const scale = Math.min(1, side / Math.max(raster.width, raster.height));
	const width = Math.max(1, Math.round(raster.width * scale));
	const height = Math.max(1, Math.round(raster.height * scale));
	const image = new ImageData(width, height);
	image.data.fill(255);
	const channels = stride < 3 ? [0] : [0, 1, 2];
	for (const channel of channels) {
		const plane = stride === 1 ? data : channelOf(data, stride, channel);
		const small =
			scale < 1 ? resizeChannel(plane, raster.width, raster.height, width, height) : plane;
		// A grey plane is all three.
		const targets = channels.length === 1 ? [0, 1, 2] : [channel];
		for (const target of targets) {
			for (let i = 0; i < small.length; i++) image.data[i * 4 + target] = small[i];
		}
	}
	return encodedJpeg(image, quality);
}

/**
 * Pixels as a JPEG. A bitmap is handed over: a 2D context would ask the graphics process for memory
 * of its own and wait for the answer.
 * @param image opaque pixels.
 * @param quality 0 to 1.
 * @returns null where the browser gives no canvas of that size.
 */
export async function encodedJpeg(image: ImageData, quality: number): Promise<Blob | null> {
	const canvas = new OffscreenCanvas(image.width, image.height);
	const context = canvas.getContext('bitmaprenderer');
	if (!context) return null;
	context.transferFromImageBitmap(await createImageBitmap(image));
	return canvas.convertToBlob({ type: 'image/jpeg', quality });
}
