/** What every export of a list offers. A new one is a file here and a line in `registry.ts`. */
import type { Manifest, OperatingPoint } from '../models/manifest';
import type { Slide } from '../worklist/slides';
import type { ReportRow } from './report';

/** What is written: a list, and what its categories rest on. */
export interface Report {
	readonly rows: readonly ReportRow[];
	/** Of a list of smears its slides; left out where there are none. */
	readonly slides?: readonly Slide[];
	/** Null for a list that no model has read. */
	readonly model: { readonly manifest: Manifest; readonly point: OperatingPoint } | null;
	/** When the file is made. */
	readonly made: Date;
}

/** One way to write a report. */
interface Format {
	/** Also the ending of its files, where they have none of their own. */
	readonly id: string;
	readonly ending?: string;
	/** Media type. */
	readonly type: string;
	/** Programs and colleagues elsewhere read English; people here read the language of the page. */
	readonly language: 'english' | 'page';
	/** What people call the format, in every language. */
	readonly name: string;
	/** What it is good for, where the name does not say. */
	says?(): string;
}

/** Words and figures alone. */
export interface TextExport extends Format {
	/** The whole file as text. It is called in the language of the file. */
	write(report: Report): string;
}

/** With the pictures: what writes it is fetched when it is asked for, and takes a while. */
export interface PictureExport extends Format {
	load(): Promise<PictureWriter>;
}

export type ResultExport = TextExport | PictureExport;

/**
 * The whole file. It is called in the language of the file, and takes all words before it waits.
 * @throws {DOMException} `AbortError` where the user gave up.
 */
type PictureWriter = (report: Report, making: Making) => Promise<Blob>;

export interface Making {
	/** Opens the picture of a row of the report; one is in memory at a time. */
	readonly pictureOf: (row: ReportRow) => Promise<ReadPicture | null>;
	readonly signal: AbortSignal;
	/** Called after each picture. */
	readonly onPicture: (done: number, of: number) => void;
}

/** The picture that was read, with the outline of what was read in it. */
export interface ReadPicture {
	/** Baseline JPEG, 8 bits. */
	readonly jpeg: Uint8Array;
	/** Whether it is the list's small one, because the file is not there. */
	readonly isSmall: boolean;
}
