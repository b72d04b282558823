/** Draws the picture that was read, with the outline of what was read in it, for a file. */
import { PRINT_SIDE } from '../base/limits';
import type { Pictures } from '../formats/pictures';
import type { Polygon } from '../intake/polygon';
import { contextOf } from '../pixels/canvas';
import type { Row } from '../worklist/row';
import type { ReadPicture } from './export';

/** Losses of a JPEG at this quality are below what an eye sees. */
const QUALITY = 0.92;
/** Width of the line, of a picture's longest side; as seen on the page, over its darker edge. */
const LINE = 1 / 400;
const COLOUR = '#ffd166';
const EDGE = '#0b1012';

/**
 * The picture of a row: the file's, where it is there, else the list's small one. Null where the
 * image was not read, or cannot be drawn.
 */
export async function readPictureOf(
	{ entry, status, thumbnail, region }: Row,
	pictures: Pick<Pictures, 'copy'>
): Promise<ReadPicture | null> {
	if (status !== 'done') return null;
	const copy = await pictures.copy(entry, PRINT_SIDE);
	const picture = copy.ok ? copy.value : thumbnail;
	if (!picture?.size) return null;
	const jpeg = await drawn(picture, region?.outlines ?? []);
	return jpeg && { jpeg: new Uint8Array(await jpeg.arrayBuffer()), isSmall: !copy.ok };
}

async function drawn(picture: Blob, outlines: readonly Polygon[]): Promise<Blob | null> {
	const bitmap = await createImageBitmap(picture).catch(() => null);
	if (!bitmap) return null;
	const { width, height } = bitmap;
	const context = contextOf(width, height);
	if (!context) return null;
	context.drawImage(bitmap, 0, 0);
	bitmap.close();
	context.lineJoin = 'round';
	const line = Math.max(1, Math.max(width, height) * LINE);
	for (const [colour, lineWidth] of [[EDGE, 2 * line] as const, [COLOUR, line] as const]) {
		context.strokeStyle = colour;
		context.lineWidth = lineWidth;
		for (const points of outlines) {
			context.beginPath();
			for (const [x, y] of points) context.lineTo(x * width, y * height);
			context.closePath();
			context.stroke();
		}
	}
	return context.canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY });
}
