/** A film that was photographed at an angle, made a rectangle. */
import type { Corners } from '../intake/corners';
import type { Point } from '../intake/polygon';
import { MAX_IMAGE_PIXELS, MAX_IMAGE_SIDE } from '../base/limits';

/** Interleaved pixels, `stride` values each. */
interface Pixels {
	width: number;
	height: number;
	stride: number;
	data: Uint8Array | Uint8ClampedArray;
}

/**
 * The map from the unit square to a quadrilateral: 0, 0 goes to the first corner, 1, 0 to the
 * second, 1, 1 to the third, 0, 1 to the fourth.
 * P. Heckbert, Fundamentals of Texture Mapping and Image Warping (1989), section 2.2.3.
 */
export function homographyOf([p0, p1, p2, p3]: Corners): (u: number, v: number) => Point {
	const [dx1, dx2, sx] = [p1.x - p2.x, p3.x - p2.x, p0.x - p1.x + p2.x - p3.x];
	const [dy1, dy2, sy] = [p1.y - p2.y, p3.y - p2.y, p0.y - p1.y + p2.y - p3.y];
	const determinant = dx1 * dy2 - dx2 * dy1;
	const g = (sx * dy2 - dx2 * sy) / determinant;
	const h = (dx1 * sy - sx * dy1) / determinant;
	const [a, b] = [p1.x - p0.x + g * p1.x, p3.x - p0.x + h * p3.x];
	const [d, e] = [p1.y - p0.y + g * p1.y, p3.y - p0.y + h * p3.y];
	return (u, v) => {
		const w = g * u + h * v + 1;
		return { x: (a * u + b * v + p0.x) / w, y: (d * u + e * v + p0.y) / w };
	};
}

/**
 * The film's size: the longer of each two opposite sides, pixels, so that nothing is made
 * coarser; within the limits of any image.
 * @param width of the photograph, pixels.
 */
export function rectifiedSize(corners: Corners, width: number, height: number) {
	const side = (from: number, to: number) => {
		const [a, b] = [corners[from], corners[to]];
		return Math.hypot((a.x - b.x) * width, (a.y - b.y) * height);
	};
	const across = Math.max(side(0, 1), side(3, 2));
	const down = Math.max(side(0, 3), side(1, 2));
	const scale = Math.min(
		1,
		MAX_IMAGE_SIDE / Math.max(across, down),
		Math.sqrt(MAX_IMAGE_PIXELS / (across * down))
	);
	const whole = (length: number) => Math.max(1, Math.round(length * scale));
	return { width: whole(across), height: whole(down) };
}

/**
 * The film alone, as a rectangle: bilinear, pixel centres at halves, edges repeated.
 * @param corners usable ones (`areUsable`).
 * @returns the same stride as the photograph.
 */
export function rectify(photograph: Pixels, corners: Corners): Pixels {
	const { width, height, stride, data } = photograph;
	const size = rectifiedSize(corners, width, height);
	const place = homographyOf(corners);
	const out = new Uint8Array(size.width * size.height * stride);
	let at = 0;
	for (let row = 0; row < size.height; row++) {
		for (let column = 0; column < size.width; column++) {
			const { x, y } = place((column + 0.5) / size.width, (row + 0.5) / size.height);
			const left = within(x * width - 0.5, width);
			const top = within(y * height - 0.5, height);
			const [x0, y0] = [Math.floor(left), Math.floor(top)];
			const [fx, fy] = [left - x0, top - y0];
			const upper = (y0 * width + x0) * stride;
			const lower = y0 + 1 < height ? upper + width * stride : upper;
			const step = x0 + 1 < width ? stride : 0;
			for (let c = 0; c < stride; c++) {
				const above = data[upper + c] * (1 - fx) + data[upper + step + c] * fx;
				const below = data[lower + c] * (1 - fx) + data[lower + step + c] * fx;
				out[at++] = Math.round(above * (1 - fy) + below * fy);
			}
		}
	}
	return { ...size, stride, data: out };
}

function within(place: number, length: number): number {
	return Math.min(length - 1, Math.max(0, place));
}
