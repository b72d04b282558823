/** Drawn microscope fields with their cells, as a list holds them once they are read. */
import { packCells, type CellScore } from '../../../src/lib/smears/field';
import type { FoundCell } from '../../../src/lib/regions/cells/find';
import type { Row } from '../../../src/lib/worklist/row';
import { rowAt } from '../../unit/helpers/rows';

const WIDTH = 600;
const HEIGHT = 400;
const RADIUS = 24;
/** Cells in a line. */
const COLUMNS = 8;

/** The cells of a drawn field, from left to right, then down. */
function cellsOf(count: number): FoundCell[] {
	return Array.from({ length: count }, (_, i) => {
		const x = 50 + 68 * (i % COLUMNS);
		const y = 50 + 62 * Math.floor(i / COLUMNS);
		return {
			...{ left: x - RADIUS, top: y - RADIUS, right: x + RADIUS, bottom: y + RADIUS },
			kind: 'red' as const,
			isCut: false
		};
	});
}

async function drawn(probabilities: readonly number[]): Promise<Blob> {
	const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
	const context = canvas.getContext('2d')!;
	context.fillStyle = '#eee6da';
	context.fillRect(0, 0, WIDTH, HEIGHT);
	const disc = (x: number, y: number, radius: number, colour: string) => {
		context.fillStyle = colour;
		context.beginPath();
		context.arc(x, y, radius, 0, 2 * Math.PI);
		context.fill();
	};
	cellsOf(probabilities.length).forEach(({ left, top }, i) => {
		disc(left + RADIUS, top + RADIUS, RADIUS - 1, '#d3978f');
		disc(left + RADIUS, top + RADIUS, 9, '#dfb3aa');
		if (probabilities[i] > 0.3) disc(left + 16, top + 20, 5, '#53327a');
	});
	return canvas.convertToBlob();
}

/**
 * A field whose cells have these probabilities.
 * @param isAtHand whether its file can be opened.
 */
export async function drawnFieldRow(
	id: number,
	path: string,
	probabilities: readonly number[],
	{ isAtHand = true, ...changes }: Partial<Row> & { isAtHand?: boolean } = {}
): Promise<Row> {
	const file = new File([await drawn(probabilities)], path, { type: 'image/png' });
	const open = () =>
		isAtHand ? Promise.resolve(file) : Promise.reject(new DOMException('gone', 'NotFoundError'));
	const scores = probabilities.map((one): CellScore => ({
		logOdds: Math.log(one / (1 - one)),
		distance: null
	}));
	const found = cellsOf(probabilities.length);
	return rowAt(id, path, {
		entry: { path, open },
		status: 'done',
		probability: Math.max(...probabilities),
		width: WIDTH,
		height: HEIGHT,
		field: { radius: RADIUS, notes: [], cells: packCells(found, scores), tiles: null },
		...changes
	});
}
