/** Places of maps: given again, but never while they are needed. */
import { describe, expect, it } from 'vitest';
import { Graph } from '../../../../src/lib/engine/int8/graph';
import { gridsOf } from '../../../../src/lib/engine/int8/layout';
import { placeMaps } from '../../../../src/lib/engine/int8/maps';
import { planOf, type Plan } from '../../../../src/lib/engine/int8/plan';
import { loadKernel, VARIANTS } from '../../helpers/kernels';
import { shippedPackage } from '../../helpers/shipped';

interface Life {
	name: string;
	address: number;
	bytes: number;
	/** The step that writes it, -1 for the image, and the last that reads it. */
	from: number;
	to: number;
	form: string;
}

/** From the plan alone, without the code under test. */
function livesOf(plan: Plan, kept: string[], places: ReturnType<typeof placeMaps>, grids: Grids) {
	const readByHead = [...kept, ...plan.head.flatMap(({ inputs }) => inputs)];
	const lives: Life[] = [];
	for (const [name, address] of places.wide) {
		const { height, width, channels } = plan.shapes.get(name)!;
		const from = plan.steps.findIndex((step) => step.name === name);
		const reads = plan.steps.map(
			(step) =>
				(step.kind === 'pool' && step.source === name) ||
				(step.kind === 'convolution' && step.residual === name)
		);
		const to = readByHead.includes(name) ? Infinity : Math.max(from, reads.lastIndexOf(true));
		lives.push({ name, address, bytes: 4 * height * width * channels, from, to, form: 'wide' });
	}
	for (const [name, address] of places.narrow) {
		const { shape, border, rowBytes, pixelBytes } = grids.get(name)!;
		const from = plan.steps.findIndex((step) => step.name === name);
		const reads = plan.steps.map((step) => step.kind === 'convolution' && step.source === name);
		const bytes = rowBytes * (shape.height + 2 * border);
		const form = [shape.height, shape.width, border, pixelBytes].join();
		lives.push({ name, address, bytes, from, to: reads.lastIndexOf(true), form });
	}
	return lives;
}
type Grids = ReturnType<typeof gridsOf>;

describe.each(['pneumonia-resnet34', 'pneumonia-resnet50'])('the maps of %s', (id) => {
	const { manifest, ...rest } = shippedPackage(id);
	const { logits, features } = manifest.outputs;
	const { height, width, channels } = manifest.input;
	const plan = planOf(new Graph(rest), { height, width, channels }, [logits, features]);

	it.each(VARIANTS)('do not lie over each other while they are needed: %s', async (variant) => {
		const kernel = await loadKernel(variant);
		const places = placeMaps(plan, [features], kernel, 3);
		const lives = livesOf(plan, [features], places, gridsOf(plan, kernel));
		expect(lives.length).toBeGreaterThan(40);
		let followers = 0;
		for (const one of lives) {
			expect(one.address).toBeGreaterThanOrEqual(3 * 65536);
			expect(one.address + one.bytes).toBeLessThanOrEqual((3 + places.pages) * 65536);
			for (const other of lives) {
				const overlap =
					one.address < other.address + other.bytes && other.address < one.address + one.bytes;
				if (one === other || !overlap) continue;
				followers++;
				const apart = one.to < other.from || other.to < one.from;
				expect(apart, `${one.name} and ${other.name}`).toBe(true);
				// Otherwise one would write into the other's border.
				expect([other.address, other.form]).toEqual([one.address, one.form]);
			}
		}
		expect(followers).toBeGreaterThan(20);
	});
});
