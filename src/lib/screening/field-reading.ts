/** Reads the cells of a field in the lanes, some at a time, and puts together what came of them. */
import type { Backend } from '../engine/backends';
import type { Job } from '../engine/pool';
import type { Reading } from '../engine/protocol';
import type { ReadyQueue } from '../engine/ready-queue';
import { GPU_BATCH } from '../base/limits';
import type { Manifest } from '../models/manifest';
import type { Outcome, Problem } from '../problems/problems';
import { distanceOf } from '../reading/recognition';
import { logOddsOf } from '../reading/score';
import {
	fieldScore,
	packCells,
	probabilityAt,
	type CellScore,
	type FieldReading
} from '../smears/field';
import type { PreparedField } from '../smears/prepare';
import { keepTiles, TILE_BYTES, type CellTiles, type Tile } from '../smears/tiles';
import type { Row } from '../worklist/row';

/** The fields of a row that a field's reading gives. */
type FieldResult = Pick<Row, 'status' | 'field' | 'probability' | 'backend'>;

/**
 * Read the cells of a field. Resolves when the next file may come: when all cells are in the
 * queue, which holds some hundred kB of them whatever the field.
 * @param signal after it is aborted no more cells are queued, and the result goes nowhere.
 * @param onResult called once, unless `signal` was aborted: with what came of the field, or with
 *   why a cell could not be read.
 */
export async function readField(
	prepared: PreparedField,
	manifest: Manifest,
	queue: Pick<ReadyQueue<Job>, 'put'>,
	signal: AbortSignal,
	onResult: (outcome: Outcome<FieldResult>) => void
): Promise<void> {
	const { read, inputs } = prepared;
	const scores = new Map<number, CellScore>();
	const cellBytes = inputs.length / Math.max(1, read.length);
	let failure: Problem | null = null;
	const finish = async (backend: string) => {
		const field = await fieldOf(prepared, scores, manifest);
		if (signal.aborted) return;
		onResult({
			ok: true,
			value: { status: 'done', field, probability: fieldScore(field), backend }
		});
	};
	const take = (from: number, outcome: Outcome<Reading[]>, backend: Backend) => {
		if (signal.aborted || failure) return;
		if (!outcome.ok) {
			failure = outcome.problem;
			onResult(outcome);
			return;
		}
		outcome.value.forEach(({ logits, distance }, i) =>
			scores.set(read[from + i], {
				logOdds: logOddsOf(logits, manifest),
				distance: distanceOf(distance, null, manifest)
			})
		);
		if (scores.size === read.length) void finish(backend);
	};
	if (read.length === 0) await finish('');
	for (let from = 0; from < read.length && !signal.aborted && !failure;) {
		const count = batchOf(read.length - from);
		const at = from;
		await queue.put({
			// A copy: the whole buffer of a view would go to the lane.
			pixels: inputs.slice(at * cellBytes, (at + count) * cellBytes),
			count,
			attempts: 0,
			done: (outcome, backend) => take(at, outcome, backend)
		});
		from += count;
	}
}

/** The largest batch for so many images: a power of two. */
function batchOf(left: number): number {
	return Math.min(GPU_BATCH, 2 ** Math.floor(Math.log2(left)));
}

async function fieldOf(
	prepared: PreparedField,
	scores: ReadonlyMap<number, CellScore>,
	{ operatingPoints }: Manifest
): Promise<FieldReading> {
	const { radius, found, notes } = prepared;
	const cells = packCells(
		found,
		found.map((_, i) => scores.get(i) ?? null)
	);
	const careful = Math.min(...operatingPoints.map(({ threshold }) => threshold));
	return { radius, notes, cells, tiles: await tilesOf(prepared, scores, careful) };
}

/** Pictures of the cells that the most careful point suspects, the most suspicious first. */
function tilesOf(
	{ read, tiles }: PreparedField,
	scores: ReadonlyMap<number, CellScore>,
	careful: number
): Promise<CellTiles | null> {
	const suspected = read
		.map((cell, i) => ({ cell, i, logOdds: scores.get(cell)?.logOdds ?? -Infinity }))
		.filter(({ logOdds }) => probabilityAt(logOdds) >= careful)
		.sort((a, b) => b.logOdds - a.logOdds);
	return keepTiles(
		suspected.map(({ cell, i }): Tile => ({
			cell,
			pixels: tiles.subarray(i * TILE_BYTES, (i + 1) * TILE_BYTES)
		}))
	);
}
