/**
 * Red cells are paler in the middle, so that many are rings in a mask: fills the pallor and leaves
 * the gaps between touching cells. The same bits as `fieldlens_training/regions/cells/pallor.py`.
 */
import type { Foreground } from './foreground';
import { partsOf, squaredDistances, type Parts } from './plane';

/** Of a typical cell's area: a part that is filled and no larger is one cell. */
const ONE_CELL = 1.7;
/** Of a typical cell's area: what pallor covers at most where cells touch. */
const MOST_PALLOR = 0.6;
/** Of the squared typical radius: holes that are always filled. */
const LEAST_HOLE = 0.05;
/** Of a hole's area: the largest disc in pallor covers at least this. Between round cells it is
 * 0.47 (three) or 0.63 (four). */
const ROUND = 0.6;
/** Mean flattened green of a hole up to which it is no background. */
const PALE = 188;
/** Of the picture: holes that are filled while the cells' size is not known. */
const UNKNOWN_SIZE = 0.02;

/**
 * What fills the pallor of a field.
 * @returns gives the mask with the pallor filled, for the radius of a typical cell in pixels; null
 * while that is not known. Asked again for another radius it measures nothing twice.
 */
export function pallorFiller(foreground: Foreground): (radius: number | null) => Uint8Array {
	const { mask } = foreground;
	const holes = partsOf(mask, foreground, 0);
	const isHole = holes.areas.map((_, hole) => hole > 0 && !holes.isAtEdge[hole]);
	let known: Surroundings | null = null;
	return (radius) => {
		if (radius === null) {
			const most = UNKNOWN_SIZE * mask.length;
			return filled(mask, holes.labels, (hole) => isHole[hole] && holes.areas[hole] < most);
		}
		const around = (known ??= surroundingsOf(foreground, holes, isHole));
		const cell = Math.PI * radius * radius;
		return filled(mask, holes.labels, (hole) => {
			if (!isHole[hole]) return false;
			if (around.partAreas[hole] <= ONE_CELL * cell) return true;
			const area = holes.areas[hole];
			if (area > MOST_PALLOR * cell) return false;
			const isRound = Math.PI * around.widest[hole] >= ROUND * area;
			const isSmall = area < LEAST_HOLE * radius * radius;
			return isRound || isSmall || around.sums[hole] <= PALE * area;
		});
	};
}

/** Of each hole, by its label. */
interface Surroundings {
	/** Sum of flattened green. */
	sums: Float64Array;
	/** Squared radius of the largest disc in it. */
	widest: Int32Array;
	/** Area of the part that it lies in, its holes filled. */
	partAreas: Int32Array;
}

function surroundingsOf(
	foreground: Foreground,
	holes: Parts,
	isHole: readonly boolean[]
): Surroundings {
	const { mask, green } = foreground;
	const whole = filled(mask, holes.labels, (hole) => isHole[hole]);
	const parts = partsOf(whole, foreground, 1);
	const distances = squaredDistances(
		mask.map((value) => 1 - value),
		foreground
	);
	const sums = new Float64Array(holes.areas.length);
	const widest = new Int32Array(holes.areas.length);
	const partAreas = new Int32Array(holes.areas.length);
	holes.labels.forEach((hole, at) => {
		if (!isHole[hole]) return;
		sums[hole] += green[at];
		widest[hole] = Math.max(widest[hole], distances[at]);
		partAreas[hole] = parts.areas[parts.labels[at]];
	});
	return { sums, widest, partAreas };
}

function filled(
	mask: Uint8Array,
	labels: Int32Array,
	isFilled: (hole: number) => boolean
): Uint8Array {
	const known = new Map<number, boolean>([[0, false]]);
	return mask.map((value, at) => {
		const hole = labels[at];
		let fill = known.get(hole);
		if (fill === undefined) known.set(hole, (fill = isFilled(hole)));
		return fill ? 1 : value;
	});
}
