/** Where things are in the window, CSS pixels. */
import type { Locator } from 'vitest/browser';

export type Found = Locator | Element;

export function boxOf(found: Found): DOMRect {
	return (found instanceof Element ? found : found.element()).getBoundingClientRect();
}

export function centreOf(found: Found): { x: number; y: number } {
	const { left, right, top, bottom } = boxOf(found);
	return { x: (left + right) / 2, y: (top + bottom) / 2 };
}

/** Whether two boxes have no point in common, to half a pixel. */
export function areApart(a: DOMRect, b: DOMRect): boolean {
	return (
		a.right <= b.left + 0.5 ||
		b.right <= a.left + 0.5 ||
		a.bottom <= b.top + 0.5 ||
		b.bottom <= a.top + 0.5
	);
}

/** Whether a box lies in another one, to half a pixel. */
export function isWithin(inner: DOMRect, outer: DOMRect): boolean {
	return (
		inner.left >= outer.left - 0.5 &&
		inner.right <= outer.right + 0.5 &&
		inner.top >= outer.top - 0.5 &&
		inner.bottom <= outer.bottom + 0.5
	);
}

/** Until what was changed is drawn. */
export async function drawn(): Promise<void> {
	for (let i = 0; i < 2; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
}
