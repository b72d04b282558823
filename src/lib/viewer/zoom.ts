/** Where a picture lies in its frame: fit, zoom and pan. Pure. */
import { MAX_ZOOM } from '../base/limits';

export interface Size {
	width: number;
	height: number;
}

/** CSS pixels a picture pixel, and the picture's left top corner in the frame, CSS pixels. */
export interface Placement {
	scale: number;
	x: number;
	y: number;
}

/** The whole picture, as large as the frame lets it be. */
export function fitted(picture: Size, frame: Size): Placement {
	return kept({ scale: fitScale(picture, frame), x: 0, y: 0 }, picture, frame);
}

/** Where a picture lies that was zoomed, or, with null, is shown whole. */
export function placedBy(zoom: Placement | null, picture: Size, frame: Size): Placement {
	return zoom === null ? fitted(picture, frame) : kept(zoom, picture, frame);
}

/**
 * The picture at another scale, with the point `at` of the frame staying where it is. The
 * scale is kept between the whole picture (or its own size, if that is smaller) and `MAX_ZOOM`.
 */
export function zoomedTo(
	scale: number,
	at: { x: number; y: number },
	placed: Placement,
	picture: Size,
	frame: Size
): Placement {
	const fit = fitScale(picture, frame);
	const next = Math.min(Math.max(MAX_ZOOM, fit), Math.max(Math.min(1, fit), scale));
	const grown = next / placed.scale;
	const x = at.x - (at.x - placed.x) * grown;
	const y = at.y - (at.y - placed.y) * grown;
	return kept({ scale: next, x, y }, picture, frame);
}

/** The picture moved by so many CSS pixels. */
export function moved(
	placed: Placement,
	by: { x: number; y: number },
	picture: Size,
	frame: Size
): Placement {
	return kept({ ...placed, x: placed.x + by.x, y: placed.y + by.y }, picture, frame);
}

/** Never out of sight: centred where it is smaller than the frame, without a gap where larger. */
export function kept(placed: Placement, picture: Size, frame: Size): Placement {
	const along = (at: number, length: number, room: number) =>
		length <= room ? (room - length) / 2 : Math.min(0, Math.max(room - length, at));
	return {
		scale: placed.scale,
		x: along(placed.x, picture.width * placed.scale, frame.width),
		y: along(placed.y, picture.height * placed.scale, frame.height)
	};
}

function fitScale(picture: Size, frame: Size): number {
	const scale = Math.min(frame.width / picture.width, frame.height / picture.height);
	return Number.isFinite(scale) && scale > 0 ? scale : 1;
}
