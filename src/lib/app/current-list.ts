/**
 * The list on the page as a whole: it begins, gets its model, and leaves. What each part of it does
 * is said there.
 */
import type { Backend } from '../engine/backends';
import type { LocalPoint } from '../calibration/local-point';
import type { OperatingPoints } from '../calibration/operating-points.svelte';
import type { LibraryModel, ModelLibrary } from '../models/library.svelte';
import type { Task } from '../tasks/task';
import type { Corners } from '../intake/corners';
import type { Polygon } from '../intake/polygon';
import type { Said } from '../patients/patient';
import type { Problem } from '../problems/problems';
import type { ModelLoader } from '../screening/model-loader';
import type { ScreeningPipeline } from '../screening/pipeline.svelte';
import type { Recorder } from '../sessions/recorder.svelte';
import type { KeptSessions } from '../sessions/sessions.svelte';
import type { SlideViewing } from '../viewer/slide-viewing.svelte';
import type { Viewing } from '../viewer/viewing.svelte';
import type { Worklist } from '../worklist/list.svelte';
import type { ListView } from '../worklist/list-view.svelte';
import type { Arrivals } from './arrivals.svelte';
import type { CellReviews } from './cell-reviews.svelte';
import type { ModelChoice } from './model-choice.svelte';
import type { Patients } from './patients.svelte';
import type { Reviews } from './reviews.svelte';
import type { SlideGroups } from './slide-groups.svelte';

/** What a list consists of, and what it uses. */
export interface ListParts {
	readonly library: ModelLibrary;
	readonly choice: ModelChoice;
	readonly worklist: Worklist;
	readonly points: OperatingPoints;
	readonly recorder: Recorder;
	readonly pipeline: ScreeningPipeline;
	readonly loader: ModelLoader;
	readonly view: ListView;
	readonly viewing: Viewing;
	readonly slideViewing: SlideViewing;
	readonly reviews: Reviews;
	readonly cellReviews: CellReviews;
	readonly slideGroups: SlideGroups;
	readonly patients: Patients;
	readonly arrivals: Arrivals;
	readonly sessions: KeptSessions;
}

export class CurrentList {
	constructor(private readonly parts: ListParts) {}

	/** The model of what is on the page: a list with results keeps its own. */
	get model(): LibraryModel | undefined {
		const { worklist, library, choice } = this.parts;
		return worklist.manifest ? library.find(worklist.manifest.id) : choice.model;
	}

	/** The task of what is on the page. */
	get task(): Task | null {
		const { worklist, choice } = this.parts;
		return worklist.manifest?.task ?? choice.task;
	}

	/** Whether the list on the page would be lost if it left: it is neither kept nor saved. */
	get wouldLose(): boolean {
		const { worklist, pipeline, recorder } = this.parts;
		const { state } = pipeline;
		const isBusy = state === 'running' || state === 'paused';
		const isOwn = worklist.total > 0 && !worklist.isFollowing;
		return isOwn && !recorder.works && (worklist.unsaved || isBusy);
	}

	/** Whether a tab that is closed now costs work: what is kept comes back, the rest does not. */
	get losesByClosing(): boolean {
		const { worklist, pipeline, recorder } = this.parts;
		if (worklist.isFollowing) return false;
		return pipeline.inFlight > 0 || (worklist.unsaved && !recorder.isSettled);
	}

	/** Load the model that is to read into the engine, where it is stored. */
	async openModel(): Promise<void> {
		const { loader, choice, library } = this.parts;
		// Before the library was looked at it is not known which there are; then it is opened.
		if (library.ready) await loader.open(choice.model, choice.forced);
	}

	/** Bring a model onto the device, and load it where it is the one that reads. */
	async downloadModel(model = this.parts.choice.model): Promise<void> {
		if (!model || !(await this.parts.library.download(model))) return;
		await this.modelStored(model);
	}

	/** A model came onto the device: load it where it is the one that reads. */
	async modelStored(model: LibraryModel): Promise<void> {
		if (model === this.parts.choice.model || model === this.model) await this.openModel();
	}

	/** Take a model off the device; images that wait for it go on waiting. */
	async removeModel(model: LibraryModel): Promise<void> {
		const { library, choice, pipeline } = this.parts;
		const { manifest } = model;
		const isReading = model === this.model;
		if (isReading) pipeline.closeEngine();
		await library.remove(model);
		if (manifest) await choice.forget(manifest);
		if (isReading) await this.#changeModel();
	}

	/** Look for something else from now on. A list with results keeps its model. */
	async chooseTask(task: Task): Promise<void> {
		const { choice } = this.parts;
		if (task === choice.task) return;
		// The model at once: images that are dropped meanwhile must not be read by the other.
		const kept = choice.chooseTask(task);
		await this.#changeModel();
		await kept;
	}

	/** Read the next list with this model, and look for what it knows. */
	async chooseModel(model: LibraryModel): Promise<void> {
		if (!model.manifest) return;
		const kept = this.parts.choice.chooseModel(model.manifest);
		await this.#changeModel();
		await kept;
	}

	async chooseBackend(backend: Backend | null): Promise<void> {
		const kept = this.parts.choice.chooseBackend(backend);
		await this.openModel();
		await kept;
	}

	/** Sort by another operating point. */
	choosePoint(id: string): void {
		this.parts.points.choose(id);
		this.parts.recorder.touch();
	}

	/**
	 * Keep a local operating point and let it decide from now on.
	 * @returns what went wrong with keeping it.
	 */
	async useLocalPoint(point: LocalPoint): Promise<Problem | null> {
		const kept = this.parts.points.useLocal(point);
		this.parts.recorder.touch();
		return kept;
	}

	/** Empty the page. Where the list is kept, it stays kept as it is. */
	clear(): void {
		const { pipeline, view, viewing, slideViewing, patients } = this.parts;
		const { reviews, cellReviews, slideGroups } = this.parts;
		pipeline.clear();
		view.reset();
		viewing.close();
		slideViewing.reset();
		reviews.forget();
		cellReviews.forget();
		slideGroups.forget();
		patients.forget();
	}

	/** Begin a new list, and load what was chosen or stored meanwhile. The old one stays kept. */
	async startOver(): Promise<void> {
		const { arrivals, pipeline, points, sessions, recorder, loader, choice } = this.parts;
		void arrivals.forget();
		this.clear();
		pipeline.engine.forgetProblem();
		points.showList(null);
		// Whoever begins a new list need not be offered the old one.
		sessions.decline();
		void recorder.left().then(() => sessions.refresh());
		if (!loader.isReady(choice.model)) await this.openModel();
	}

	/** Empty the page, and wait until what it held is on the disk and free. */
	async leave(): Promise<void> {
		await this.startOver();
		await this.parts.recorder.left();
	}

	/**
	 * Add the files of the list's folders, where the browser has them and the user agrees.
	 * @param ask whether the browser may put the question; right after a click only.
	 * @returns false where they cannot be opened: the user adds the folder.
	 */
	async addFolders(ask: boolean): Promise<boolean> {
		const { recorder, pipeline } = this.parts;
		const { session } = recorder;
		const collected = await recorder.openFolders(ask);
		if (!collected) return false;
		// The user may have gone on to another list meanwhile.
		if (recorder.session?.id === session?.id) pipeline.add(collected);
		return true;
	}

	/** All of the list is in a file that the user saved. */
	markSaved(): void {
		this.parts.worklist.markSaved();
		this.parts.recorder.touch();
	}

	/** Undo the last review, and show the image that it was of. */
	undoReview(): void {
		const { reviews, viewing } = this.parts;
		const id = reviews.undo();
		if (id !== null) viewing.goTo(id);
	}

	/** Read the image that the viewer shows again; the viewer stays with it. */
	cropShown(corners: Corners | null): void {
		const { pipeline, viewing } = this.parts;
		if (viewing.row) pipeline.crop(viewing.row.id, corners);
	}

	/** Read the image that the viewer shows again, within outlines that were drawn. */
	redrawShown(drawn: readonly Polygon[] | null): void {
		const { pipeline, viewing } = this.parts;
		if (viewing.row) pipeline.redraw(viewing.row.id, drawn);
		viewing.close();
	}

	/** Say of the image that the viewer shows that its outline is wrong, or take it back. */
	markOutlineShown(isWrong: boolean): void {
		const { reviews, viewing } = this.parts;
		if (viewing.row) reviews.markOutline(viewing.row.id, isWrong);
	}

	/**
	 * Keep what was typed of the patient of the image that the viewer shows.
	 * @param forAll whether it holds for all images of that patient; the day is this image's alone.
	 */
	typePatientShown(said: Said, forAll: boolean): void {
		const { patients, view, viewing } = this.parts;
		const { row } = viewing;
		if (!row) return;
		const { date, ...person } = said;
		const images = forAll ? view.imagesOf(row) : [row];
		if (Object.keys(person).length > 0)
			patients.type(
				images.map(({ id }) => id),
				person
			);
		if (date !== undefined) patients.type([row.id], { date });
	}

	/** Let the image that the viewer shows decide, or not, although it is outside the intended use. */
	overruleShown(overruled: boolean): void {
		const { reviews, viewing } = this.parts;
		if (viewing.row) reviews.overrule(viewing.row.id, overruled);
	}

	/** A list with results goes on as it is; else the chosen model takes the engine. */
	async #changeModel(): Promise<void> {
		const { worklist } = this.parts;
		if (worklist.finishedCount > 0 && worklist.manifest) return;
		await this.openModel();
	}
}
