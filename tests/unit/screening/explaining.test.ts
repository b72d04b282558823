import { beforeEach, expect, it, vi } from 'vitest';
import { failed, succeeded, type Outcome } from '../../../src/lib/problems/problems';
import { Explaining } from '../../../src/lib/screening/explaining.svelte';
import type { Reader } from '../../../src/lib/screening/reader';
import { Worklist } from '../../../src/lib/worklist/list.svelte';
import type { Row } from '../../../src/lib/worklist/row';
import { exampleManifest } from '../helpers/manifest';

const MAP = new Uint8Array(64).fill(7);
const difference = { mean: 1, low: 0.5, high: 1.5 };
const MANIFEST = exampleManifest({
	explanation: {
		method: 'occlusion',
		dataSet: 'validation',
		n: 100,
		hottestFifthFirst: 1,
		deletionBelowRandom: difference,
		insertionAboveRandom: difference,
		shuffledCorrelation: 0,
		command: 'none'
	}
});

type Explain = Reader['explain'];
const explain = vi.fn<Explain>();
const reader = { explain, reads: ({ id }) => id === MANIFEST.id } as Pick<
	Reader,
	'explain' | 'reads'
> as Reader;
const commit = vi.fn<(rows: readonly Row[]) => Promise<boolean>>();
let worklist: Worklist;
let explaining: Explaining;

const row = () => worklist.rows[0];

beforeEach(() => {
	explain.mockReset().mockResolvedValue(succeeded(MAP));
	commit.mockReset().mockResolvedValue(true);
	worklist = new Worklist();
	worklist.readBy(MANIFEST);
	worklist.append([{ path: 'a.jpg', open: () => Promise.reject(new Error('not opened')) }]);
	worklist.put({ ...row(), status: 'done', probability: 0.99, time: '2026-11-30T12:00:00.000Z' });
	explaining = new Explaining({ reader }, worklist, { commit });
});

it('are offered for likely images of a model whose maps passed their tests', () => {
	expect(explaining.isOffered(row(), 'likely')).toBe(true);
	expect(explaining.isOffered(row(), 'uncertain')).toBe(false);
	expect(explaining.isOffered(row(), null)).toBe(false);
	worklist.readBy(exampleManifest());
	expect(explaining.isOffered(row(), 'likely')).toBe(false);
	expect(explaining.isOffered({ ...row(), map: MAP }, 'likely')).toBe(false);
});

it('are offered only where this model can read now, or they were found before', () => {
	worklist.readBy({ ...MANIFEST, id: 'another' });
	expect(explaining.isOffered(row(), 'likely')).toBe(false);
	expect(explaining.isOffered({ ...row(), map: MAP }, 'likely')).toBe(true);
	const idle = new Explaining({ reader: null }, worklist, { commit });
	expect(idle.isOffered(row(), 'likely')).toBe(false);
});

it('are kept with the row', async () => {
	await explaining.ask(row());
	expect(row().map).toBe(MAP);
	expect(commit).toHaveBeenCalledExactlyOnceWith([row()]);
	expect(explaining.stateOf(row())).toBeNull();
});

it('are counted while they are looked for', async () => {
	explain.mockImplementation((_entry, _signal, onRead) => {
		onRead(12);
		expect(explaining.stateOf(row())).toEqual({ kind: 'reading', done: 12, most: 55 });
		expect(explaining.stateOf({ ...row(), time: 'another' })).toBeNull();
		return Promise.resolve(succeeded(null));
	});
	await explaining.ask(row());
	expect(explaining.stateOf(row())).toEqual({ kind: 'none' });
	expect(row().map).toBeNull();
	expect(commit).not.toHaveBeenCalled();
});

it('are not shown where the file cannot be opened any more', async () => {
	const gone: Outcome<never> = failed('file-gone');
	explain.mockResolvedValue(gone);
	await explaining.ask(row());
	expect(explaining.stateOf(row())).toMatchObject({
		kind: 'problem',
		problem: { code: 'file-gone' }
	});
});

it('are forgotten where the person goes on, whatever comes later', async () => {
	let answer: (outcome: Outcome<Uint8Array>) => void = () => undefined;
	explain.mockReturnValue(new Promise((resolve) => (answer = resolve)));
	const asked = explaining.ask(row());
	const [, signal] = explain.mock.lastCall!;
	explaining.end();
	expect(signal.aborted).toBe(true);
	answer(succeeded(MAP));
	await asked;
	expect(row().map).toBeNull();
	expect(explaining.stateOf(row())).toBeNull();
});

it('can be asked for again after the list was stopped', async () => {
	explain.mockRejectedValueOnce(new DOMException('not wanted any more', 'AbortError'));
	await explaining.ask(row());
	expect(explaining.stateOf(row())).toEqual({ kind: 'ended' });
	await explaining.ask(row());
	expect(row().map).toBe(MAP);
});

it('do not go to an image that was read again, nor take its review away', async () => {
	const before = row();
	explain.mockImplementation(() => {
		worklist.put({ ...before, width: 5 });
		return Promise.resolve(succeeded(MAP));
	});
	await explaining.ask(before);
	expect(row()).toMatchObject({ width: 5, map: MAP });
	explain.mockImplementation(() => {
		worklist.put({ ...before, map: null, time: '2026-11-30T13:00:00.000Z' });
		return Promise.resolve(succeeded(MAP));
	});
	await explaining.ask(row());
	expect(row().map).toBeNull();
});
