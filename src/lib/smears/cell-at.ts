/** Which cell of a field lies under a point. */
import type { ReviewedCell } from './field-review';

/**
 * The cell under a point: of boxes that overlap the one whose middle is nearest, measured in its
 * own size.
 * @param slack added on each side of a box, pixels of the picture: fingers are broad.
 */
export function cellAt(
	cells: readonly ReviewedCell[],
	{ x, y }: { x: number; y: number },
	slack = 0
): ReviewedCell | null {
	let nearest: ReviewedCell | null = null;
	let least = Infinity;
	for (const cell of cells) {
		const { left, top, right, bottom } = cell;
		if (x < left - slack || x > right + slack || y < top - slack || y > bottom + slack) continue;
		const across = (x - (left + right) / 2) / Math.max(1, right - left);
		const down = (y - (top + bottom) / 2) / Math.max(1, bottom - top);
		const away = across ** 2 + down ** 2;
		if (away >= least) continue;
		least = away;
		nearest = cell;
	}
	return nearest;
}
