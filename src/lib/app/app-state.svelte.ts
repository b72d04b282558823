/**
 * The program's state, composed from its parts. The root layout makes one and hands it on by
 * Svelte's context; a test makes its own. What each part does is said there.
 */
import { withTimeLimit } from '../base/time-limit';
import { CalibrationState } from '../calibration/calibration-state.svelte';
import { ListTruth } from '../calibration/list-truth.svelte';
import { OperatingPoints } from '../calibration/operating-points.svelte';
import type { RunStudy } from '../calibration/study-runner';
import { FileMaking } from '../exports/file-making.svelte';
import type { Collected } from '../intake/entries';
import { modelName } from '../models/card-messages';
import { packagesAmong, type PackageFolder } from '../models/from-files';
import { ModelLibrary } from '../models/library.svelte';
import { InstallOffer } from '../platform/install.svelte';
import { Notifier } from '../platform/notifier.svelte';
import { ScreenWakeLock } from '../platform/wake-lock';
import type { Problem } from '../problems/problems';
import { Explaining } from '../screening/explaining.svelte';
import { ModelLoader } from '../screening/model-loader';
import { ScreeningPipeline } from '../screening/pipeline.svelte';
import type { ReaderParts } from '../screening/reader';
import { ReadingEngine } from '../screening/reading-engine.svelte';
import { Passphrase } from '../sessions/passphrase.svelte';
import { Recorder } from '../sessions/recorder.svelte';
import { secretSettings } from '../sessions/secret-settings';
import { KeptSessions } from '../sessions/sessions.svelte';
import type { Tabs } from '../sessions/tabs';
import { storedSettings } from '../storage/database';
import { SlideViewing } from '../viewer/slide-viewing.svelte';
import { Viewing } from '../viewer/viewing.svelte';
import { Worklist } from '../worklist/list.svelte';
import { ListView } from '../worklist/list-view.svelte';
import { SlideList } from '../worklist/slide-list.svelte';
import { Arrivals } from './arrivals.svelte';
import { Clinic } from './clinic.svelte';
import { CellReviews } from './cell-reviews.svelte';
import { CurrentList } from './current-list';
import { ListFiles } from './list-files';
import { ModelChoice } from './model-choice.svelte';
import { Patients } from './patients.svelte';
import { Reviews } from './reviews.svelte';
import { SessionActions } from './session-actions';
import { SessionLock } from './session-lock';
import { SlideGroups } from './slide-groups.svelte';

/** What the program uses of its surroundings. */
export interface Surroundings extends ReaderParts {
	tabs: Tabs;
	/** Iterations for a new passphrase, measured on this device. */
	measureIterations: () => Promise<number>;
	runStudy: RunStudy;
}

/** Storage that does not answer must not keep the page from showing. */
const LOOK_LIMIT_MS = 2000;

export class AppState {
	readonly tabs: Tabs;
	readonly library = new ModelLibrary();
	readonly choice = new ModelChoice(this.library);
	readonly worklist = new Worklist();
	readonly points = new OperatingPoints(this.worklist, this.choice);
	/** Puts the list on the page into storage. */
	readonly recorder: Recorder;
	readonly pipeline: ScreeningPipeline;
	/** Finds which places of an image counted. */
	readonly explaining: Explaining;
	readonly view = new ListView(this.worklist, this.points);
	readonly slides = new SlideList(this.worklist, this.points);
	readonly viewing = new Viewing(this.worklist, this.view);
	readonly slideViewing = new SlideViewing(this.slides);
	readonly reviews: Reviews;
	readonly cellReviews: CellReviews;
	readonly slideGroups: SlideGroups;
	readonly patients: Patients;
	/** What the clinic writes on its pages for the record. */
	readonly clinic = new Clinic(storedSettings);
	/** All that was kept. */
	readonly sessions: KeptSessions;
	readonly passphrase: Passphrase;
	readonly arrivals: Arrivals;
	readonly calibration: CalibrationState;
	readonly list: CurrentList;
	/** A file with pictures that is being made. */
	readonly making = new FileMaking();
	readonly files: ListFiles;
	readonly sessionActions: SessionActions;
	readonly lock: SessionLock;
	readonly wakeLock = new ScreenWakeLock();
	readonly notifier = new Notifier(storedSettings);
	readonly install = new InstallOffer();
	#ready = $state(false);
	#fromFiles: readonly { name: string; problem: Problem | null }[] = $state.raw([]);
	#started = false;

	constructor({ tabs, measureIterations, runStudy, ...reader }: Surroundings) {
		const { library, choice, worklist, points, view, slides, viewing, slideViewing } = this;
		this.tabs = tabs;
		this.recorder = new Recorder(worklist, points, tabs);
		this.pipeline = new ScreeningPipeline(new ReadingEngine(reader), worklist, this.recorder);
		this.explaining = new Explaining(this.pipeline.engine, worklist, this.recorder);
		this.reviews = new Reviews(worklist, this.recorder);
		this.cellReviews = new CellReviews(worklist, this.recorder, this.reviews);
		this.slideGroups = new SlideGroups(worklist, this.recorder);
		this.patients = new Patients(worklist, this.recorder, storedSettings, secretSettings);
		this.sessions = new KeptSessions(tabs);
		this.passphrase = new Passphrase(tabs, measureIterations);
		this.arrivals = new Arrivals(tabs.locks);
		this.calibration = new CalibrationState(new ListTruth(worklist, choice), points, runStudy);
		const { recorder, pipeline, reviews, cellReviews, slideGroups, patients } = this;
		const { sessions, passphrase, arrivals } = this;
		const loader = new ModelLoader(pipeline, worklist, library);
		const list = new CurrentList({
			library,
			choice,
			worklist,
			points,
			recorder,
			pipeline,
			loader,
			view,
			viewing,
			slideViewing,
			reviews,
			cellReviews,
			slideGroups,
			patients,
			arrivals,
			sessions
		});
		this.list = list;
		const markSaved = () => list.markSaved();
		const { making } = this;
		this.files = new ListFiles({ worklist, points, view, slides, patients, making, markSaved });
		this.sessionActions = new SessionActions({
			list,
			sessions,
			recorder,
			pipeline,
			points,
			loader,
			making
		});
		this.lock = new SessionLock({ passphrase, list, sessions, recorder, pipeline, tabs });
	}

	/** Whether it is known what the pages show: the models, what the user chose, the last list. */
	get ready(): boolean {
		return this.#ready;
	}

	/** What came of models that were added as files, until the next are. */
	get fromFiles(): readonly { name: string; problem: Problem | null }[] {
		return this.#fromFiles;
	}

	/**
	 * Look at the device and the address, and get the stored model ready. Done once.
	 * @param base the site's root path.
	 * @param query the address's parameters: `model` and `backend` force a choice, `shared` says
	 * what came of a share.
	 */
	async start(base: string, query: URLSearchParams): Promise<void> {
		if (this.#started) return;
		this.#started = true;
		// What is kept is offered before any model is looked for.
		const looked = this.lock.start();
		void this.notifier.start();
		void this.reviews.start();
		void this.patients.start();
		void this.clinic.start();
		await this.choice.load(base, query);
		for (const { id } of this.library.models) await this.points.load(id);
		// Once it is known which list could go on with them.
		void looked.then(() => this.#takeShared(query.get('shared')));
		void withTimeLimit(looked, LOOK_LIMIT_MS)
			.catch(() => undefined)
			.then(() => (this.#ready = true));
		await this.list.openModel();
	}

	/**
	 * Add files to the list on the page. Where there is none yet, and they are the files of the
	 * unfinished list that is offered, that one goes on: what is done is not read twice. While the
	 * sessions are locked they wait.
	 */
	add(collected: Collected): void {
		const open = this.lock.whenOpen();
		if (open) {
			void open.then(() => this.add(collected));
			return;
		}
		const { packages, rest } = packagesAmong(collected.entries);
		if (packages.length > 0) {
			void this.#takePackages(packages);
			// What came with a model in its folder is no list.
			if (rest.length === 0 && collected.problems.length === 0) return;
		}
		const files = packages.length > 0 ? { ...collected, entries: rest } : collected;
		const opened = this.sessionActions.openFor(files);
		if (opened) void opened.then(() => this.pipeline.add(files));
		else this.pipeline.add(files);
	}

	async #takeShared(outcome: string | null): Promise<void> {
		for (const collected of await this.arrivals.takeShared(outcome)) this.add(collected);
	}

	/** Store models that were added as files, one after the other, and read with them. */
	async #takePackages(packages: readonly PackageFolder[]): Promise<void> {
		this.#fromFiles = [];
		for (const folder of packages) {
			const outcome = await this.library.take(folder);
			const taken = outcome.ok
				? { name: `${modelName(outcome.value)} ${outcome.value.version}`, problem: null }
				: { name: folder.path, problem: outcome.problem };
			this.#fromFiles = [...this.#fromFiles, taken];
			if (!outcome.ok) continue;
			this.choice.beginWith(outcome.value.task);
			const model = this.library.find(outcome.value.id);
			if (model) await this.list.modelStored(model);
		}
	}
}
