import { describe, expect, it, vi } from 'vitest';
import type { Job } from '../../../src/lib/engine/pool';
import { problem } from '../../../src/lib/problems/problems';
import { readField } from '../../../src/lib/screening/field-reading';
import { fieldCells, type FieldReading } from '../../../src/lib/smears/field';
import type { PreparedField } from '../../../src/lib/smears/prepare';
import { TILE_BYTES } from '../../../src/lib/smears/tiles';
import { exampleManifest } from '../helpers/manifest';
import { cellAt } from '../helpers/smears';

const manifest = exampleManifest();
/** Of a cell's input. */
const BYTES = 4;

/** A field of so many red cells, whose inputs say which they are, and a white cell before them. */
function preparedField(count: number): PreparedField {
	const red = Array.from({ length: count }, (_, i) => cellAt(i + 1));
	return {
		radius: 10,
		found: [cellAt(0, { kind: 'white' }), ...red],
		notes: [],
		read: red.map((_, i) => i + 1),
		inputs: Uint8Array.from({ length: count * BYTES }, (_, i) => Math.floor(i / BYTES)),
		tiles: new Uint8Array(count * TILE_BYTES),
		width: 640,
		height: 480,
		thumbnail: new Blob(),
		facts: null,
		corners: null,
		source: { size: 1, modified: 0, sha256: '' }
	};
}

/** A lane that answers at once: the n-th cell has the logits -n and n - 5. */
function answeringQueue(jobs: Job[] = []) {
	const { positiveClass } = manifest.classifier.outputs;
	const put = (job: Job) => {
		jobs.push(job);
		const readings = Array.from({ length: job.count }, (_, i) => {
			const id = job.pixels[i * BYTES];
			const logits = new Float32Array(2);
			logits[positiveClass] = id - 5;
			logits[1 - positiveClass] = -id;
			return { logits, map: new Float32Array(), distance: id / 10 };
		});
		job.done({ ok: true, value: readings }, 'int8');
		return Promise.resolve();
	};
	return { put };
}

async function fieldOf(prepared: PreparedField, queue: { put(job: Job): Promise<void> }) {
	return new Promise<{ field: FieldReading | null; probability: number | null }>((resolve) => {
		void readField(prepared, manifest, queue, new AbortController().signal, (outcome) => {
			if (outcome.ok) resolve(outcome.value);
		});
	});
}

describe('the cells of a field', () => {
	it('are read in batches whose sizes are powers of two, each a buffer of its own', async () => {
		const jobs: Job[] = [];
		await fieldOf(preparedField(21), answeringQueue(jobs));
		expect(jobs.map(({ count }) => count)).toEqual([8, 8, 4, 1]);
		expect(jobs.map(({ pixels }) => pixels.buffer.byteLength)).toEqual([32, 32, 16, 4]);
	});

	it('get each its own score, and those that are not read none', async () => {
		const { field, probability } = await fieldOf(preparedField(11), answeringQueue());
		const { temperature } = manifest.calibration;
		const scores = field && fieldCells(field).map(({ score }) => score?.logOdds ?? null);
		const expected = Array.from({ length: 11 }, (_, id) => Math.fround((2 * id - 5) / temperature));
		expect(scores).toEqual([null, ...expected]);
		expect(probability).toBeCloseTo(1 / (1 + Math.exp(-15 / temperature)), 6);
	});

	it('of a field without any are none, which is a result', async () => {
		const { field, probability } = await fieldOf(preparedField(0), answeringQueue());
		expect(field && fieldCells(field)).toHaveLength(1);
		expect(probability).toBe(0);
	});

	it('fail together, once, and no more are queued', async () => {
		const jobs: Job[] = [];
		const failing = {
			put(job: Job) {
				jobs.push(job);
				job.done({ ok: false, problem: problem('image-not-finished') }, 'int8');
				return Promise.resolve();
			}
		};
		const onResult = vi.fn();
		await readField(preparedField(30), manifest, failing, new AbortController().signal, onResult);
		expect(onResult.mock.calls).toEqual([[{ ok: false, problem: problem('image-not-finished') }]]);
		expect(jobs).toHaveLength(1);
	});

	it('are let go when they are not wanted any more', async () => {
		const run = new AbortController();
		const jobs: Job[] = [];
		const { put } = answeringQueue(jobs);
		const stopping = {
			put(job: Job) {
				run.abort();
				return put(job);
			}
		};
		const onResult = vi.fn();
		await readField(preparedField(30), manifest, stopping, run.signal, onResult);
		expect(jobs).toHaveLength(1);
		expect(onResult).not.toHaveBeenCalled();
	});
});
