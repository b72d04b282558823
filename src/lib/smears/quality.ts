/** How good the photograph of a field is, in words' ids. */
import type { Raster, Resize } from '../pixels/resizer';
import type { FoundCells, Owners } from '../regions/cells/find';
import { isCounted } from './counted';

/**
 * `too-thick`: cells overlap too much to be told apart; `thick-smear`: a thick film, whose red
 * cells are dissolved; `not-a-smear`: no picture of stained blood.
 */
export const FIELD_NOTES = [
	'not-a-smear',
	'thick-smear',
	'out-of-focus',
	'too-dark',
	'too-thick',
	'too-few-cells'
] as const;
export type FieldNote = (typeof FIELD_NOTES)[number];

/** Of these nothing can be counted. */
const FATAL: ReadonlySet<FieldNote> = new Set(['not-a-smear', 'thick-smear', 'out-of-focus']);

/** Whole red cells from which on a field says something. */
const FEW_CELLS = 10;
/**
 * Width of the cells' sharper edges, pixels of the working picture (a typical cell's radius is 14
 * there): sharp fields of three laboratories have 1.6 to 2.2. A blur with a standard deviation of
 * a ninth of the radius gives 3.5 to 4.2 and takes a ring's detail.
 */
const WIDEST_EDGE = 3;
/** Green of the background below which a field is too dark; the darkest of Chula's has 127. */
const DARKEST = 64;
/**
 * Share of the cells' edges at which they touch another cell. Fields with cells side by side have
 * up to 0.07, those with cells in stacks 0.24 to 0.45.
 */
const MOST_TOUCHING = 0.2;

/** Whether the cells of a field are counted. */
export function isCountable({ notes }: { notes: readonly FieldNote[] }): boolean {
	return !notes.some((note) => FATAL.has(note));
}

/** What is to be said of a field, the worst first. */
export function notesOf(picture: Raster, found: FoundCells, resize: Resize): FieldNote[] {
	const { cells, owners } = found;
	const counted = cells.filter(isCounted).length;
	if (cells.length === 0) return ['not-a-smear'];
	const others = cells.filter(({ kind }) => kind !== 'red').length;
	if (counted < FEW_CELLS && others > counted) return ['thick-smear'];
	const { edgeWidth, background } = lightOf(picture, owners, resize);
	const notes: FieldNote[] = [];
	if (edgeWidth > WIDEST_EDGE) notes.push('out-of-focus');
	if (background < DARKEST) notes.push('too-dark');
	if (touchingShare(owners) > MOST_TOUCHING) notes.push('too-thick');
	if (counted < FEW_CELLS) notes.push('too-few-cells');
	return notes;
}

/** The median green of the background, and the width of the cells' sharper edges in the working picture. */
function lightOf(picture: Raster, { width, height, of }: Owners, resize: Resize) {
	const green = resize(picture, 1, width, height);
	const clear = new Uint32Array(256);
	const stained = new Uint32Array(256);
	// Of differences over two pixels: 0 to 361.
	const steps = new Uint32Array(362);
	for (let y = 1; y < height - 1; y++) {
		for (let x = 1; x < width - 1; x++) {
			const at = y * width + x;
			const isClear = of[at] === 0;
			(isClear ? clear : stained)[green[at]]++;
			const around = [of[at - 1], of[at + 1], of[at - width], of[at + width]];
			if (around.every((other) => (other === 0) === isClear)) continue;
			const across = green[at + 1] - green[at - 1];
			const down = green[at + width] - green[at - width];
			steps[Math.floor(Math.hypot(across, down))]++;
		}
	}
	const background = quantileOf(clear, 0.5);
	const sharpest = quantileOf(steps, 0.9) / 2;
	const contrast = background - quantileOf(stained, 0.5);
	return { background, edgeWidth: sharpest > 0 ? contrast / sharpest : Infinity };
}

/** The least value at or below which a share of what is counted lies; 0 without any. */
function quantileOf(counts: Uint32Array, share: number): number {
	const total = counts.reduce((sum, count) => sum + count, 0);
	let sum = 0;
	return Math.max(
		0,
		counts.findIndex((count) => (sum += count) >= share * total)
	);
}

/** Of the pixels at the edge of a cell, the share that lies beside another cell. */
function touchingShare({ width, height, of }: Owners): number {
	let [edge, touching] = [0, 0];
	for (let y = 1; y < height - 1; y++) {
		for (let x = 1; x < width - 1; x++) {
			const at = y * width + x;
			const own = of[at];
			if (own === 0) continue;
			const around = [of[at - 1], of[at + 1], of[at - width], of[at + width]];
			if (around.every((other) => other === own)) continue;
			edge++;
			if (around.some((other) => other !== own && other !== 0)) touching++;
		}
	}
	return edge === 0 ? 0 : touching / edge;
}
