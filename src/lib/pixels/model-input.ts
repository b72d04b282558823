/** From pixels to what a model reads, and to the small picture of the list. */
import { THUMBNAIL_SIDE } from '../base/limits';
import { interleave } from './channels';
import { encodedJpeg } from './jpeg-blob';
import { fetchResize, type Plane, type Raster, type Resize } from './resizer';

/** The part of a model's input rule that decides the pixels. */
export interface PixelRule {
	width: number;
	height: number;
	channels: 1 | 3;
}

const PLANES: Record<PixelRule['channels'], readonly Plane[]> = { 1: ['grey'], 3: [0, 1, 2] };

const THUMBNAIL_QUALITY = 0.8;

let resize: Promise<Resize> | undefined;

/** Load what makes the input, ahead of the first image. */
export function warmUpInput(): Promise<Resize> {
	resize ??= fetchResize();
	return resize;
}

/** uint8, height x width x channels, as the rule says. */
export async function inputOf(raster: Raster, rule: PixelRule): Promise<Uint8Array> {
	const { width, height, channels } = rule;
	const resizeTo = await warmUpInput();
	// A grey image is all three channels of a colour one.
	const planes = raster.stride === 1 ? PLANES[1] : PLANES[channels];
	const resized = planes.map((plane) => resizeTo(raster, plane, width, height));
	return interleave(Array.from({ length: channels }, (_, c) => resized[c % resized.length]));
}

/**
 * A small JPEG of the model's input, stretched back to the image's shape.
 * @param pixels as `inputOf` gives them.
 * @param image the size of the upright image, pixels.
 * @returns an empty one where the browser gives no canvas.
 */
export async function thumbnailOf(
	pixels: Uint8Array,
	rule: PixelRule,
	image: { width: number; height: number }
): Promise<Blob> {
	const { width, height, channels } = rule;
	return thumbnailFrom({ width, height, stride: channels, data: pixels }, image);
}

/**
 * A small JPEG of a picture.
 * @param shape its size, or that of the image which it was squashed from, pixels.
 * @returns an empty one where the browser gives no canvas.
 */
export async function thumbnailFrom(
	picture: Raster,
	shape: { width: number; height: number } = picture
): Promise<Blob> {
	const scale = THUMBNAIL_SIDE / Math.max(shape.width, shape.height);
	const width = Math.max(1, Math.round(shape.width * scale));
	const height = Math.max(1, Math.round(shape.height * scale));
	const channels = picture.stride < 3 ? 1 : 3;
	const small = await inputOf(picture, { width, height, channels });
	const drawn = new ImageData(width, height);
	drawn.data.fill(255);
	for (let i = 0; i < width * height; i++) {
		for (let c = 0; c < 3; c++) {
			drawn.data[i * 4 + c] = small[i * channels + (c % channels)];
		}
	}
	return (await encodedJpeg(drawn, THUMBNAIL_QUALITY)) ?? new Blob();
}
