/** Whether the texts of a page have room, also when they are longer (pseudo-localisation). */
import type { Page } from '@playwright/test';

/**
 * Make the texts of the page 1.4 times as long, once each. File names stay: they have rules of
 * their own.
 */
export function lengthen(page: Page): Promise<void> {
	return page.evaluate(() => {
		const ACCENTED: Record<string, string> = { a: 'á', e: 'é', i: 'í', o: 'ö', u: 'ü', n: 'ñ' };
		const state = window as unknown as { lengthened?: WeakMap<Node, string> };
		const known = (state.lengthened ??= new WeakMap());

		/** Two letters of five come twice. */
		function longer(text: string): string {
			let letters = 0;
			return text.replace(/\p{L}/gu, (letter) => {
				const again = letters++ % 5 < 2;
				return again ? (ACCENTED[letter] ?? letter) + letter : letter;
			});
		}

		const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
		while (walker.nextNode()) {
			const node = walker.currentNode as Text;
			if (
				known.get(node) === node.data ||
				node.parentElement?.closest('script, style, bdi, code, [dir=auto]')
			)
				continue;
			node.data = longer(node.data);
			known.set(node, node.data);
		}
		for (const input of document.querySelectorAll<HTMLInputElement>('[placeholder]')) {
			if (known.get(input) === input.placeholder) continue;
			input.placeholder = longer(input.placeholder);
			known.set(input, input.placeholder);
		}
	});
}

/**
 * Find the elements that are wider than their box or stand outside the window, and the buttons
 * whose words are taller than they are.
 *
 * @returns each element by its tag, classes and words; empty where all has room
 */
export function overflowing(page: Page): Promise<string[]> {
	return page.evaluate(async () => {
		// What is placed by script follows a change of size in the frame after it.
		for (let i = 0; i < 2; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
		const said = (element: Element) =>
			`${element.tagName.toLowerCase()}${[...element.classList].map((name) => `.${name}`).join('')} “${(element.textContent ?? '').trim().replace(/\s+/g, ' ').slice(0, 60)}”`;
		const found: string[] = [];
		const scrolls = (element: Element) => /auto|scroll/.test(getComputedStyle(element).overflowX);
		/** Whether something around it cuts or scrolls it: that one answers for it. */
		const isInside = (element: Element): boolean => {
			for (let up = element.parentElement; up && up !== document.body; up = up.parentElement) {
				if (getComputedStyle(up).overflowX !== 'visible') return true;
			}
			return false;
		};

		const root = document.scrollingElement!;
		if (root.scrollWidth > root.clientWidth + 1) {
			found.push(`the page: ${root.scrollWidth} of ${root.clientWidth} pixels`);
		}
		for (const element of document.body.querySelectorAll('*')) {
			if (element.closest('.visually-hidden, .skip, [hidden], select')) continue;
			if (!element.checkVisibility({ visibilityProperty: true })) continue;
			const box = element.getBoundingClientRect();
			if (element instanceof SVGElement) {
				const plot = element.tagName === 'text' && element.closest('svg');
				if (!plot) continue;
				const edge = plot.getBoundingClientRect();
				if (box.left < edge.left - 1 || box.right > edge.right + 1) found.push(said(element));
				continue;
			}
			const style = getComputedStyle(element);
			const isCut = style.textOverflow === 'ellipsis';
			const tooWide =
				element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1 && !isCut;
			const tooTall = element.matches('button') && element.scrollHeight > element.clientHeight + 1;
			const outside = box.left < -1 || box.right > window.innerWidth + 1;
			if (tooTall || (tooWide && !scrolls(element)) || (outside && !isInside(element))) {
				found.push(said(element));
			}
		}
		return found;
	});
}
