// The steps of a microscope field before its cells are read, by the app's own code on the page's
// thread, each by itself.
import { withPicture } from '../../../src/lib/formats/decode.ts';
import { thumbnailFrom, warmUpInput } from '../../../src/lib/pixels/model-input.ts';
import { succeeded } from '../../../src/lib/problems/problems.ts';
import { findCells } from '../../../src/lib/regions/cells/find.ts';
import { cutOutCells, type SmearRule } from '../../../src/lib/smears/prepare.ts';
import { notesOf } from '../../../src/lib/smears/quality.ts';
import type { FieldPage, FieldParts } from './protocol.ts';

const page: FieldPage = {
	async measureFields(addresses, rule) {
		const parts = [];
		for (const address of addresses) {
			const file = new File([await (await fetch(address)).blob()], address);
			parts.push(await partsOf(file, rule));
		}
		return parts;
	}
};
Object.assign(globalThis, page);

async function partsOf(file: File, rule: SmearRule): Promise<FieldParts> {
	const resize = await warmUpInput();
	const start = performance.now();
	const outcome = await withPicture(file, null, async ({ raster }) => {
		const decoded = performance.now();
		const found = findCells(raster, resize);
		const isFound = performance.now();
		const { read } = cutOutCells(raster, found, rule, resize);
		const isCut = performance.now();
		await thumbnailFrom(raster);
		notesOf(raster, found, resize);
		return succeeded({
			cells: read.length,
			width: raster.width,
			height: raster.height,
			decodeMs: decoded - start,
			findMs: isFound - decoded,
			cutMs: isCut - isFound,
			restMs: performance.now() - isCut
		});
	});
	if (!outcome.ok) throw new Error(`${file.name} cannot be read: ${outcome.problem.code}`);
	return outcome.value;
}
