/** Locking and unlocking: what the passphrase means for the list on the page and what is kept. */
import { untrack } from 'svelte';
import type { Problem } from '../problems/problems';
import type { ScreeningPipeline } from '../screening/pipeline.svelte';
import type { TabMessage } from '../sessions/channel';
import type { Passphrase } from '../sessions/passphrase.svelte';
import type { Recorder } from '../sessions/recorder.svelte';
import type { KeptSessions } from '../sessions/sessions.svelte';
import type { Tabs } from '../sessions/tabs';
import type { CurrentList } from './current-list';

export interface LockParts {
	readonly passphrase: Passphrase;
	readonly list: CurrentList;
	readonly sessions: KeptSessions;
	readonly recorder: Recorder;
	readonly pipeline: ScreeningPipeline;
	readonly tabs: Tabs;
}

/** A promise for the moment at which the sessions can be read. */
interface Opening {
	opened: Promise<void>;
	open: () => void;
}

export class SessionLock {
	#opening: Opening | null = null;

	constructor(private readonly parts: LockParts) {}

	/** Look whether sessions are locked, and at what is kept; then follow what other tabs do. */
	async start(): Promise<void> {
		const { passphrase, sessions, tabs } = this.parts;
		tabs.openChannel((message) => void this.#onMessage(message));
		await passphrase.start();
		await sessions.start();
		this.#release();
	}

	/**
	 * Whether files have to wait: it is not known yet whether sessions are locked, or they are.
	 * @returns a promise for when they can be added; null where they can be now.
	 */
	whenOpen(): Promise<void> | null {
		if (this.#isOpen) return null;
		this.#opening ??= newOpening();
		return this.#opening.opened;
	}

	/** Whether locking would cost no work: else it waits. */
	get mayLock(): boolean {
		const { pipeline, passphrase, list } = this.parts;
		const isBusy = pipeline.state === 'running' || pipeline.inFlight > 0;
		return !isBusy && passphrase.converting === null && !list.wouldLose;
	}

	/** Set a passphrase and seal what is kept. */
	async set(passphrase: string): Promise<Problem | null> {
		const ours = this.parts.recorder.session?.id ?? null;
		const problem = await this.parts.passphrase.set(passphrase, ours);
		// Another tab came before.
		if (this.parts.passphrase.state === 'locked') await this.#followLock();
		return problem;
	}

	/** Lock the sessions in all tabs, as the user asks. */
	async lock(): Promise<void> {
		this.parts.passphrase.tellLock();
		await this.#lockHere();
	}

	/**
	 * Lock if the user is away or locked another tab and it costs no work. As an effect it is
	 * called again when any of that changes.
	 */
	lockWhenDue(): void {
		if (this.parts.passphrase.isDue && this.mayLock) untrack(() => void this.#lockHere());
	}

	/** Enter the passphrase: what is kept is there again. */
	async unlock(passphrase: string): Promise<Problem | null> {
		const problem = await this.parts.passphrase.unlock(passphrase);
		if (!problem) await this.#sessionsReadable();
		return problem;
	}

	/** Delete what is locked and go on without a passphrase. */
	async forgetLocked(): Promise<Problem | null> {
		const problem = await this.parts.passphrase.forget();
		if (!problem) await this.#sessionsReadable();
		return problem;
	}

	get #isOpen(): boolean {
		const { state } = this.parts.passphrase;
		return state === 'open' || state === 'none';
	}

	async #lockHere(): Promise<void> {
		const { passphrase, list, sessions } = this.parts;
		await passphrase.lock(async () => {
			await list.leave();
			sessions.forget();
		});
	}

	async #onMessage({ kind }: TabMessage): Promise<void> {
		const { passphrase } = this.parts;
		if (kind === 'lock') passphrase.requestLock();
		if (kind !== 'passphrase' || !(await passphrase.lookAgain())) return;
		if (passphrase.state === 'locked') await this.#followLock();
		else await this.#sessionsReadable();
	}

	/** Another tab set a passphrase: this one has no key. */
	async #followLock(): Promise<void> {
		await this.parts.list.leave();
		this.parts.sessions.forget();
	}

	async #sessionsReadable(): Promise<void> {
		await this.parts.sessions.refresh();
		this.#release();
	}

	#release(): void {
		if (!this.#isOpen) return;
		this.#opening?.open();
		this.#opening = null;
	}
}

function newOpening(): Opening {
	let open: () => void = () => undefined;
	const opened = new Promise<void>((resolve) => (open = resolve));
	return { opened, open };
}
