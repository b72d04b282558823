/**
 * A report as a ZIP of DICOM files: a folder a study, in it the pictures (Secondary Capture) and
 * one report (SR) of what is said of them. No path of it names a patient.
 */
import { BlobWriter, Uint8ArrayReader, ZipWriter } from '@zip.js/zip.js/index-native.js';
import type { Making, Report } from '../export';
import type { ReportRow } from '../report';
import { secondaryCapture, type Capture } from './secondary-capture';
import { reportWords, saidOfImage, saidOfSlide, structuredReport } from './structured-report';
import { studiesOf } from './study';
import { newUid } from './values';

/** In this thread, as it is: JPEGs do not shrink. */
const STORED = { level: 0, useWebWorkers: false, extendedTimestamp: false } as const;

export async function writeDicom(report: Report, making: Making): Promise<Blob> {
	const { made, model } = report;
	// All words before the first wait: they are in the language that is spoken now.
	const words = reportWords(model);
	const studies = studiesOf(report).map((study) => ({
		study,
		said: study.slide
			? saidOfSlide(study.slide, study.rows, model)
			: study.rows.flatMap((row) => saidOfImage(row, model))
	}));
	const zip = new ZipWriter(new BlobWriter('application/zip'), { ...STORED, lastModDate: made });
	const add = (path: string, bytes: Uint8Array) => zip.add(path, new Uint8ArrayReader(bytes));
	const total = studies.reduce((sum, { study }) => sum + study.rows.length, 0);
	let done = 0;
	for (const [at, { study, said }] of studies.entries()) {
		const folder = `study-${String(at + 1).padStart(4, '0')}`;
		const series = newUid();
		const captures = new Map<ReportRow, Capture>();
		for (const row of study.rows) {
			const picture = await making.pictureOf(row);
			making.signal.throwIfAborted();
			const capture: Capture = {
				uid: newUid(),
				series,
				number: captures.size + 1,
				common: study.common,
				made,
				origin: row.origin ?? null
			};
			const file = picture && secondaryCapture(capture, picture);
			if (file) {
				captures.set(row, capture);
				await add(`${folder}/picture-${String(capture.number).padStart(4, '0')}.dcm`, file);
			}
			making.onPicture(++done, total);
		}
		await add(`${folder}/report.dcm`, structuredReport(study, said, captures, words, made));
	}
	return zip.close();
}
