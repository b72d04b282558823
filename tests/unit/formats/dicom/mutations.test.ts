/**
 * Mutations of pydicom's test files (`fixtures/mutate_dicom.py`, which says how to run this): the
 * greys are pydicom's, or both refuse, or ours refuses with a sentence. What ours alone reads is
 * counted, since pydicom refuses much that viewers show; so is a window beside all values.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { GRID, serveCodecs } from '../../helpers/dicom';
import { readImage } from '../../helpers/formats';
import { bytesOf } from '../../helpers/images';
import { greyOf } from '../../../../src/lib/pixels/channels';

interface Mutation {
	file: string;
	source: string;
	kind: string;
	refused?: string;
	width: number;
	height: number;
	grid: string;
}
type Fate =
	'equal' | 'own range' | 'both refuse' | 'ours alone refuses' | 'ours alone reads' | 'differs';

const folder = process.env['DICOM_MUTATIONS'];
const mutations = folder
	? (JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Mutation[])
	: [];

beforeAll(serveCodecs);
afterAll(() => vi.unstubAllGlobals());

/** Levels between two codecs, and two ways to round. */
const MOST = 3;

async function fateOf(mutation: Mutation): Promise<[fate: Fate, why: string]> {
	const outcome = await readImage(new Uint8Array(readFileSync(join(folder ?? '', mutation.file))));
	if (!outcome.ok) {
		const { code, details } = outcome.problem;
		return [
			mutation.refused ? 'both refuse' : 'ours alone refuses',
			`${code} ${JSON.stringify(details)}`
		];
	}
	if (mutation.refused) return ['ours alone reads', mutation.refused];
	const { width, height, stride, data } = outcome.value.raster;
	if (width !== mutation.width || height !== mutation.height) {
		return ['differs', `${width} x ${height}, not ${mutation.width} x ${mutation.height}`];
	}
	const greys = stride === 1 ? data : greyOf(data, stride);
	const at = (i: number, size: number) => Math.floor(((i + 0.5) * size) / GRID);
	const far = [...bytesOf(mutation.grid)].map((grey, i) =>
		Math.abs(grey - greys[at(Math.floor(i / GRID), height) * width + at(i % GRID, width)])
	);
	const most = Math.max(...far);
	// A window beside all values leaves one grey of an image; ours shows its own range, with a note.
	const isBlank = new Set(bytesOf(mutation.grid)).size === 1;
	if (isBlank && outcome.value.facts?.ownRange) return ['own range', ''];
	return [most <= MOST ? 'equal' : 'differs', `by ${most}`];
}

it.skipIf(!folder)('mutations give the greys of pydicom, or a refusal', async () => {
	const found = new Map<Fate, string[]>();
	for (const mutation of mutations) {
		const [fate, why] = await fateOf(mutation);
		const { file, source, kind } = mutation;
		found.set(fate, [...(found.get(fate) ?? []), `${file} ${source} ${kind}: ${why}`]);
	}
	for (const [fate, list] of found) {
		console.log(`${fate}: ${list.length}`);
		writeFileSync(join(folder ?? '', `${fate}.txt`), `${list.join('\n')}\n`);
	}
	expect(found.get('differs') ?? []).toEqual([]);
});
