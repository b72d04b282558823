/** Locking and unlocking: what the passphrase means for the list on the page and what is kept. */
import type { Collected } from '../intake/entries';
import type { Problem } from '../problems/problems';
import { Passphrase } from './passphrase.svelte';
import type { KeptSessions } from './sessions.svelte';
import type { ScreeningSession } from '../screening/session.svelte';

/** The page whose list is locked away. */
export interface LockedPage {
	readonly session: ScreeningSession;
	readonly sessions: KeptSessions;
	/** Whether the list on the page would be lost if it left. */
	readonly wouldLose: boolean;
	/** Empty the page, and wait until what it held is on the disk. */
	leave(): Promise<void>;
	/** Add files to the list on the page. */
	add(collected: Collected, handles: FileSystemHandle[]): void;
}

export class LockDesk {
	readonly passphrase = new Passphrase(() => this.follow());
	private started = false;
	/** Files that came before it was known whether sessions are locked, or while they are. */
	private heldBack: { collected: Collected; handles: FileSystemHandle[] }[] = [];

	constructor(private readonly page: LockedPage) {}

	/** Look whether sessions are locked, and at what is kept. */
	async start(): Promise<void> {
		this.started = true;
		await this.passphrase.start();
		await this.page.sessions.start();
		this.releaseHeldBack();
	}

	/** Whether files have to wait; then they come by themselves when the sessions are open. */
	holdsBack(collected: Collected, handles: FileSystemHandle[]): boolean {
		const { state } = this.passphrase;
		const waits = state === 'locked' || (state === 'looking' && this.started);
		if (waits) this.heldBack.push({ collected, handles });
		return waits;
	}

	/** Whether locking would cost work: then it waits. */
	get mayLock(): boolean {
		const { state, inFlight } = this.page.session;
		const isBusy = state === 'running' || inFlight > 0 || this.passphrase.converting !== null;
		return !isBusy && !this.page.wouldLose;
	}

	/** Lock the sessions in all tabs, as the user asks. */
	async lock(): Promise<void> {
		this.passphrase.tellLock();
		await this.lockHere();
	}

	/** Lock if the user is away or locked another tab, as soon as it costs no work. */
	lockWhenDue(): void {
		if (this.passphrase.isDue && this.mayLock) void this.lockHere();
	}

	/** Enter the passphrase: what is kept is there again. */
	async unlock(passphrase: string): Promise<Problem | null> {
		const trouble = await this.passphrase.unlock(passphrase);
		if (!trouble) await this.sessionsReadable();
		return trouble;
	}

	/** Delete what is locked and go on without a passphrase. */
	async forgetLocked(): Promise<Problem | null> {
		const trouble = await this.passphrase.forget();
		if (!trouble) await this.sessionsReadable();
		return trouble;
	}

	private async lockHere(): Promise<void> {
		await this.passphrase.lock(async () => {
			await this.page.leave();
			this.page.sessions.forget();
		});
	}

	/** Another tab set or removed the passphrase. */
	private follow(): void {
		if (this.passphrase.state === 'locked') {
			void this.page.leave().then(() => this.page.sessions.forget());
		} else {
			void this.sessionsReadable();
		}
	}

	private async sessionsReadable(): Promise<void> {
		await this.page.sessions.refresh();
		this.releaseHeldBack();
	}

	private releaseHeldBack(): void {
		if (this.passphrase.state === 'locked') return;
		for (const { collected, handles } of this.heldBack.splice(0)) {
			this.page.add(collected, handles);
		}
	}
}
