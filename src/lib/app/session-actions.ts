/** What is done with kept sessions while one of them may be the list on the page. */
import type { Collected } from '../intake/entries';
import type { Problem } from '../problems/problems';
import { saveCsv } from '../exports/save';
import type { KeptSessions } from '../sessions/sessions.svelte';
import { markExported, readPaths } from '../sessions/store';
import type { StoredSession } from '../storage/database';
import type { KeptList } from '../sessions/recorder.svelte';
import { reportOfKept } from '../sessions/stored-row';
import type { ModelInUse } from '../screening/model-in-use';
import type { Points } from '../screening/points.svelte';
import type { ScreeningSession } from '../screening/session.svelte';

/** The page that a session is shown on. */
export interface SessionPage {
	readonly session: ScreeningSession;
	readonly sessions: KeptSessions;
	/** Keeps the list on the page. */
	readonly kept: KeptList;
	readonly points: Points;
	readonly modelInUse: ModelInUse;
	/** Get the list's model ready, where it is known which there are. */
	readyModel(): Promise<void>;
	/** Empty the page, and wait until what it held is on the disk and free. */
	leave(): Promise<void>;
}

export class SessionDesk {
	constructor(private readonly page: SessionPage) {}

	/**
	 * The last list, where it is worth going on with: unfinished, in no saved file, or being
	 * read in another tab.
	 */
	get offer(): StoredSession | null {
		const { list, inUse, declined } = this.page.sessions;
		const last = list.at(0);
		if (!last || declined || this.page.kept.kept) return null;
		return isUnfinished(last) || !last.exported || inUse.has(last.id) ? last : null;
	}

	/**
	 * Show a kept session in place of the list on the page, at once and without a model; then
	 * get its model ready to go on.
	 */
	async open(id: string): Promise<Problem | null> {
		if (this.isHere(id)) return null;
		const trouble = await this.show(id);
		await this.page.readyModel();
		return trouble;
	}

	/**
	 * The same, and read on where the browser still has the list's folder. Call it in answer to
	 * a click, which lets the browser ask whether it may open the folder.
	 */
	async goOnWith(id: string): Promise<Problem | null> {
		if (this.isHere(id)) return null;
		const trouble = await this.show(id);
		// Neither is waited for: the list is there, and a click counts for a few seconds only.
		void this.page.readyModel();
		const { session, kept } = this.page;
		if (!trouble && session.state === 'interrupted') void kept.findFolders(true);
		return trouble;
	}

	/**
	 * Open the unfinished list that is offered where these are its files, so that what is done is
	 * not read twice.
	 * @returns a promise for when they can be added; null where they can be now.
	 */
	openFor({ entries }: Collected): Promise<void> | null {
		const { offer } = this;
		const mayGoOn = offer && isUnfinished(offer) && !this.page.sessions.inUse.has(offer.id);
		return mayGoOn && entries.length > 0 ? this.openWhereKnown(offer.id, entries) : null;
	}

	/** Save a kept session as a table. */
	async save({ id }: StoredSession): Promise<void> {
		const { points, sessions, session } = this.page;
		const rows = await sessions.attempt(() =>
			reportOfKept(id, (manifest, point) => points.of(manifest, point))
		);
		if (!rows) return;
		saveCsv(rows);
		if (this.isHere(id)) session.markSaved();
		else await sessions.attempt(() => markExported(id));
	}

	/** Delete a kept session; where it is the list on the page, that is emptied. */
	async remove(session: StoredSession): Promise<void> {
		if (this.isHere(session.id)) await this.leaveOwn();
		await this.page.sessions.remove(session);
	}

	async removeAll(): Promise<void> {
		if (this.page.kept.kept) await this.leaveOwn();
		await this.page.sessions.removeAll();
	}

	async rename(session: StoredSession, name: string): Promise<void> {
		const given = await this.page.sessions.rename(session, name);
		if (this.isHere(session.id)) this.page.kept.rename(given);
	}

	private isHere(id: string): boolean {
		return this.page.kept.kept?.id === id;
	}

	/** A list that another tab works on stays in sight. */
	private async leaveOwn(): Promise<void> {
		if (this.page.session.state !== 'following') await this.page.leave();
	}

	private show(id: string): Promise<Problem | null> {
		const { modelInUse, kept, points } = this.page;
		return modelInUse.closedWhile(async () => {
			const opened = await kept.open(id);
			if ('code' in opened) return opened;
			points.showList(opened.point || null);
			return null;
		});
	}

	private async openWhereKnown(id: string, entries: Collected['entries']): Promise<void> {
		try {
			const known = await readPaths(id);
			const again = entries.filter(({ path }) => known.has(path)).length;
			if (2 * again > entries.length) await this.open(id);
		} catch {
			// A new list, then; the old one is where it was.
		}
	}
}

function isUnfinished({ finished, total }: StoredSession): boolean {
	return finished < total;
}
