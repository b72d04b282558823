/** PDFs through the intake, opened in this thread. */
import { withArchives } from '../../../src/lib/intake/archives';
import { entriesOfFiles, openEntry, type Collected } from '../../../src/lib/intake/entries';
import { openPdf, type PdfDocument } from '../../../src/lib/intake/pdf/document';
import type { PdfPages } from '../../../src/lib/intake/pdf/pages';
import type { Picture } from '../../../src/lib/formats/format';
import type { Outcome } from '../../../src/lib/problems/problems';
import { bytesOf, fixture } from './images';
import { readImage } from './formats';

export interface PdfSample {
	name: string;
	bytes: Uint8Array<ArrayBuffer>;
	pages: readonly (
		{ problem: string } | { width: number; height: number; channels: number; pixels: string }
	)[];
}

/** Made by `fixtures/make_pdf.py`. */
export const PDFS: readonly PdfSample[] = fixture<{
	files: (Omit<PdfSample, 'bytes'> & { bytes: string })[];
}>('pdf').files.map((file) => ({ ...file, bytes: bytesOf(file.bytes) }));

/** In the place of the worker. */
class PdfHere implements PdfPages {
	private readonly documents = new Map<number, Promise<Outcome<PdfDocument>>>();

	async pages(id: number, file: File) {
		const opened = await this.open(id, file);
		return opened.ok ? { ok: true as const, value: opened.value.pages } : opened;
	}

	async picture(id: number, file: File, index: number) {
		const opened = await this.open(id, file);
		return opened.ok ? opened.value.picture(index) : opened;
	}

	private open(id: number, file: File): Promise<Outcome<PdfDocument>> {
		const known = this.documents.get(id);
		const opened = known ?? file.arrayBuffer().then((buffer) => openPdf(new Uint8Array(buffer)));
		this.documents.set(id, opened);
		return opened;
	}
}

/** The entries of one file. */
export function entriesOf(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<Collected> {
	return withArchives(entriesOfFiles([new File([bytes], name)]), undefined, new PdfHere());
}

/** Every page of a PDF, decoded. */
export async function readPages(bytes: Uint8Array<ArrayBuffer>): Promise<Outcome<Picture>[]> {
	const { entries } = await entriesOf('film.pdf', bytes);
	const pages: Outcome<Picture>[] = [];
	for (const entry of entries) {
		const file = await openEntry(entry);
		pages.push(file.ok ? await readImage(new Uint8Array(await file.value.arrayBuffer())) : file);
	}
	return pages;
}
