/**
 * Straight edges of a picture by a Hough transform on slopes.
 * R. O. Duda, P. E. Hart, Use of the Hough transformation to detect lines and curves in pictures
 * (1972); only angles near a pixel's own slope are voted for (F. O'Gorman, M. B. Clowes, 1976).
 */
import type { Slopes } from './gradients';

/** The line nx x + ny y = distance, pixels; (nx, ny) has length 1. */
export interface Line {
	nx: number;
	ny: number;
	distance: number;
}

/** Lines that lie more across than down, and the others. */
export interface EdgeLines {
	across: Line[];
	down: Line[];
}

/** How far a side of a film may be from level or upright, degrees. */
const MOST_TILT = 24;
/** Between the angles that are tried, degrees. */
const STEP = 1;
/** How far the slope of a pixel may be from the line's own direction, degrees. */
const SLACK = 7;
/** Greys a pixel: a weaker slope is noise, a stronger one counts no more. */
const LEAST_SLOPE = 2.5;
const MOST_SLOPE = 12;
/** Lines of each kind. */
const MOST_LINES = 16;
/** Two lines that are nearer than that are one: degrees, pixels. */
const NEAR = { angle: 4, distance: 4 };

const RADIANS = Math.PI / 180;

/** The strongest lines of a picture. */
export function edgeLines(slopes: Slopes): EdgeLines {
	return { across: strongest(slopes, 90), down: strongest(slopes, 0) };
}

/** @param middle the angle of the lines' normal, degrees: 90 of level lines, 0 of upright ones. */
function strongest({ width, height, across, down }: Slopes, middle: number): Line[] {
	const angles = 2 * Math.floor(MOST_TILT / STEP) + 1;
	const reach = Math.ceil(Math.hypot(width, height));
	const bins = 2 * reach + 1;
	const normals = Array.from({ length: angles }, (_, i) => {
		const angle = (middle + (i - (angles - 1) / 2) * STEP) * RADIANS;
		return { nx: Math.cos(angle), ny: Math.sin(angle) };
	});
	// One table where it grows brighter along the normal, one where it grows darker.
	const votes = [new Float32Array(angles * bins), new Float32Array(angles * bins)];
	for (let y = 1; y < height - 1; y++) {
		for (let x = 1; x < width - 1; x++) {
			const at = y * width + x;
			const [gx, gy] = [across[at], down[at]];
			const slope = Math.hypot(gx, gy);
			if (slope < LEAST_SLOPE) continue;
			let own = Math.atan2(gy, gx) / RADIANS - middle;
			own -= 360 * Math.round(own / 360);
			const isDarker = Math.abs(own) > 90;
			if (isDarker) own -= 180 * Math.sign(own);
			if (Math.abs(own) > MOST_TILT + SLACK) continue;
			const weight = Math.min(slope, MOST_SLOPE);
			const table = votes[isDarker ? 1 : 0];
			const centre = (angles - 1) / 2;
			const first = Math.max(0, Math.ceil(centre + (own - SLACK) / STEP));
			const last = Math.min(angles - 1, Math.floor(centre + (own + SLACK) / STEP));
			for (let i = first; i <= last; i++) {
				const distance = x * normals[i].nx + y * normals[i].ny;
				table[i * bins + Math.round(distance) + reach] += weight;
			}
		}
	}
	return votes.flatMap((table) => peaksOf(table, normals, bins, reach));
}

function peaksOf(
	table: Float32Array,
	normals: readonly { nx: number; ny: number }[],
	bins: number,
	reach: number
): Line[] {
	const lines: Line[] = [];
	const angles = normals.length;
	while (lines.length < MOST_LINES / 2) {
		let best = 0;
		for (let i = 1; i < table.length; i++) if (table[i] > table[best]) best = i;
		if (table[best] <= 0) break;
		const [angle, bin] = [Math.floor(best / bins), best % bins];
		lines.push({ ...normals[angle], distance: bin - reach });
		for (
			let i = Math.max(0, angle - NEAR.angle);
			i <= Math.min(angles - 1, angle + NEAR.angle);
			i++
		) {
			const start = i * bins + Math.max(0, bin - NEAR.distance);
			table.fill(0, start, i * bins + Math.min(bins, bin + NEAR.distance + 1));
		}
	}
	return lines;
}
