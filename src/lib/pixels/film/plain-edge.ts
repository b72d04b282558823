/** The dark edge around the picture on a film or a screen, which is no part of it. */
import type { Corners } from '../../intake/corners';
import { homographyOf } from '../rectify';
import { quantileOf, type SmallPicture } from './gradients';

/** How many rows and columns are looked at. */
const SIDE = 200;
/** Widest edge, as a share of the side. */
const MOST = 0.4;
/** A row is plain where so much of it is within so many greys of the edge's own. */
const LEAST_PLAIN = 0.8;
const SPREAD = 14;
/** The edge is darker than the brightest fifth of all by at least so many greys. */
const LEAST_DARKER = 25;
/** Lines that the step from one edge to the next takes. */
const BLURRED = 5;
/** Edges within each other. */
const MOST_EDGES = 3;
/** Rows beside the edge that go with it: the last one is half edge, half picture. */
const SLACK = 1;

/** The edge, as a share of the film's width (on its left and right) and height. */
interface PlainEdge {
	across: number;
	down: number;
}

/** The corners of what lies within the dark edge; the same ones where there is none. */
export function withoutPlainEdge(corners: Corners, picture: SmallPicture): Corners {
	const { across, down } = plainEdgeOf(corners, picture);
	const place = homographyOf(corners);
	return [
		place(across, down),
		place(1 - across, down),
		place(1 - across, 1 - down),
		place(across, 1 - down)
	];
}

/** How wide the dark edge around a film's picture is, 0 where there is none. */
function plainEdgeOf(corners: Corners, picture: SmallPicture): PlainEdge {
	const film = straightened(corners, picture);
	const bright = quantileOf(film, 0.8);
	const edge = (at: (depth: number, along: number) => number) => {
		const most = Math.floor(MOST * SIDE);
		const line = (depth: number) =>
			Uint8Array.from({ length: SIDE }, (_, along) => film[at(depth, along)]);
		/** Near an edge a line may be half of either side: up to so many lines on. */
		const firstPlain = (depth: number): number | null => {
			for (let at = depth + 1; at <= Math.min(most, depth + BLURRED); at++) {
				const own = quantileOf(line(at), 0.5);
				if (own <= bright - LEAST_DARKER && isPlain(line(at), own)) return at;
			}
			return null;
		};
		let depth = 0;
		// A screen's rim, its dark glass and a film's black edge come one after the other.
		for (let edges = 0; edges < MOST_EDGES; edges++) {
			const start = firstPlain(depth);
			if (start === null) break;
			const own = quantileOf(line(start), 0.5);
			let end = start + 1;
			while (end < most && isPlain(line(end), own)) end++;
			depth = end;
		}
		return depth === 0 ? 0 : (depth + SLACK) / SIDE;
	};
	// A film's edge is as wide on both sides; what is wider on one is air beside the patient.
	const across = Math.min(
		edge((depth, along) => along * SIDE + depth),
		edge((depth, along) => along * SIDE + SIDE - 1 - depth)
	);
	const down = Math.min(
		edge((depth, along) => depth * SIDE + along),
		edge((depth, along) => (SIDE - 1 - depth) * SIDE + along)
	);
	return { across, down };
}

function isPlain(line: Uint8Array, own: number): boolean {
	let plain = 0;
	for (const grey of line) if (Math.abs(grey - own) <= SPREAD) plain++;
	return plain >= LEAST_PLAIN * line.length;
}

/** The film as a square, `SIDE` x `SIDE`, nearest pixels. */
function straightened(corners: Corners, { width, height, data }: SmallPicture): Uint8Array {
	const place = homographyOf(corners);
	const out = new Uint8Array(SIDE * SIDE);
	for (let row = 0; row < SIDE; row++) {
		for (let column = 0; column < SIDE; column++) {
			const { x, y } = place((column + 0.5) / SIDE, (row + 0.5) / SIDE);
			const [px, py] = [Math.floor(x * width), Math.floor(y * height)];
			const [inX, inY] = [
				Math.min(width - 1, Math.max(0, px)),
				Math.min(height - 1, Math.max(0, py))
			];
			out[row * SIDE + column] = data[inY * width + inX];
		}
	}
	return out;
}
