/** Fields of smears as a test needs them. */
import { packCells, type CellScore, type FieldReading } from '../../../src/lib/smears/field';
import type { CountRule } from '../../../src/lib/smears/count';
import type { FoundCell } from '../../../src/lib/regions/cells/find';
import type { Row } from '../../../src/lib/worklist/row';
import { exampleManifest } from './manifest';
import { rowAt } from './rows';

/** The rule of the example manifest at its careful point (0.2; the strict one is 0.6). */
export function exampleRule(point = 0): CountRule {
	const manifest = exampleManifest();
	return { manifest, point: manifest.operatingPoints[point] };
}

const logOddsOf = (probability: number) => Math.log(probability / (1 - probability));

/** A cell 20 pixels wide, the next one beside it. */
export function cellAt(place: number, changes: Partial<FoundCell> = {}): FoundCell {
	const left = 30 * place;
	return { left, top: 10, right: left + 20, bottom: 30, kind: 'red', isCut: false, ...changes };
}

/** A field of red cells with these probabilities. */
export function fieldOf(
	probabilities: readonly number[],
	changes: Partial<FieldReading> = {}
): FieldReading {
	const cells = probabilities.map((_, i) => cellAt(i));
	const scores = probabilities.map((probability): CellScore => ({
		logOdds: logOddsOf(probability),
		distance: null
	}));
	return {
		radius: 10,
		notes: [],
		cells: packCells(cells, scores),
		tiles: null,
		...changes
	};
}

/** A row of a field. */
export function fieldRow(
	id: number,
	path: string,
	probabilities: readonly number[],
	changes: Partial<Row> = {}
): Row {
	const probability = Math.max(0, ...probabilities);
	return rowAt(id, path, {
		status: 'done',
		probability,
		field: fieldOf(probabilities),
		...changes
	});
}
