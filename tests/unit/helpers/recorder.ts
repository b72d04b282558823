/** A recorder that keeps nothing, and remembers what it was given. */
import type { RowRecorder } from '../../../src/lib/screening/pipeline.svelte';
import type { Row } from '../../../src/lib/worklist/row';

export class FakeRecorder implements RowRecorder {
	/** The rows of each commit, and whether they could wait. */
	readonly commits: { ids: number[]; canWait: boolean }[] = [];
	readonly handles: FileSystemHandle[] = [];

	append(_: readonly Row[], handles: readonly FileSystemHandle[] = []): void {
		this.handles.push(...handles);
	}

	commit(rows: readonly Row[], canWait = false): Promise<boolean> {
		this.commits.push({ ids: rows.map(({ id }) => id), canWait });
		return Promise.resolve(false);
	}

	touch(): void {
		return undefined;
	}

	end(): void {
		return undefined;
	}
}
