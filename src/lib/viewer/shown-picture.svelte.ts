/** The one picture that the viewer shows: opened, drawn, or told why not. */
import type { Entry } from '../intake/entries';
import type { Pictures } from '../formats/pictures';
import { problem, type Outcome, type Problem, type ProblemCode } from '../problems/problems';

/** What of a row can be shown. */
export interface Showable {
	entry: Entry;
	/** Shown enlarged where the file is gone. */
	thumbnail: Blob | null;
	/** Why the image was not read; null where it was. */
	problem?: Problem | null;
}

/**
 * Problems of files that stay closed: too large for the device's memory, or they ended what
 * opened them.
 */
const STAYS_CLOSED: ReadonlySet<ProblemCode> = new Set([
	'image-too-large',
	'image-not-finished',
	'image-not-opened'
]);

/** Why a file is not opened again; null where it may be. */
function closedBy({ problem }: Pick<Showable, 'problem'>): Problem | null {
	return problem && STAYS_CLOSED.has(problem.code) ? problem : null;
}

export class ShownPicture {
	/** Address of the picture; null while it is opened, or where there is none. */
	address: string | null = $state(null);
	/** Why the picture is not the file's own. */
	problem: Problem | null = $state.raw(null);
	/** Whether it is the list's small picture, enlarged. */
	isSmall = $state(false);
	private row: Showable | null = null;
	/** Whether the browser failed on the file itself, so that a copy was asked for. */
	private isCopy = false;

	constructor(private readonly pictures: Pictures) {}

	/** Show another row's picture; the one before is let go first, so that one is in memory. */
	async show(row: Showable): Promise<void> {
		this.clear();
		this.row = row;
		const closed = closedBy(row);
		if (closed) this.fall(row, closed);
		else this.take(row, await this.pictures.open(row.entry));
	}

	/** The browser could not draw it: have a copy made, or show the small one. */
	async broken(): Promise<void> {
		const { row } = this;
		if (!row) return;
		if (this.isSmall) {
			this.hold(null);
		} else if (this.isCopy) {
			this.fall(row, problem('damaged-image'));
		} else {
			this.isCopy = true;
			this.hold(null);
			this.take(row, await this.pictures.copy(row.entry));
		}
	}

	/** Open the one that comes next, once the browser has nothing better to do. */
	prepare(next: Showable): void {
		if (closedBy(next)) return;
		const prepare = () => {
			if (this.row) this.pictures.prepare(next.entry);
		};
		// Safari has no idle callback.
		if (typeof requestIdleCallback === 'function') requestIdleCallback(prepare, { timeout: 2000 });
		else setTimeout(prepare, 300);
	}

	/** Let go of the picture. */
	clear(): void {
		this.row = null;
		this.problem = null;
		this.isSmall = this.isCopy = false;
		this.hold(null);
	}

	private take(row: Showable, opened: Outcome<Blob>): void {
		// Another one is wanted meanwhile.
		if (this.row !== row) return;
		if (opened.ok) this.hold(opened.value);
		else this.fall(row, opened.problem);
	}

	private fall({ thumbnail }: Showable, why: Problem): void {
		this.problem = why;
		this.isSmall = true;
		this.hold(thumbnail?.size ? thumbnail : null);
	}

	private hold(picture: Blob | null): void {
		if (this.address) URL.revokeObjectURL(this.address);
		this.address = picture && URL.createObjectURL(picture);
	}
}
