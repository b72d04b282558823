/** Places of maps: given again, but never while they are needed. */
import { describe, expect, it } from 'vitest';
import { Graph } from '../../../../src/lib/engine/int8/graph';
import { gridsOf, type Grid, type Outline } from '../../../../src/lib/engine/int8/layout';
import { placeMaps, type MapPlaces } from '../../../../src/lib/engine/int8/maps';
import { planOf } from '../../../../src/lib/engine/int8/plan';
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
function livesOf({ plan, kept }: Outline, places: MapPlaces, grids: ReadonlyMap<string, Grid>) {
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

describe.each(['pneumonia-resnet34', 'pneumonia-resnet50'])('the maps of %s', (id) => {
	const { manifest, ...rest } = shippedPackage(id);
	const { logits, distance } = manifest.classifier.outputs;
	const { height, width, channels } = manifest.classifier.input;
	const plan = planOf(new Graph(rest), { height, width, channels }, [logits, distance!]);
	/** Some in 16 bits, as ranges may ask for. */
	const int16 = new Set([...plan.shapes.keys()].filter((_, i) => i % 5 === 0));
	const outline = { plan, kept: [], int16 };

	it.each(VARIANTS)('do not lie over each other while they are needed: %s', async (variant) => {
		const kernel = await loadKernel(variant);
		const grids = gridsOf(outline, kernel);
		const places = placeMaps(outline, grids, 3);
		const lives = livesOf(outline, places, grids);
		expect(lives.length).toBeGreaterThan(40);
		let followers = 0;
		for (const one of lives) {
			expect(one.address).toBeGreaterThanOrEqual(3 * 65536);
			expect(one.address + one.bytes).toBeLessThanOrEqual((3 + places.pages) * 65536);
			for (const other of lives) {
				const overlap =
					one.address < other.address + other.bytes && other.address < one.address + one.bytes;
				if (one.from > other.from || one === other || !overlap) continue;
				followers++;
				// A sum may be written where its other part was read, pixel by pixel.
				const isSum = plan.steps.some(
					(step) =>
						step.kind === 'convolution' && step.name === other.name && step.residual === one.name
				);
				const follows = one.to < other.from || (isSum && one.to === other.from);
				expect(follows, `${one.name} and ${other.name}`).toBe(true);
				// Otherwise one would write into the other's border.
				expect([other.address, other.form]).toEqual([one.address, one.form]);
			}
		}
		expect(followers).toBeGreaterThan(20);
	});
});
