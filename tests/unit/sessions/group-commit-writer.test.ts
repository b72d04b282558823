import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
	KEEP_GROUP,
	KEEP_PAUSE_MS,
	KEEP_RETRY_MS,
	KEEP_TIMEOUT_MS
} from '../../../src/lib/base/limits';
import {
	GroupCommitWriter,
	type Group
} from '../../../src/lib/sessions/group-commit-writer.svelte';

/** A disk whose writes the test ends. */
class FakeDisk {
	readonly writes: number[][] = [];
	readonly rows = new Set<number>();
	private settle: { done: () => void; fail: (error: unknown) => void }[] = [];

	/** What each row said when it was written last. */
	readonly content = new Map<number, string>();

	readonly write = (group: Group<string>) =>
		new Promise<void>((resolve, reject) => {
			this.writes.push([...group.keys()]);
			this.settle.push({
				done: () => {
					for (const [index, row] of group) {
						this.rows.add(index);
						this.content.set(index, row);
					}
					resolve();
				},
				fail: reject
			});
		});

	get busy(): number {
		return this.settle.length;
	}

	async end(): Promise<void> {
		this.settle.shift()!.done();
		await vi.advanceTimersByTimeAsync(0);
	}

	async fail(name: string): Promise<void> {
		this.settle.shift()!.fail(new DOMException('no', name));
		await vi.advanceTimersByTimeAsync(0);
	}

	/** Whether what is on the disk has no gaps. */
	get isWhole(): boolean {
		return [...this.rows].every((index) => index === 0 || this.rows.has(index - 1));
	}
}

let disk: FakeDisk;
let writer: GroupCommitWriter<string>;
const told = () => writer.problem?.code ?? null;
const rowsOf = (count: number) => Array.from({ length: count }, (_, i) => `new ${i}`);
const grow = (count: number) => writer.append(rowsOf(count));
const put = (indices: readonly number[], canWait?: boolean) =>
	writer.put(
		indices.map((index) => [index, `row ${index}`] as const),
		canWait
	);
/** The list was opened: so many rows are on the disk already. */
const openWith = (kept: number) => (writer = new GroupCommitWriter(disk.write, kept));
const turn = () => vi.advanceTimersByTimeAsync(0);
/** How a promise stands now. */
function standOf(promise: Promise<boolean>): { value?: boolean } {
	const stand: { value?: boolean } = {};
	void promise.then((value) => (stand.value = value));
	return stand;
}

beforeEach(() => {
	vi.useFakeTimers();
	disk = new FakeDisk();
	openWith(0);
});
afterEach(() => {
	vi.useRealTimers();
});

describe('the writer', () => {
	it('answers when the write is through, not before', async () => {
		grow(1);
		const stand = standOf(put([0]));
		await turn();
		expect(disk.writes).toEqual([[0]]);
		expect(stand.value).toBeUndefined();
		expect(writer.isSettled).toBe(false);
		await disk.end();
		expect(stand.value).toBe(true);
		expect(disk.content.get(0)).toBe('row 0');
		expect(writer.isSettled).toBe(true);
	});

	it('writes once at a time, and all that became ready meanwhile at once', async () => {
		openWith(10);
		const first = standOf(put([0]));
		await turn();
		const later = [1, 2, 3, 2].map((index) => standOf(put([index])));
		await turn();
		expect(disk.busy).toBe(1);
		await disk.end();
		expect(first.value).toBe(true);
		expect(later.every(({ value }) => value === undefined)).toBe(true);
		expect(disk.writes).toEqual([[0], [1, 2, 3]]);
		await disk.end();
		expect(later.every(({ value }) => value)).toBe(true);
		expect(disk.busy).toBe(0);
	});

	it('writes a row again that changed while it was written', async () => {
		openWith(1);
		void writer.put([[0, 'first']]);
		await turn();
		const again = standOf(writer.put([[0, 'second']]));
		await disk.end();
		expect(disk.content.get(0)).toBe('first');
		expect(again.value).toBeUndefined();
		await disk.end();
		expect(disk.writes).toEqual([[0], [0]]);
		expect(disk.content.get(0)).toBe('second');
		expect(again.value).toBe(true);
	});

	it('writes the newer of two changes after a write that failed', async () => {
		openWith(1);
		void writer.put([[0, 'first']]);
		await turn();
		void writer.put([[0, 'second']]);
		await disk.fail('QuotaExceededError');
		await vi.advanceTimersByTimeAsync(KEEP_RETRY_MS);
		await disk.end();
		expect(disk.content.get(0)).toBe('second');
	});

	it('takes what is handed over in the moment in which a write ends', async () => {
		openWith(2);
		void put([0]).then(() => writer.touch());
		await turn();
		await disk.end();
		expect(disk.writes).toEqual([[0], []]);
		await disk.end();
		expect(writer.isSettled).toBe(true);
	});

	it('does not let results wait behind thousands of new files', async () => {
		grow(50 * KEEP_GROUP);
		await turn();
		expect(disk.writes[0]).toHaveLength(KEEP_GROUP);
		const stand = standOf(put([3]));
		await disk.end();
		expect(disk.writes[1]).toContain(3);
		await disk.end();
		expect(stand.value).toBe(true);
		while (disk.busy > 0) await disk.end();
		expect(disk.rows.size).toBe(50 * KEEP_GROUP);
	});

	it('leaves no gap on the disk, wherever the power goes', async () => {
		grow(8 * KEEP_GROUP);
		void put([5 * KEEP_GROUP]);
		while (disk.busy > 0 || !writer.isSettled) {
			expect(disk.isWhole).toBe(true);
			await turn();
			await disk.end();
		}
		expect(disk.isWhole).toBe(true);
		expect(disk.rows.size).toBe(8 * KEEP_GROUP);
	});
});

describe('rows that can wait', () => {
	const soon = (...indices: number[]) => standOf(put(indices, true));

	beforeEach(() => void openWith(10));

	it('are written at once where nothing was written lately', async () => {
		soon(0);
		await turn();
		expect(disk.writes).toEqual([[0]]);
	});

	it('are written together, so long after the write before them began', async () => {
		soon(0);
		await turn();
		await disk.end();
		const [first, second] = [soon(1), soon(2)];
		await vi.advanceTimersByTimeAsync(KEEP_PAUSE_MS - 1);
		expect(disk.writes).toEqual([[0]]);
		expect(writer.isSettled).toBe(false);
		await vi.advanceTimersByTimeAsync(1);
		expect(disk.writes).toEqual([[0], [1, 2]]);
		expect(first.value).toBeUndefined();
		await disk.end();
		expect([first.value, second.value]).toEqual([true, true]);
		expect(writer.isSettled).toBe(true);
	});

	it('that came while a write ran wait for no longer', async () => {
		soon(0);
		await turn();
		const stand = soon(1);
		await vi.advanceTimersByTimeAsync(KEEP_PAUSE_MS / 2);
		await disk.end();
		expect(disk.busy).toBe(0);
		await vi.advanceTimersByTimeAsync(KEEP_PAUSE_MS / 2);
		await disk.end();
		expect(stand.value).toBe(true);
	});

	it('need no timer where others follow: that of a hidden page may be late', async () => {
		soon(0);
		await turn();
		await disk.end();
		soon(1);
		vi.spyOn(performance, 'now').mockReturnValue(performance.now() + KEEP_PAUSE_MS);
		soon(2);
		await turn();
		expect(disk.writes).toEqual([[0], [1, 2]]);
		vi.mocked(performance.now).mockRestore();
	});

	it.each([
		['one that cannot', () => void put([2]), [1, 2]],
		['the record of the list', () => writer.touch(), [1]],
		['new files', () => grow(1), [1, 10]],
		['the end', () => void writer.close(), [1]]
	])('go with %s', async (_, urge, written) => {
		soon(0);
		await turn();
		await disk.end();
		const stand = soon(1);
		urge();
		await turn();
		expect(disk.writes).toEqual([[0], written]);
		await disk.end();
		expect(stand.value).toBe(true);
		await vi.advanceTimersByTimeAsync(KEEP_PAUSE_MS);
		expect(disk.busy).toBe(0);
	});

	it('are answered where writing fails, and written when it works again', async () => {
		soon(0);
		await turn();
		const late = soon(1);
		await disk.fail('QuotaExceededError');
		expect(late.value).toBe(false);
		expect(soon(2)).toEqual({});
		await vi.advanceTimersByTimeAsync(KEEP_RETRY_MS);
		expect(disk.writes.at(-1)).toEqual([0, 1, 2]);
	});
});

describe('a full disk', () => {
	it('is said, the list goes on, and all is written when there is room again', async () => {
		grow(3);
		const first = standOf(put([0]));
		await turn();
		await disk.fail('QuotaExceededError');
		expect(first.value).toBe(false);
		expect(told()).toBe('sessions-disk-full');
		// Meanwhile nothing waits for the disk.
		const second = standOf(put([1]));
		await turn();
		expect(second.value).toBe(false);
		expect(disk.busy).toBe(0);
		await vi.advanceTimersByTimeAsync(KEEP_RETRY_MS);
		expect(disk.writes.at(-1)).toEqual([0, 1, 2]);
		await disk.end();
		expect(told()).toBeNull();
		expect([...disk.rows].sort()).toEqual([0, 1, 2]);
		expect(writer.isSettled).toBe(true);
	});

	it('is tried again at once when the user asks', async () => {
		openWith(5);
		void put([4]);
		await turn();
		await disk.fail('QuotaExceededError');
		void writer.retry();
		await turn();
		await disk.fail('QuotaExceededError');
		expect(told()).toBe('sessions-disk-full');
		void writer.retry();
		await turn();
		await disk.end();
		expect(disk.writes).toEqual([[4], [4], [4]]);
		expect(told()).toBeNull();
	});
});

describe('storage that fails', () => {
	it('otherwise is said with its reason', async () => {
		grow(1);
		await turn();
		await disk.fail('InvalidStateError');
		expect(told()).toBe('sessions-not-kept');
	});

	it('by never answering holds up nothing', async () => {
		grow(1);
		const stand = standOf(put([0]));
		await vi.advanceTimersByTimeAsync(KEEP_TIMEOUT_MS);
		expect(stand.value).toBe(false);
		expect(told()).toBe('sessions-not-kept');
	});
});

describe('closing', () => {
	it('writes what is left, and takes nothing more', async () => {
		grow(2);
		void put([0]);
		let closed = false;
		void writer.close().then(() => (closed = true));
		await turn();
		expect(closed).toBe(false);
		await disk.end();
		expect(closed).toBe(true);
		expect([...disk.rows]).toEqual([0, 1]);
		expect(standOf(put([1]))).toEqual({});
		await turn();
		expect(disk.busy).toBe(0);
	});
});
