/** Cells cut out of drawn fields, and their even colours, against Python's to the last bit. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { evenColours } from '../../../../src/lib/pixels/even-colours';
import { resizePlain } from '../../../../src/lib/pixels/resizer';
import { cutOut } from '../../../../src/lib/regions/cells/cut-out';
import { findCells } from '../../../../src/lib/regions/cells/find';
import { cutOutSingle } from '../../../../src/lib/regions/cells/single';
import { cellCases, drawnField, singleCases } from '../../helpers/cells';

/** As `fieldlens_training/data/colours.py` has it. */
const RULE = { target: [196, 158, 168], radius: 35, least: 32 };

const digestOf = (bytes: Uint8Array | Uint8ClampedArray) =>
	createHash('sha256').update(bytes).digest('hex').slice(0, 12);

describe('cells that are cut out', () => {
	it.each(cellCases.map((each) => [each.field.name, each] as const))(
		'have the bits that Python gives: %s',
		(_, { field, digests }) => {
			const picture = drawnField(field);
			const found = findCells(picture, resizePlain);
			const cells = found.cells.map((_cell, i) => cutOut(picture, found, i));
			const bits = cells.map(({ data, width }) => ({
				cutOut: digestOf(data),
				even: digestOf(evenColours(Uint8Array.from(data), width, RULE))
			}));
			expect(bits).toEqual(digests);
		}
	);

	it('show no other cell and nothing beyond the picture', () => {
		const [{ field }] = cellCases;
		const picture = drawnField(field);
		const found = findCells(picture, resizePlain);
		const cell = cutOut(picture, found, 0);
		const corner = [...cell.data.subarray(0, 3)];
		expect(corner).toEqual([0, 0, 0]);
		const middle = (Math.floor(cell.height / 2) * cell.width + Math.floor(cell.width / 2)) * 3;
		expect(Math.max(...cell.data.subarray(middle, middle + 3))).toBeGreaterThan(100);
	});
});

describe('a single cell with a background', () => {
	it.each(singleCases.map((each) => [each.field.name, each] as const))(
		'gives what Python gives: %s',
		(_, { field, cut }) => {
			const cell = cutOutSingle(drawnField(field), resizePlain);
			expect(cell && { side: cell.width, cutOut: digestOf(cell.data) }).toEqual(cut);
		}
	);

	it('is left alone once it lies on black', () => {
		const cell = cutOutSingle(drawnField(singleCases[0].field), resizePlain);
		if (cell === null) throw new Error('no cell was cut out');
		expect(cutOutSingle(cell, resizePlain)).toBeNull();
	});
});

describe('even colours', () => {
	it('bring the typical colour of the middle to the target, whatever the light was', () => {
		const side = 20;
		const pixels = new Uint8Array(side * side * 3);
		for (let i = 0; i < side * side; i++) pixels.set([120, 90, 150], i * 3);
		pixels.set([60, 30, 150], ((side / 2) * side + side / 2) * 3);
		const even = evenColours(pixels, side, RULE);
		expect([...even.subarray(0, 3)]).toEqual(RULE.target);
		// 60 * 196 / 120 and 30 * 158 / 90, rounded.
		expect([...even.subarray(((side / 2) * side + side / 2) * 3).subarray(0, 3)]).toEqual([
			98, 53, 168
		]);
	});

	it('do not make a black picture bright', () => {
		const even = evenColours(new Uint8Array(8 * 8 * 3).fill(4), 8, RULE);
		expect([...even.subarray(0, 3)]).toEqual([25, 20, 21]);
	});
});
