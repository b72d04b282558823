/** What is done with kept sessions while one of them may be the list on the page. */
import type { OperatingPoints } from '../calibration/operating-points.svelte';
import { reportOf } from '../exports/report';
import type { Identity } from '../exports/identity';
import type { ResultExport } from '../exports/export';
import type { FileMaking } from '../exports/file-making.svelte';
import { reportFile, saveFile } from '../exports/save';
import type { Collected } from '../intake/entries';
import { NO_RULES, patientsBy } from '../patients/rules';
import type { Problem } from '../problems/problems';
import type { ModelLoader } from '../screening/model-loader';
import type { ScreeningPipeline } from '../screening/pipeline.svelte';
import type { Recorder } from '../sessions/recorder.svelte';
import type { KeptSessions } from '../sessions/sessions.svelte';
import { markExported, readPaths } from '../sessions/store';
import type { StoredSession } from '../sessions/stored';
import { readList } from '../sessions/stored-list';
import { FieldCounter, slidesOf } from '../worklist/slides';
import type { CurrentList } from './current-list';

export interface SessionParts {
	readonly list: CurrentList;
	readonly sessions: KeptSessions;
	readonly recorder: Recorder;
	readonly pipeline: ScreeningPipeline;
	readonly points: OperatingPoints;
	readonly loader: ModelLoader;
	/** Makes files with pictures. */
	readonly making: FileMaking;
}

export class SessionActions {
	constructor(private readonly parts: SessionParts) {}

	/** The last list, until the user begins another. */
	get offer(): StoredSession | null {
		const { list, declined } = this.parts.sessions;
		const last = list.at(0);
		if (!last || declined || this.parts.recorder.session) return null;
		return last;
	}

	/**
	 * Show a kept session in place of the list on the page, at once and without a model; then
	 * get its model ready to go on.
	 */
	async open(id: string): Promise<Problem | null> {
		if (this.#isHere(id)) return null;
		const problem = await this.#show(id);
		await this.parts.list.openModel();
		return problem;
	}

	/**
	 * The same, and read on where the browser still has the list's folder. Call it in answer to
	 * a click, which lets the browser ask whether it may open the folder.
	 */
	async goOnWith(id: string): Promise<Problem | null> {
		if (this.#isHere(id)) return null;
		const problem = await this.#show(id);
		const { list, pipeline } = this.parts;
		// Neither is waited for: the list is there, and a click counts for a few seconds only.
		void list.openModel();
		if (!problem && pipeline.state === 'interrupted') void list.addFolders(true);
		return problem;
	}

	/**
	 * Open the unfinished list that is offered where these are its files, so that what is done is
	 * not read twice.
	 * @returns a promise for when they can be added; null where they can be now.
	 */
	openFor({ entries }: Collected): Promise<void> | null {
		const { offer } = this;
		const mayGoOn = offer && isUnfinished(offer) && !this.parts.sessions.inUse.has(offer.id);
		return mayGoOn && entries.length > 0 ? this.#openWhereKnown(offer.id, entries) : null;
	}

	/** Save a kept session to a file, at the operating point that it was left at. */
	async save({ id }: StoredSession, format: ResultExport): Promise<void> {
		const { points, sessions, list, making } = this.parts;
		const found = await sessions.attempt(() => readList(id));
		if (!found) return;
		const { rows, manifest, session } = found;
		const model = manifest && { manifest, point: points.of(manifest, session.point) };
		const report = () => ({
			rows: model ? reportOf(rows, model.point, model.manifest, nobody(session)) : [],
			...(model && { slides: slidesOf(rows, new FieldCounter(model), session.redCells ?? {}) }),
			model,
			made: new Date()
		});
		const file =
			'write' in format ? reportFile(format, report) : await making.make(format, report, rows);
		if (!file) return;
		saveFile(file, file.name);
		if (this.#isHere(id)) list.markSaved();
		else await sessions.attempt(() => markExported(id));
	}

	/** Delete a kept session; where it is the list on the page, that is emptied. */
	async remove(session: StoredSession): Promise<void> {
		if (this.#isHere(session.id)) await this.#leaveOwn();
		await this.parts.sessions.remove(session);
	}

	async removeAll(): Promise<void> {
		if (this.parts.recorder.session) await this.#leaveOwn();
		await this.parts.sessions.removeAll();
	}

	async rename(session: StoredSession, name: string): Promise<void> {
		const given = await this.parts.sessions.rename(session, name);
		if (this.#isHere(session.id)) this.parts.recorder.rename(given);
	}

	#isHere(id: string): boolean {
		return this.parts.recorder.session?.id === id;
	}

	/** A list that another tab works on stays in sight. */
	async #leaveOwn(): Promise<void> {
		if (this.parts.pipeline.state !== 'following') await this.parts.list.leave();
	}

	#show(id: string): Promise<Problem | null> {
		const { list, recorder, points, loader } = this.parts;
		return loader.closedWhile(async () => {
			const found = await recorder.find(id);
			if (!found.ok) return found.problem;
			list.clear();
			const opened = await recorder.open(found.value);
			if (!opened.ok) {
				// Half a list would look like a whole one.
				list.clear();
				return opened.problem;
			}
			const { point, owned } = opened.value;
			points.showList(point || null);
			void owned?.then((isOwn) => (isOwn ? list.openModel() : undefined));
			return null;
		});
	}

	async #openWhereKnown(id: string, entries: Collected['entries']): Promise<void> {
		try {
			const known = await readPaths(id);
			const again = entries.filter(({ path }) => known.has(path)).length;
			if (2 * again > entries.length) await this.open(id);
		} catch {
			// A new list, then; the old one is where it was.
		}
	}
}

/** Names and numbers of patients stay out of a file that nobody asked to hold them. */
function nobody({ patientRules = NO_RULES }: StoredSession): Identity {
	return { naming: 'none', patientOf: patientsBy(patientRules), codes: new Map() };
}

function isUnfinished({ finished, total }: StoredSession): boolean {
	return finished < total;
}
