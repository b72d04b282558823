// The part of `npm run evaluate` that reads photographed fields through the app.
import { join, resolve } from 'node:path';
import type { FieldNote } from '../../src/lib/smears/quality.ts';
import { openApp, readDetails, screenFolder, type KeptField } from './app-driver.ts';
import { ensureChromium, type Backend } from './browser.ts';
import { ensureBuilt } from './build.ts';
import { readOfferedManifest } from './packages.ts';
import { tellTenths } from './progress.ts';
import { evaluateSmears, type ReadField, type SmearFigures } from './smears.ts';
import { startServer } from './static-server.ts';
import { markdownTable, rate } from './table.ts';

/** Read the fields of a folder, print what came of them. @returns 1 when one could not be read */
export async function reportSmears(
	folder: string,
	{ model, backend, out: given }: { model: string; backend: Backend | 'auto'; out?: string }
): Promise<number> {
	const out = resolve(given ?? join('out', 'evaluate-smears'));
	const manifest = await readOfferedManifest(model);
	await ensureBuilt();
	await ensureChromium();
	const figures = await evaluateSmears(folder, out, manifest, (fields) =>
		readInApp(fields, model, backend)
	);
	printFigures(figures);
	for (const { field, reason } of figures.failed) console.error(`not read: ${field}: ${reason}`);
	console.log(`\nWritten to ${out}`);
	return figures.failed.length === 0 ? 0 : 1;
}

async function readInApp(folder: string, model: string, backend: Backend | 'auto') {
	const server = await startServer();
	try {
		const app = await openApp({ url: server.url, model, backend });
		try {
			await screenFolder(app.page, folder, { onProgress: tellTenths() });
			const status = app.page.locator('[data-testid=session-status]');
			const medianMs = await status.getAttribute('data-median-ms');
			const fields = (await readDetails(app.page)).fields.map(fieldOf);
			return { fields, medianMs: medianMs ? Number(medianMs) : null };
		} finally {
			await app.close();
		}
	} finally {
		await server.close();
	}
}

function fieldOf({ path, status, problem, radius, notes, cells }: KeptField): ReadField {
	const name = path.slice(path.lastIndexOf('/') + 1);
	if (cells === null) return { name, field: null, reason: problem?.code ?? `${status}: no field` };
	const bytes = new Uint8Array(Buffer.from(cells, 'base64'));
	return {
		name,
		field: { radius, notes: notes as FieldNote[], cells: bytes, tiles: null },
		reason: ''
	};
}

function printFigures({
	fields,
	counted,
	medianMs,
	detection,
	cells,
	slides,
	notes
}: SmearFigures) {
	const { marks, recall, precision, f1, countError, unmarked } = detection;
	console.log(
		`\n${fields} fields, ${counted} red cells counted, ${Math.round(medianMs ?? NaN)} ms a field (median)\n`
	);
	const shares = [recall, precision, f1, countError].map(rate);
	console.log(
		markdownTable(
			['marks', 'recall', 'precision', 'F1', 'count error', 'cells without a mark'],
			[[marks, ...shares, unmarked]]
		)
	);
	if (cells) {
		console.log(
			`\n${cells.n} labelled cells, ${cells.positives} infected: AUC ${rate(cells.auc)}, not recognised ${rate(cells.notRecognised)}\n`
		);
		const points = Object.entries(cells.operatingPoints).map(([id, point]) => [
			id,
			...[point.sensitivity, point.specificity].map(rate)
		]);
		console.log(markdownTable(['point', 'sensitivity', 'specificity'], points));
	}
	console.log('');
	console.log(
		markdownTable(
			['point', 'cells', 'suspected', 'not recognised', 'estimate', 'interval', 'truth'],
			slides.map((slide) => [
				slide.operatingPoint,
				...[slide.cells, slide.suspected, slide.unrecognised],
				rate(slide.estimate?.value),
				`${rate(slide.estimate?.low)} to ${rate(slide.estimate?.high)}`,
				rate(slide.truth?.value)
			])
		)
	);
	const said = Object.entries(notes).map(([note, count]) => `${note} ${count}`);
	if (said.length > 0) console.log(`\nQuality: ${said.join(', ')}`);
}
