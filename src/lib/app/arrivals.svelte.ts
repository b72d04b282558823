/**
 * Files that come by themselves: "Open with Fieldlens" (the browser's launch queue) and "Share
 * to Fieldlens" (the inbox that the service worker fills).
 */
import { withArchives } from '../intake/archives';
import { entriesOfFiles, EntryList, type Collected, type Entry } from '../intake/entries';
import {
	removeShared,
	SHARE_OUTCOMES,
	SHARE_PATH,
	sharedBatches,
	type SharedBatch,
	type ShareOutcome
} from '../intake/shared-inbox';
import { MAX_SHARED_BYTES, MAX_SHARED_FILES } from '../base/limits';
import { problem, type Problem } from '../problems/problems';
import type { Claim, TabLocks } from '../sessions/locks';
import { entriesOfHandles, MOST_HANDLES } from '../sessions/folder';
import { isUnfinished, type Row } from '../worklist/row';

/** One shared file: what it was unpacked to, each known by how it is opened. */
interface Held {
	claim: Claim;
	opens: readonly Entry['open'][];
}

export class Arrivals {
	/** What was not taken of the last share or launch; null where all was. */
	problem: Problem | null = $state.raw(null);
	/** Shared files that a list has not read yet, by their keys in the inbox. */
	private readonly held = new Map<string, Held>();

	constructor(private readonly locks: TabLocks) {}

	/**
	 * Take what the browser opens with Fieldlens, now and later.
	 * @param onArrived called with the files of each launch; with null where they were lost.
	 */
	follow(onArrived: (collected: Collected | null) => void): void {
		(globalThis as Partial<LaunchSource>).launchQueue?.setConsumer(({ files, targetURL }) => {
			if (files && files.length > 0) {
				void collectedOf([...files]).then(onArrived);
			} else if (targetURL && new URL(targetURL).pathname.endsWith(`/${SHARE_PATH}`)) {
				// A browser that gave the page a share's address without its files.
				this.problem = problem('share-failed');
				onArrived(null);
			}
		});
	}

	/**
	 * Take what was shared and is in no other tab's hands: from the share that led to this page,
	 * or left over from a page that closed before it had read it.
	 * @param outcome the parameter `shared` of the address.
	 * @returns the files of each share.
	 */
	async takeShared(outcome: string | null): Promise<Collected[]> {
		const taken: Collected[] = [];
		if (isOutcome(outcome)) this.problem = problemOf(outcome);
		try {
			for (const batch of await sharedBatches()) {
				const claim = await this.locks.claimBatch(batch.id);
				if (claim) taken.push(await this.takeBatch(batch, claim));
			}
		} catch {
			this.problem = problem('share-failed');
		}
		return taken;
	}

	/**
	 * Let go of shared files that were read. Until then a page that closes leaves them to the next.
	 * @param rows the list, whose finished rows are on the disk.
	 */
	async settle(rows: readonly Row[]): Promise<void> {
		if (this.held.size === 0) return;
		const finished = new Set(rows.filter((row) => !isUnfinished(row)).map((row) => row.entry.open));
		const read = [...this.held].filter(([, { opens }]) => opens.every((one) => finished.has(one)));
		await this.letGo(read.map(([key]) => key));
	}

	/** The list that took them left the page: its files come back when the user adds them. */
	async forget(): Promise<void> {
		this.problem = null;
		await this.letGo([...this.held.keys()]);
	}

	private async takeBatch({ files }: SharedBatch, claim: Claim): Promise<Collected> {
		// One list: phones give several photographs the same name.
		const list = new EntryList();
		for (const { key, file } of files) {
			const { entries, problems } = await withArchives(entriesOfFiles([file]));
			for (const { path, open } of entries) list.add(path, open);
			list.problems.push(...problems);
			this.held.set(key, { claim, opens: entries.map(({ open }) => open) });
		}
		return list.collected();
	}

	private async letGo(keys: readonly string[]): Promise<void> {
		const gone = keys.map((key) => this.held.get(key)?.claim);
		for (const key of keys) this.held.delete(key);
		await removeShared(keys).catch(() => undefined);
		const stillHeld = new Set([...this.held.values()].map(({ claim }) => claim));
		for (const claim of gone) if (claim && !stillHeld.has(claim)) claim.release();
	}
}

async function collectedOf(handles: FileSystemHandle[]): Promise<Collected> {
	const collected = await withArchives(await entriesOfHandles(handles));
	return { ...collected, handles: handles.length > MOST_HANDLES ? [] : handles };
}

function isOutcome(outcome: string | null): outcome is ShareOutcome {
	return (SHARE_OUTCOMES as readonly (string | null)[]).includes(outcome);
}

function problemOf(outcome: ShareOutcome): Problem | null {
	const problems = {
		taken: null,
		part: problem('share-cut', {
			count: MAX_SHARED_FILES,
			bytes: MAX_SHARED_BYTES
		}),
		nothing: problem('share-nothing'),
		failed: problem('share-failed')
	};
	return problems[outcome];
}

// What TypeScript's library does not know yet.
interface LaunchSource {
	launchQueue: { setConsumer(consumer: (launch: Launch) => void): void };
}
interface Launch {
	files?: readonly FileSystemHandle[];
	targetURL?: string;
}
