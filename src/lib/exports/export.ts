/** What every export of a list offers. A new one is a file here and a line in `registry.ts`. */
import type { Manifest, OperatingPoint } from '../models/manifest';
import type { ReportRow } from './report';

/** What is written: a list, and what its categories rest on. */
export interface Report {
	readonly rows: readonly ReportRow[];
	/** Null for a list that no model has read. */
	readonly model: { readonly manifest: Manifest; readonly point: OperatingPoint } | null;
	/** When the file is made. */
	readonly made: Date;
}

/** One way to write a report. */
export interface ResultExport {
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
	/** The whole file as text. It is called in the language of the file. */
	write(report: Report): string;
}
