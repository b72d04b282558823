// Photographs of films as a phone takes them, drawn from digital films: perspective, what lies
// around the film, uneven light, glare, a hand, labels, noise. Where the film lies is known.
import type { Corners } from '../../src/lib/intake/corners.ts';
import type { Point } from '../../src/lib/intake/polygon.ts';
import { homographyOf } from '../../src/lib/pixels/rectify.ts';

/** Greys, one byte a pixel. */
export interface Grey {
	width: number;
	height: number;
	stride: 1;
	data: Uint8Array;
}

/** What the film hangs on or is shown on. */
export const SCENES = ['light-box', 'window', 'screen'] as const;
type Scene = (typeof SCENES)[number];

export interface PhotographPlan {
	scene: Scene;
	/** Width of the black edge around the picture on the film, as a share of the film's sides. */
	blackEdge: number;
	/** Longest side of the photograph, pixels. */
	side: number;
}

export interface FilmPhotograph {
	picture: Grey;
	/** Of the film with its black edge, in fractions of the photograph. */
	film: Corners;
	/** Of the picture on the film, without the black edge. */
	content: Corners;
}

/** Values below are greys 0..255, and shares of the photograph's sides. */
const NOISE = 3;
const FILM_BLACK = 14;
const FILM_WHITE = 205;

/**
 * A photograph of a film.
 * @param random uniform numbers 0..1; the same numbers give the same photograph.
 */
export function photographOf(
	film: Grey,
	{ scene, blackEdge, side }: PhotographPlan,
	random: () => number
): FilmPhotograph {
	const between = (low: number, high: number) => low + (high - low) * random();
	const isWide = film.width > film.height;
	const [width, height] = isWide
		? [side, Math.round(side * 0.78)]
		: [Math.round(side * 0.78), side];
	const corners = placed(film.width / film.height, width / height, between);
	const inside = homographyOf(corners);
	const content = cornersAt(inside, blackEdge);
	const toFilm = inverseOf(corners);
	const around = surroundOf(scene, width / height, corners, between);
	const light = lightOf(between);
	const covers = coversOf(corners, between);
	const black = FILM_BLACK + between(-6, 8);
	const data = new Uint8Array(width * height);
	for (let row = 0; row < height; row++) {
		for (let column = 0; column < width; column++) {
			const x = (column + 0.5) / width;
			const y = (row + 0.5) / height;
			const { x: u, y: v } = toFilm(x, y);
			const isFilm = u >= 0 && u < 1 && v >= 0 && v < 1;
			const own = isFilm ? black + shown(film, u, v, blackEdge) : around(x, y);
			const lit = covers(x, y) ?? own;
			const noise = NOISE * (random() + random() + random() - 1.5) * 2;
			data[row * width + column] =
				light(x, y, lit) + noise < 0 ? 0 : clamp(light(x, y, lit) + noise);
		}
	}
	return { picture: { width, height, stride: 1, data }, film: corners, content };
}

/** The film's grey above its black, 0 on its black edge; bilinear. */
function shown({ width, height, data }: Grey, u: number, v: number, edge: number): number {
	const across = (u - edge) / (1 - 2 * edge);
	const down = (v - edge) / (1 - 2 * edge);
	if (across < 0 || across >= 1 || down < 0 || down >= 1) return 0;
	const x = Math.min(width - 1, Math.max(0, across * width - 0.5));
	const y = Math.min(height - 1, Math.max(0, down * height - 0.5));
	const [x0, y0] = [Math.floor(x), Math.floor(y)];
	const [x1, y1] = [Math.min(width - 1, x0 + 1), Math.min(height - 1, y0 + 1)];
	const upper = data[y0 * width + x0] * (x0 + 1 - x) + data[y0 * width + x1] * (x - x0);
	const lower = data[y1 * width + x0] * (x0 + 1 - x) + data[y1 * width + x1] * (x - x0);
	return ((FILM_WHITE - FILM_BLACK) / 255) * (upper * (y0 + 1 - y) + lower * (y - y0));
}

type Between = (low: number, high: number) => number;

/** A film in the photograph: turned by up to 6 degrees, each corner moved by up to 4 %. */
function placed(aspect: number, photographAspect: number, between: Between): Corners {
	const share = between(0.62, 0.8);
	const [wide, high] =
		aspect > photographAspect
			? [share, (share * photographAspect) / aspect]
			: [(share * aspect) / photographAspect, share];
	const turn = (between(-6, 6) * Math.PI) / 180;
	const [centreX, centreY] = [0.5 + between(-0.04, 0.04), 0.5 + between(-0.04, 0.04)];
	const corner = (sideX: number, sideY: number): Point => {
		const x = (sideX * wide * photographAspect) / 2;
		const y = (sideY * high) / 2;
		return {
			x:
				centreX +
				(x * Math.cos(turn) - y * Math.sin(turn)) / photographAspect +
				between(-0.04, 0.04),
			y: centreY + x * Math.sin(turn) + y * Math.cos(turn) + between(-0.04, 0.04)
		};
	};
	return [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)];
}

/** The corners of what lies within an edge of the film. */
function cornersAt(place: (u: number, v: number) => Point, edge: number): Corners {
	return [
		place(edge, edge),
		place(1 - edge, edge),
		place(1 - edge, 1 - edge),
		place(edge, 1 - edge)
	];
}

/** What is seen beside the film. */
function surroundOf(
	scene: Scene,
	aspect: number,
	corners: Corners,
	between: Between
): (x: number, y: number) => number {
	if (scene === 'light-box') {
		// A lit box in a dark room, level; its rim is seen on some sides.
		const [left, top] = [between(-0.1, 0.06), between(-0.1, 0.06)];
		const [right, bottom] = [between(0.94, 1.1), between(0.94, 1.1)];
		const [lit, room] = [between(225, 250), between(15, 60)];
		return (x, y) => (x > left && x < right && y > top && y < bottom ? lit : room);
	}
	if (scene === 'window') {
		// Sky above, something darker below, and a bar of the frame.
		const horizon = between(0.55, 0.8);
		const bar = between(0, 1) < 0.5 ? between(0.02, 0.08) : between(0.92, 0.98);
		const [phase, sky, ground] = [between(0, 6), between(205, 245), between(130, 185)];
		return (x, y) => {
			if (Math.abs(x - bar) < 0.015) return 70;
			const cloud = 8 * Math.sin(9 * x + phase) * Math.sin(7 * y * aspect + phase);
			return (y < horizon ? sky : ground + 12 * Math.sin(40 * x + phase)) + cloud;
		};
	}
	// A dark screen around the picture, its lighter rim, and the room behind it.
	const [dark, rim, room] = [between(8, 28), between(50, 80), between(90, 150)];
	const [reachX, reachY] = [between(0.03, 0.2), between(0.03, 0.12)];
	const toFilm = inverseOf(corners);
	return (x, y) => {
		const { x: u, y: v } = toFilm(x, y);
		const beyond = Math.max(-u - reachX, u - 1 - reachX, -v - reachY, v - 1 - reachY);
		return beyond < 0 ? dark : beyond < 0.03 ? rim : room;
	};
}

/** Uneven light and one or two glares, on a grey at a place. */
function lightOf(between: Between): (x: number, y: number, grey: number) => number {
	const [slopeX, slopeY] = [between(-0.2, 0.2), between(-0.2, 0.2)];
	const glares = Array.from({ length: between(0, 1) < 0.5 ? 1 : 2 }, () => ({
		x: between(0.1, 0.9),
		y: between(0.1, 0.9),
		wide: between(0.04, 0.1),
		high: between(0.04, 0.1),
		strength: between(25, 70)
	}));
	return (x, y, grey) => {
		const even = grey * (1 + slopeX * (x - 0.5) + slopeY * (y - 0.5));
		const glare = glares.reduce((sum, one) => {
			const apart = ((x - one.x) / one.wide) ** 2 + ((y - one.y) / one.high) ** 2;
			return apart < 12 ? sum + one.strength * Math.exp(-apart / 2) : sum;
		}, 0);
		return even + glare;
	};
}

/** A thumb at the film's edge in a part of the photographs, a clip in others. */
function coversOf(
	corners: Corners,
	between: Between
): (x: number, y: number) => number | undefined {
	if (between(0, 1) < 0.4) return () => undefined;
	const side = Math.floor(between(0, 4));
	const along = between(0.25, 0.75);
	const [from, to] = [corners[side], corners[(side + 1) % 4]];
	const x0 = from.x + along * (to.x - from.x);
	const y0 = from.y + along * (to.y - from.y);
	const [wide, high, grey] = [between(0.025, 0.05), between(0.025, 0.05), between(90, 170)];
	return (x, y) => {
		const apart = ((x - x0) / wide) ** 2 + ((y - y0) / high) ** 2;
		return apart < 1 ? grey - 30 * apart : undefined;
	};
}

/** The map from the photograph to the film's unit square. */
function inverseOf(corners: Corners): (x: number, y: number) => Point {
	// The homography as a matrix, from where it takes four points; its inverse by the adjugate.
	const [p0, p1, p2, p3] = corners;
	const [dx1, dx2, sx] = [p1.x - p2.x, p3.x - p2.x, p0.x - p1.x + p2.x - p3.x];
	const [dy1, dy2, sy] = [p1.y - p2.y, p3.y - p2.y, p0.y - p1.y + p2.y - p3.y];
	const determinant = dx1 * dy2 - dx2 * dy1;
	const g = (sx * dy2 - dx2 * sy) / determinant;
	const h = (dx1 * sy - sx * dy1) / determinant;
	const [a, b, c] = [p1.x - p0.x + g * p1.x, p3.x - p0.x + h * p3.x, p0.x];
	const [d, e, f] = [p1.y - p0.y + g * p1.y, p3.y - p0.y + h * p3.y, p0.y];
	return (x, y) => {
		const w = (d * h - e * g) * x + (b * g - a * h) * y + (a * e - b * d);
		return {
			x: ((e - f * h) * x + (c * h - b) * y + (b * f - c * e)) / w,
			y: ((f * g - d) * x + (a - c * g) * y + (c * d - a * f)) / w
		};
	};
}

function clamp(grey: number): number {
	return Math.min(255, Math.max(0, Math.round(grey)));
}
