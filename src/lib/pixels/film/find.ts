/** Finds the film in a photograph: the four lines around it that are edges along their length. */
import { areUsable, withinImage, type Corners } from '../../intake/corners';
import type { Point } from '../../intake/polygon';
import type { Raster, Resize } from '../resizer';
import { withoutPlainEdge } from './plain-edge';
import { fitSide } from './fit-side';
import { quantileOf, slopeAt, slopesOf, type Slopes, type SmallPicture } from './gradients';
import { areaOf, type Quad } from './quad';
import { edgeLines, type Line } from './lines';

/** Longest side of the picture that lines are looked for in, pixels. */
const SIDE = 320;
/** Shortest side of a film, as a share of the photograph's. */
const LEAST_SHARE = 0.28;
/** Places of a side that are looked at. */
const SAMPLES = 40;
/** Greys a pixel from which on a place of a side is an edge. */
const EDGE_SLOPE = 6;
/** A film is found where its sides, and its weakest one, are edges along so much of their length. */
const LEAST_MEAN = 0.8;
const LEAST_SIDE = 0.6;
/** Edges that go on beyond the corners so far are no film's. */
const MOST_BEYOND = 0.5;
/** What counts for a quadrilateral beside the mean of its sides. */
const WEIGHTS = { weakest: 0.5, area: 0.2, beyond: 0.5 };
/** How far beyond a corner and within a side is looked, as a share of the side. */
const BEYOND = 0.1;
const WITHIN = 0.03;

/**
 * The corners of the film in a photograph of it: upper left, upper right, lower right, lower
 * left, in fractions of the photograph; null where none is found. A film on a lit surface, in
 * front of a window or on a screen, that lies no more than 24 degrees askew. On a screen the
 * corners are less sure: dark glass may stay around the film, or air beside the patient go.
 */
export function findFilm(photograph: Raster, resize: Resize): Corners | null {
	const picture = smallOf(photograph, resize);
	const { width, height } = picture;
	const slopes = slopesOf(picture);
	const outer = bestQuad(picture, slopes);
	if (!outer) return null;
	const [a, b, c, d] = refined(outer, slopes).map(({ x, y }) =>
		withinImage({ x: (x + 0.5) / width, y: (y + 0.5) / height })
	);
	const corners: Corners = [a, b, c, d];
	return areUsable(corners) ? withoutPlainEdge(corners, picture) : null;
}

function smallOf(photograph: Raster, resize: Resize): SmallPicture {
	const scale = Math.min(1, SIDE / Math.max(photograph.width, photograph.height));
	const width = Math.max(3, Math.round(photograph.width * scale));
	const height = Math.max(3, Math.round(photograph.height * scale));
	return { width, height, data: resize(photograph, 'grey', width, height) };
}

function bestQuad(picture: SmallPicture, slopes: Slopes): Quad | null {
	const { width, height } = picture;
	const lines = edgeLines(slopes);
	const white = quantileOf(picture.data, 0.97);
	const centre = { x: width / 2, y: height / 2 };
	const rows = pairsOf(lines.across, centre, LEAST_SHARE * height);
	const columns = pairsOf(lines.down, centre, LEAST_SHARE * width);
	let best: { quad: Quad; score: number } | null = null;
	for (const [top, bottom] of rows) {
		for (const [left, right] of columns) {
			const quad: Quad = [
				crossing(top, left),
				crossing(top, right),
				crossing(bottom, right),
				crossing(bottom, left)
			];
			if (!isWithin(quad, width, height)) continue;
			const score = scoreOf(quad, slopes, width * height);
			if (score === null || (best && score <= best.score)) continue;
			// The lit surface itself is no film.
			if (isLitWithin(quad, picture, white)) continue;
			best = { quad, score };
		}
	}
	return best?.quad ?? null;
}

/** Each two lines that may be opposite sides, the one with the lower place first. */
function pairsOf(lines: readonly Line[], { x, y }: Point, least: number): [Line, Line][] {
	const placed = lines.map((line) => ({
		line,
		// Where it crosses the middle of the picture.
		at:
			Math.abs(line.ny) > Math.abs(line.nx)
				? (line.distance - line.nx * x) / line.ny
				: (line.distance - line.ny * y) / line.nx
	}));
	return placed.flatMap((first) =>
		placed
			.filter((second) => second.at - first.at >= least)
			.map((second): [Line, Line] => [first.line, second.line])
	);
}

/** Where two lines cross. Level and upright lines do. */
function crossing(a: Line, b: Line): Point {
	const determinant = a.nx * b.ny - a.ny * b.nx;
	return {
		x: (a.distance * b.ny - b.distance * a.ny) / determinant,
		y: (a.nx * b.distance - b.nx * a.distance) / determinant
	};
}

function isWithin(quad: Quad, width: number, height: number): boolean {
	return quad.every(({ x, y }) => x >= -2 && x <= width + 1 && y >= -2 && y <= height + 1);
}

/** How far a quadrilateral is the outline of something; null where it is not. */
function scoreOf(quad: Quad, slopes: Slopes, pixels: number): number | null {
	const sides = quad.map((from, i) => sideOf(from, quad[(i + 1) % 4], slopes));
	const mean = sides.reduce((sum, { support }) => sum + Math.abs(support), 0) / 4;
	const weakest = Math.min(...sides.map(({ support }) => Math.abs(support)));
	if (mean < LEAST_MEAN || weakest < LEAST_SIDE) return null;
	const beyond = sides.reduce((sum, side) => sum + side.beyond, 0) / 4;
	if (beyond > MOST_BEYOND) return null;
	// Around a film it is brighter on all sides, or darker.
	if (new Set(sides.map(({ support }) => Math.sign(support))).size > 1) return null;
	return (
		mean +
		WEIGHTS.weakest * weakest +
		WEIGHTS.area * Math.sqrt(areaOf(quad) / pixels) -
		WEIGHTS.beyond * beyond
	);
}

/**
 * The share of a side that is an edge, below 0 where it is brighter outside; and how far the edge
 * goes on beyond its ends, 0..1.
 */
function sideOf(from: Point, to: Point, slopes: Slopes) {
	const [dx, dy] = [to.x - from.x, to.y - from.y];
	const length = Math.hypot(dx, dy);
	// Into the quadrilateral: its corners go round clockwise, as y grows downwards.
	const [nx, ny] = [-dy / length, dx / length];
	const strength = (share: number): number => {
		const [x, y] = [from.x + share * dx, from.y + share * dy];
		let strongest = 0;
		for (let step = -1; step <= 1; step++) {
			const slope = slopeAt(slopes, x + step * nx, y + step * ny, nx, ny);
			if (Math.abs(slope) > Math.abs(strongest)) strongest = slope;
		}
		return Math.max(-1, Math.min(1, strongest / EDGE_SLOPE));
	};
	let [brighter, darker] = [0, 0];
	for (let i = 0; i < SAMPLES; i++) {
		const found = strength((i + 0.5) / SAMPLES);
		if (found > 0) brighter += found;
		else darker -= found;
	}
	const support = (brighter >= darker ? brighter : -darker) / SAMPLES;
	const outer = [0.4, 0.7, 1].flatMap((share) => [-share * BEYOND, 1 + share * BEYOND]);
	const beyond = outer.reduce((sum, share) => sum + Math.abs(strength(share)), 0) / outer.length;
	return { support, beyond };
}

/** Whether it is lit all along the inside of the sides: a light box, a window pane, a sheet. */
function isLitWithin(quad: Quad, { width, height, data }: SmallPicture, white: number): boolean {
	const middle = {
		x: quad.reduce((sum, { x }) => sum + x, 0) / 4,
		y: quad.reduce((sum, { y }) => sum + y, 0) / 4
	};
	let [lit, all] = [0, 0];
	for (const [i, from] of quad.entries()) {
		const to = quad[(i + 1) % 4];
		for (let k = 0; k < SAMPLES; k++) {
			const share = (k + 0.5) / SAMPLES;
			const x = from.x + share * (to.x - from.x);
			const y = from.y + share * (to.y - from.y);
			const column = Math.round(x + 2 * WITHIN * (middle.x - x));
			const row = Math.round(y + 2 * WITHIN * (middle.y - y));
			if (column < 0 || column >= width || row < 0 || row >= height) continue;
			all++;
			if (data[row * width + column] >= 0.85 * white) lit++;
		}
	}
	return lit > 0.7 * all;
}

/** Each side laid through the edge that it is near to. */
function refined(quad: Quad, slopes: Slopes): Quad {
	const lines = quad.map((from, i) => fitSide(from, quad[(i + 1) % 4], slopes));
	return [
		crossing(lines[0], lines[3]),
		crossing(lines[0], lines[1]),
		crossing(lines[2], lines[1]),
		crossing(lines[2], lines[3])
	];
}
