/** The files that a user saves of the list on the page: results, patients, slides and cells. */
import type { OperatingPoints } from '../calibration/operating-points.svelte';
import { csv } from '../exports/csv';
import type { ResultExport } from '../exports/export';
import { reportFileName } from '../exports/file-name';
import type { Naming } from '../exports/identity';
import { json } from '../exports/json';
import { reportOf, type ReportRow } from '../exports/report';
import { reportFile, saveFile } from '../exports/save';
import { canShare, shareFile } from '../platform/share';
import { cellsCsv, slidesCsv } from '../exports/smears';
import { slidesJson } from '../exports/smears-json';
import type { Worklist } from '../worklist/list.svelte';
import type { ListView } from '../worklist/list-view.svelte';
import type { SlideList } from '../worklist/slide-list.svelte';
import type { Patients } from './patients.svelte';

/** What the files are made of. */
export interface FileParts {
	readonly worklist: Worklist;
	readonly points: OperatingPoints;
	readonly view: ListView;
	readonly slides: SlideList;
	readonly patients: Patients;
	/** All of the list is in a file now. */
	readonly markSaved: () => void;
}

export class ListFiles {
	constructor(private readonly parts: FileParts) {}

	/** Everything of the list for a file, by urgency, without patients; empty without a model. */
	report(): ReportRow[] {
		return this.#report('none', new Map());
	}

	/** Give the whole list to the user, whatever is filtered, without patients. */
	save(format: ResultExport): void {
		this.#save(format, () => this.report());
	}

	/** Whether the system hands such a file to other programs. */
	canShare({ id, ending, type }: ResultExport): boolean {
		return canShare(new File([''], `list.${ending ?? id}`, { type }));
	}

	/**
	 * Hand the whole list to another program, without patients; where the system does not, it is
	 * saved as a file. Call it in answer to a press.
	 */
	async share(format: ResultExport): Promise<void> {
		const file = this.#file(format, () => this.report());
		if (!file) return;
		const outcome = await shareFile(file);
		if (outcome === 'closed') return;
		if (outcome === 'refused') saveFile(file, file.name);
		this.parts.markSaved();
	}

	/** The same as a file with the patients, by name or under replacement numbers. */
	async saveWithPatients(format: ResultExport, naming: 'code' | 'names'): Promise<void> {
		const { patients, view, worklist } = this.parts;
		const known = worklist.rows.map((row) => view.patientOf(row));
		const codes =
			naming === 'code' ? await patients.replacements(known) : new Map<string, string>();
		this.#save(format, () => this.#report(naming, codes));
	}

	/**
	 * The patient of this list that a replacement number stands for.
	 * @returns what a search finds them by; null where none of this list has it.
	 */
	async patientBehind(replacement: string): Promise<string | null> {
		const { patients, view, worklist } = this.parts;
		const known = worklist.rows.map((row) => view.patientOf(row));
		const codes = await patients.replacements(known);
		const wanted = replacement.trim().toUpperCase();
		const found = known.find(({ key }) => key !== null && codes.get(key) === wanted);
		return found?.number ?? found?.name ?? null;
	}

	#report(naming: Naming, codes: ReadonlyMap<string, string>): ReportRow[] {
		const { worklist, points, view } = this.parts;
		const { manifest } = worklist;
		const point = points.inForce;
		if (!manifest || !point) return [];
		const { patientOf } = view;
		return reportOf(worklist.rows, point, manifest, { naming, patientOf, codes });
	}

	#save(format: ResultExport, rowsOf: () => readonly ReportRow[]): void {
		const file = this.#file(format, rowsOf);
		if (!file) return;
		saveFile(file, file.name);
		this.parts.markSaved();
	}

	/** Null without a model. */
	#file(format: ResultExport, rowsOf: () => readonly ReportRow[]): File | null {
		const { worklist, points } = this.parts;
		const { manifest } = worklist;
		const point = points.inForce;
		if (!point || !manifest) return null;
		return reportFile(format, () => ({
			rows: rowsOf(),
			model: { manifest, point },
			made: new Date()
		}));
	}

	/** Give a table of all slides, or of all their cells, or both as JSON, to the user. */
	saveSlides(what: 'slides' | 'cells' | 'json'): void {
		const { rule, slides } = this.parts.slides;
		if (!rule) return;
		const made = new Date();
		if (what === 'json') {
			const content = new Blob([slidesJson(slides, rule, made)], { type: json.type });
			saveFile(content, reportFileName(made, 'slides.json'));
			return;
		}
		const text = what === 'slides' ? slidesCsv(slides, rule) : cellsCsv(slides, rule);
		saveFile(new Blob([text], { type: csv.type }), reportFileName(made, `${what}.csv`));
	}
}
