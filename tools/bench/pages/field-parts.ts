// The steps of a microscope field before its cells are read, by the app's own code on the page's
// thread, each by itself.
import { withPicture } from '../../../src/lib/formats/decode.ts';
import { warmUpInput } from '../../../src/lib/pixels/model-input.ts';
import { succeeded } from '../../../src/lib/problems/problems.ts';
import { findCells } from '../../../src/lib/regions/cells/find.ts';
import { cutOutCells, prepareSmear, type SmearRule } from '../../../src/lib/smears/prepare.ts';
import type { FieldParts } from './protocol.ts';

/** Measure the fields at these addresses, each once; what comes first warms the code. */
export async function measureFields(
	addresses: readonly string[],
	rule: SmearRule
): Promise<FieldParts[]> {
	const parts = [];
	for (const address of addresses) {
		const file = new File([await (await fetch(address)).blob()], address);
		parts.push(await partsOf(file, rule));
	}
	return parts;
}

async function partsOf(file: File, rule: SmearRule): Promise<FieldParts> {
	const resize = await warmUpInput();
	const start = performance.now();
	const outcome = await withPicture(file, null, ({ raster }) => {
		const decoded = performance.now();
		const found = findCells(raster, resize);
		const isFound = performance.now();
		const { read } = cutOutCells(raster, found, rule, resize);
		return Promise.resolve(
			succeeded({
				cells: read.length,
				width: raster.width,
				height: raster.height,
				decodeMs: decoded - start,
				findMs: isFound - decoded,
				cutMs: performance.now() - isFound
			})
		);
	});
	if (!outcome.ok) throw new Error(`${file.name} cannot be read: ${outcome.problem.code}`);
	const { decodeMs, findMs, cutMs } = outcome.value;
	const before = performance.now();
	await prepareSmear(file, rule);
	// The small picture and the notes on quality: all that a decode worker does beside these.
	const restMs = performance.now() - before - decodeMs - findMs - cutMs;
	return { ...outcome.value, restMs };
}
