/** A row that came under the hand just before it was pressed was not meant. */
import { describe, expect, it } from 'vitest';
import { RecentOrders } from '../../../src/lib/worklist/recent-orders';

function ordersAt(...changes: [ids: number[], now: number, isAsked?: boolean][]): RecentOrders {
	const orders = new RecentOrders();
	for (const [ids, now, isAsked] of changes) orders.changed(ids, now, isAsked ?? false);
	return orders;
}

describe('a row that is pressed', () => {
	it('is another one than was meant, where it took the place of a row just before', () => {
		const orders = ordersAt([[1, 2], 0], [[2, 1], 1000]);
		expect(orders.stoodAt(0, 1100)).toBe(false);
		expect(orders.stoodAt(0, 1700)).toBe(true);
	});

	it('is the one that was meant, where it stayed at its place', () => {
		const orders = ordersAt([[1, 2], 0], [[1, 3, 2], 1000]);
		expect(orders.stoodAt(0, 1001)).toBe(true);
		expect(orders.stoodAt(1, 1001)).toBe(false);
	});

	it('is another one than was meant, where the order changed twice while the person aimed', () => {
		const orders = ordersAt([[1, 2, 3], 0], [[9, 2, 1, 3], 2000], [[9, 8, 2, 1, 3], 2400]);
		expect([0, 1].map((place) => orders.stoodAt(place, 2500))).toEqual([false, false]);
		expect([0, 1].map((place) => orders.stoodAt(place, 2700))).toEqual([true, false]);
		expect([0, 1, 2].map((place) => orders.stoodAt(place, 3001))).toEqual([true, true, true]);
	});

	it('is the one that was meant, where nothing stood there before', () => {
		expect(ordersAt([[], 0], [[1], 1000]).stoodAt(0, 1001)).toBe(true);
		expect(ordersAt([[1], 0], [[1, 2], 1000]).stoodAt(1, 1001)).toBe(true);
	});

	it('is the one that was meant, where a person asked for the order', () => {
		const orders = ordersAt([[1, 2], 0], [[2], 1000, true]);
		expect(orders.stoodAt(0, 1001)).toBe(true);
	});
});
