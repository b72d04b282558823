/** Cells in drawn fields, against Python's to the last pixel. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resizePlain } from '../../../../src/lib/pixels/resizer';
import { findCells } from '../../../../src/lib/regions/cells/find';
import { partsOf, shrunk, squaredDistances } from '../../../../src/lib/regions/cells/plane';
import { cellCases, drawnField } from '../../helpers/cells';

describe('cells of a field', { timeout: 60_000 }, () => {
	it.each(cellCases.map((each) => [each.field.name, each] as const))(
		'are those that Python finds: %s',
		(_, { field, found }) => {
			expect(findCells(drawnField(field), resizePlain)).toMatchObject(found);
		}
	);

	it('are looked for in the colours alone, whatever else a pixel holds', () => {
		const [{ field, found }] = cellCases;
		const { width, height, data } = drawnField(field);
		const withAlpha = new Uint8Array(width * height * 4);
		for (let i = 0; i < width * height; i++) withAlpha.set(data.subarray(i * 3, i * 3 + 3), i * 4);
		expect(findCells({ width, height, stride: 4, data: withAlpha }, resizePlain)).toMatchObject(
			found
		);
	});

	it.each([
		[1, 1],
		[700, 1],
		[1, 90]
	])('are none in a picture of one colour, %i x %i', (width, height) => {
		const data = new Uint8Array(width * height * 3).fill(120);
		expect(findCells({ width, height, stride: 3, data }, resizePlain).cells).toEqual([]);
	});
});

/** Small masks of any size. */
const masks = fc
	.integer({ min: 1, max: 12 })
	.chain((width) =>
		fc
			.integer({ min: 1, max: 9 })
			.chain((height) =>
				fc
					.array(fc.boolean(), { minLength: width * height, maxLength: width * height })
					.map((values) => ({ width, height, mask: Uint8Array.from(values, Number) }))
			)
	);

describe('masks', { timeout: 60_000 }, () => {
	it('give each pixel its distance to the nearest one outside', () => {
		fc.assert(
			fc.property(masks, ({ mask, width, height }) => {
				const expected = Array.from(mask, (_, at) => {
					let least = (width + height) ** 2;
					mask.forEach((value, other) => {
						const x = (other % width) - (at % width);
						const y = Math.floor(other / width) - Math.floor(at / width);
						if (value === 0) least = Math.min(least, x * x + y * y);
					});
					return least;
				});
				expect([...squaredDistances(mask, { width, height })]).toEqual(expected);
			})
		);
	});

	it('fall into parts of connected pixels', () => {
		fc.assert(
			fc.property(masks, ({ mask, width, height }) => {
				const { labels, areas } = partsOf(mask, { width, height }, 1);
				mask.forEach((value, at) => {
					expect(labels[at] > 0).toBe(value === 1);
					const neighbours = [at % width > 0 ? at - 1 : -1, at - width];
					for (const other of neighbours.filter((place) => place >= 0)) {
						if (value === 1 && mask[other] === 1) expect(labels[other]).toBe(labels[at]);
					}
				});
				const counts = areas.map((_, part) => labels.filter((label) => label === part).length);
				expect(counts.slice(1)).toEqual(areas.slice(1));
			})
		);
	});

	it('lose their outermost layer, but not at the edge of the picture', () => {
		const mask = Uint8Array.from([1, 1, 1, 1, 1, 1, 1, 1, 0]);
		const expected = [1, 1, 1, 1, 1, 0, 1, 0, 0];
		expect([...shrunk(mask, { width: 3, height: 3 }, 1)]).toEqual(expected);
		expect([...shrunk(Uint8Array.from(expected), { width: 3, height: 3 }, 0)]).toEqual([...mask]);
	});
});
