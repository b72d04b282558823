// Where TensorFlow.js and ONNX lay out the same thing differently: kernels, windows that slide.
import { attributesOf } from './graph-model.ts';
import type { GraphNode } from './graph-model.ts';

/** Strides and padding of a window that slides over an image. */
export function slidingOf(node: GraphNode): Record<string, number[] | string> {
	const attributes = attributesOf(node);
	const [, high = 1, wide = 1] = attributes.numbers('strides');
	const strides = [high, wide];
	const padding = attributes.text('padding');
	if (padding === 'SAME') return { strides, auto_pad: 'SAME_UPPER' };
	if (padding === 'VALID') return { strides, pads: [0, 0, 0, 0] };
	// Of batch, height, width and channels: before and after each.
	const [, , top = 0, bottom = 0, left = 0, right = 0] = attributes.numbers('explicit_paddings');
	return { strides, pads: [top, left, bottom, right] };
}

/** A kernel [height, width, in, out] as [out, in, height, width]. */
export function toOihw(
	[high = 1, wide = 1, ins = 1, outs = 1]: readonly number[],
	data: ArrayLike<number>
): [number[], Float32Array] {
	const moved = new Float32Array(data.length);
	let place = 0;
	for (let o = 0; o < outs; o++) {
		for (let i = 0; i < ins; i++) {
			for (let cell = 0; cell < high * wide; cell++) {
				moved[place++] = data[(cell * ins + i) * outs + o] ?? 0;
			}
		}
	}
	return [[outs, ins, high, wide], moved];
}
