/** From pixels to what a model reads, and to the small picture of the list. */
import { THUMBNAIL_SIDE } from '../limits';
import { contextOf } from './browser-raster';
import { interleave } from './channels';
import { fetchResize, type Plane, type Raster, type Resize } from './resizer';

/** The part of a model's input rule that decides the pixels. */
export interface PixelRule {
	width: number;
	height: number;
	channels: 1 | 3;
}

const PLANES: Record<PixelRule['channels'], readonly Plane[]> = { 1: ['grey'], 3: [0, 1, 2] };

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

/** A small JPEG of the model's input, stretched back to the image's shape. */
export async function thumbnailOf(
	pixels: Uint8Array,
	rule: PixelRule,
	width: number,
	height: number
): Promise<Blob> {
	const source = contextOf(rule.width, rule.height);
	const scale = THUMBNAIL_SIDE / Math.max(width, height);
	const target = contextOf(Math.max(1, width * scale), Math.max(1, height * scale));
	if (!source || !target) return new Blob();
	const image = source.createImageData(rule.width, rule.height);
	for (let i = 0; i < rule.width * rule.height; i++) {
		for (let c = 0; c < 3; c++) {
			image.data[i * 4 + c] = pixels[i * rule.channels + (rule.channels === 1 ? 0 : c)];
		}
		image.data[i * 4 + 3] = 255;
	}
	source.putImageData(image, 0, 0);
	target.drawImage(source.canvas, 0, 0, target.canvas.width, target.canvas.height);
	return target.canvas.convertToBlob({ type: 'image/jpeg', quality: 0.8 });
}
