/** The layer of a model that variants of the kernel are timed on. */
import type { ModelPackage } from '../../models/store';
import { Graph } from './graph';
import type { OneConvolution } from './one-convolution';
import { scaleInputs, withChannels } from './pack';
import { planOf, type Plan } from './plan';
import { rangesOf } from './ranges';
import { narrowRanges, type Ranges } from './weights';
import type { ConvolutionStep } from './steps';

/** Maps that are drawn: whole numbers 0..127, half of them 0 as after a ReLU. */
const VALUES = Uint8Array.from({ length: 8191 }, (_, i) => Math.max(0, ((i * 73) % 256) - 128));

/**
 * A layer of the shape that most of a model's layers have, with its own weights: small enough
 * that measuring takes a moment.
 * @returns a small one with drawn weights where no convolution reads maps of 7 bits.
 * @throws UnknownGraph for a model that the int8 engine does not read.
 */
export function measuredLayer(model: ModelPackage): OneConvolution {
	const { input, outputs, activations } = model.manifest.classifier;
	const graph = new Graph(model);
	const { width, height, channels } = input;
	const plan = planOf(graph, { height, width, channels }, [outputs.logits]);
	const ranges = activations ? rangesOf(activations, input) : null;
	const step = ranges ? commonest(plan, ranges) : undefined;
	if (!step || !ranges) return drawn();
	const weight = withChannels(graph.weight(step.weight), step.output.channels);
	scaleInputs(weight, narrowRanges(plan, ranges, step.source));
	return {
		shape: [step.rows, step.columns, step.input.channels, step.output.channels],
		height: step.output.height,
		width: step.output.width,
		values: VALUES,
		weights: weight.values
	};
}

function commonest({ steps }: Plan, { int16 }: Ranges): ConvolutionStep | undefined {
	const shapes = new Map<string, ConvolutionStep[]>();
	for (const step of steps) {
		if (step.kind !== 'convolution' || step.source === '' || int16.has(step.source)) continue;
		const { rows, columns, input, output } = step;
		if (input.channels % 4 !== 0) continue;
		const shape = [rows, columns, input.channels, output.channels, output.height, output.width];
		shapes.set(shape.join(), [...(shapes.get(shape.join()) ?? []), step]);
	}
	return [...shapes.values()]
		.sort((a, b) => b.length - a.length)
		.at(0)
		?.at(0);
}

function drawn(): OneConvolution {
	const weights = Float32Array.from({ length: 9 * 64 * 64 }, (_, i) => ((i * 37) % 65) - 32);
	return { shape: [3, 3, 64, 64], height: 14, width: 14, values: VALUES, weights };
}
