/** A side of a film, laid through the edge that it is near to, to a part of a pixel. */
import type { Point } from '../../intake/polygon';
import { slopeAt, type Slopes } from './gradients';
import type { Line } from './lines';

/** How far from the side its edge is looked for, pixels. */
const REACH = 4;
const SAMPLES = 60;
/** The ends of a side are left out: at a corner the other side's edge is near. */
const MARGIN = 0.04;
/** Greys a pixel: a weaker slope is noise. */
const LEAST_SLOPE = 2.5;
/** How often the line is laid anew without the places that lie far from it, and how far, pixels. */
const ROUNDS = 3;
const FAR = [3, 1.5, 1] as const;

/**
 * The line of a side by least squares over the places where the slope across it is largest.
 * @param from @param to corners, pixels. Where there is no edge the side stays as it is.
 */
export function fitSide(from: Point, to: Point, slopes: Slopes): Line {
	const [dx, dy] = [to.x - from.x, to.y - from.y];
	const length = Math.hypot(dx, dy);
	const [nx, ny] = [-dy / length, dx / length];
	const sign = mainSign(from, { x: dx, y: dy }, { x: nx, y: ny }, slopes);
	// Places along the side and how far from it the edge is, pixels.
	let places: { along: number; off: number; weight: number }[] = [];
	for (let i = 0; i < SAMPLES; i++) {
		const share = MARGIN + ((i + 0.5) / SAMPLES) * (1 - 2 * MARGIN);
		const [x, y] = [from.x + share * dx, from.y + share * dy];
		const at = (off: number) => sign * slopeAt(slopes, x + off * nx, y + off * ny, nx, ny);
		let best = 0;
		for (let off = -REACH; off <= REACH; off++) if (at(off) > at(best)) best = off;
		const [before, peak, after] = [at(best - 1), at(best), at(best + 1)];
		if (peak < LEAST_SLOPE) continue;
		// The top of the parabola through three slopes.
		const bend = before - 2 * peak + after;
		const part = bend < 0 ? Math.max(-0.5, Math.min(0.5, (before - after) / (2 * bend))) : 0;
		places.push({ along: share * length, off: best + part, weight: Math.min(peak, 12) });
	}
	let [slope, start] = [0, 0];
	for (let round = 0; round < ROUNDS; round++) {
		const near =
			round === 0
				? places
				: places.filter(({ along, off }) => Math.abs(off - start - slope * along) <= FAR[round]);
		if (near.length < SAMPLES / 5) break;
		places = near;
		({ slope, start } = laidThrough(places));
	}
	const a = { x: from.x + start * nx, y: from.y + start * ny };
	const end = start + slope * length;
	const b = { x: to.x + end * nx, y: to.y + end * ny };
	const across = Math.hypot(b.x - a.x, b.y - a.y);
	const normal = { nx: -(b.y - a.y) / across, ny: (b.x - a.x) / across };
	return { ...normal, distance: normal.nx * a.x + normal.ny * a.y };
}

/** 1 where it grows brighter into the film along most of a side, else -1. */
function mainSign(from: Point, along: Point, normal: Point, slopes: Slopes): 1 | -1 {
	let sum = 0;
	for (let i = 0; i < SAMPLES; i++) {
		const share = (i + 0.5) / SAMPLES;
		for (let off = -1; off <= 1; off++) {
			const x = from.x + share * along.x + off * normal.x;
			const y = from.y + share * along.y + off * normal.y;
			sum += Math.max(-12, Math.min(12, slopeAt(slopes, x, y, normal.x, normal.y)));
		}
	}
	return sum >= 0 ? 1 : -1;
}

function laidThrough(places: readonly { along: number; off: number; weight: number }[]) {
	let [sum, x, y, xx, xy] = [0, 0, 0, 0, 0];
	for (const { along, off, weight } of places) {
		sum += weight;
		x += weight * along;
		y += weight * off;
		xx += weight * along * along;
		xy += weight * along * off;
	}
	const determinant = sum * xx - x * x;
	const slope = determinant > 0 ? (sum * xy - x * y) / determinant : 0;
	return { slope, start: (y - slope * x) / sum };
}
