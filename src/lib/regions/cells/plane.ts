/** Planes of numbers and masks of one bit a pixel, of any size, row after row. */

export interface Size {
	width: number;
	height: number;
}

/** Connected parts (over the edges of pixels) of the pixels of a value. */
export interface Parts {
	/** Of each pixel its part, counted from 1; 0 elsewhere. */
	labels: Int32Array;
	/** Pixels of each part; the first number is of no part. */
	areas: number[];
	/** Whether a part touches the picture's edge. */
	isAtEdge: boolean[];
}

/** The connected parts of a mask's pixels of a value, in the order of their first pixels. */
export function partsOf(mask: Uint8Array, { width, height }: Size, value: 0 | 1): Parts {
	const labels = new Int32Array(mask.length);
	const areas = [0];
	const isAtEdge = [false];
	const stack = new Int32Array(mask.length);
	for (let first = 0; first < mask.length; first++) {
		if (mask[first] !== value || labels[first] !== 0) continue;
		const label = areas.length;
		let [area, edge, waiting] = [0, false, 1];
		stack[0] = first;
		labels[first] = label;
		while (waiting > 0) {
			const at = stack[--waiting];
			area++;
			const x = at % width;
			const isTop = at < width;
			const isBottom = at >= (height - 1) * width;
			if (x === 0 || x === width - 1 || isTop || isBottom) edge = true;
			if (x > 0 && mask[at - 1] === value && labels[at - 1] === 0) {
				labels[at - 1] = label;
				stack[waiting++] = at - 1;
			}
			if (x < width - 1 && mask[at + 1] === value && labels[at + 1] === 0) {
				labels[at + 1] = label;
				stack[waiting++] = at + 1;
			}
			if (!isTop && mask[at - width] === value && labels[at - width] === 0) {
				labels[at - width] = label;
				stack[waiting++] = at - width;
			}
			if (!isBottom && mask[at + width] === value && labels[at + width] === 0) {
				labels[at + width] = label;
				stack[waiting++] = at + width;
			}
		}
		areas.push(area);
		isAtEdge.push(edge);
	}
	return { labels, areas, isAtEdge };
}

/**
 * A mask without the pixels beside one of the other value (its four neighbours); what lies beyond
 * the picture counts as the value kept.
 * @param value of the pixels that lose their outermost layer: 1 erodes, 0 dilates.
 */
export function shrunk(mask: Uint8Array, { width, height }: Size, value: 0 | 1): Uint8Array {
	const result = mask.slice();
	const other = 1 - value;
	for (let y = 0; y < height; y++) {
		const row = y * width;
		for (let x = 0; x < width; x++) {
			const at = row + x;
			if (mask[at] === other) continue;
			const isBeside =
				(x > 0 && mask[at - 1] === other) ||
				(x < width - 1 && mask[at + 1] === other) ||
				(y > 0 && mask[at - width] === other) ||
				(y < height - 1 && mask[at + width] === other);
			if (isBeside) result[at] = other;
		}
	}
	return result;
}

/**
 * The squared distance of each pixel of a mask to the nearest one outside it, in pixels; a very
 * large number everywhere where there is none. What lies beyond the picture counts as inside.
 * Exact: Meijster, Roerdink and Hesselink 2000, "A general algorithm for computing distance
 * transforms in linear time".
 */
export function squaredDistances(mask: Uint8Array, { width, height }: Size): Int32Array {
	const far = width + height;
	const down = new Int32Array(mask.length);
	for (let at = 0; at < mask.length; at++) {
		const above = at < width ? far : down[at - width];
		down[at] = mask[at] === 0 ? 0 : Math.min(far, above + 1);
	}
	for (let at = mask.length - width - 1; at >= 0; at--) {
		if (down[at + width] + 1 < down[at]) down[at] = down[at + width] + 1;
	}
	const result = new Int32Array(mask.length);
	const places = new Int32Array(width);
	const starts = new Int32Array(width);
	for (let y = 0; y < height; y++) {
		const row = y * width;
		let last = 0;
		places[0] = 0;
		starts[0] = 0;
		for (let x = 1; x < width; x++) {
			const high = down[row + x];
			while (last >= 0) {
				const start = starts[last];
				const place = places[last];
				const side = down[row + place];
				const before = (start - place) * (start - place) + side * side;
				if (before <= (start - x) * (start - x) + high * high) break;
				last--;
			}
			if (last < 0) {
				last = 0;
				places[0] = x;
				continue;
			}
			const one = places[last];
			const low = down[row + one];
			// The first column at which the later place is the nearer one.
			const from = 1 + Math.floor((x * x - one * one + high * high - low * low) / (2 * (x - one)));
			if (from < width) {
				last++;
				places[last] = x;
				starts[last] = from;
			}
		}
		for (let x = width - 1; x >= 0; x--) {
			const place = places[last];
			const side = down[row + place];
			result[row + x] = (x - place) * (x - place) + side * side;
			if (x === starts[last]) last--;
		}
	}
	return result;
}
