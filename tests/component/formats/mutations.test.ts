/**
 * Mutations of small files of every format (`tests/unit/fixtures/mutate_images.py`, which says how
 * to run this) in a real browser, whose decoders are part of the readers: the pixels are those of
 * another decoder, or both refuse, or ours refuses by a reason. What ours alone reads is counted
 * and listed. No file throws, and none takes 5 seconds.
 */
import { expect, it } from 'vitest';
import { commands } from 'vitest/browser';
import type { Raster } from '../../../src/lib/pixels/resizer';
import { greyOf } from '../../../src/lib/pixels/channels';
import { readImage } from '../../unit/helpers/formats';

interface Reference {
	refused?: string;
	width: number;
	height: number;
	/** Base64 of `GRID` x `GRID` greys, or of red, green and blue. */
	grid: string;
}
interface Mutation {
	number: number;
	kind: string;
	sample: string;
	damage: string;
	/** Base64. */
	bytes: string;
	references: Reference[];
}
type Fate =
	'equal' | 'own range' | 'both refuse' | 'ours alone refuses' | 'ours alone reads' | 'differs';

/** Relative to the repository; nothing is tried without it. */
const folder = String(import.meta.env['VITE_IMAGE_MUTATIONS'] ?? '');
const GRID = 24;
/** Levels between two codecs: the inverse DCT, the way from YCbCr to RGB, and rounding. */
const MOST = 4;
const LONGEST_MS = 5000;

/**
 * Samples that are not compared. PDFs are opened before a format sees them. pydicom takes high bits
 * as they are said (`formats/README.md` says why ours does not); Pillow and tifffile differ in what
 * is not compressed and has differences.
 */
const isLeftOut = ({ kind, sample }: Mutation) =>
	kind === 'pdf' || sample === 'high bits' || sample === 'grey of 16 bits with differences';

const bytesOf = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/** The largest difference at the places of the grid; null where the sizes differ. */
function distance(raster: Raster, { width, height, grid }: Reference): number | null {
	if (raster.width !== width || raster.height !== height) return null;
	const expected = bytesOf(grid);
	const channels = expected.length / GRID ** 2;
	const { stride } = raster;
	const data = channels === 1 && stride > 1 ? greyOf(raster.data, stride) : raster.data;
	const step = channels === 1 ? 1 : stride;
	const at = (i: number, size: number) => Math.floor(((i + 0.5) * size) / GRID);
	let most = 0;
	for (let i = 0; i < GRID ** 2; i++) {
		const pixel = at(Math.floor(i / GRID), height) * width + at(i % GRID, width);
		for (let c = 0; c < channels; c++) {
			const value = Number(data[pixel * step + (step === 1 ? 0 : c)]);
			most = Math.max(most, Math.abs(value - expected[i * channels + c]));
		}
	}
	return most;
}

async function fateOf({ bytes, references }: Mutation): Promise<[fate: Fate, why: string]> {
	const outcome = await readImage(bytesOf(bytes));
	const read = references.filter((reference) => reference.refused === undefined);
	if (!outcome.ok) {
		const { code, details } = outcome.problem;
		const fate = read.length === 0 ? 'both refuse' : 'ours alone refuses';
		return [fate, `${code} ${JSON.stringify(details)}`];
	}
	if (read.length === 0) return ['ours alone reads', String(references[0].refused)];
	const distances = read.map((reference) => distance(outcome.value.raster, reference));
	if (distances.some((one) => one !== null && one <= MOST)) return ['equal', ''];
	// A window beside all values leaves one grey of an image; ours shows its own range, with a note.
	const isBlank = new Set(bytesOf(read[0].grid)).size === 1;
	if (isBlank && outcome.value.facts?.ownRange) return ['own range', ''];
	const { width, height } = outcome.value.raster;
	return [
		'differs',
		`${width} x ${height}, ${read[0].width} x ${read[0].height}, by ${distances.join(', ')}`
	];
}

async function batchAt(index: number): Promise<Mutation[] | null> {
	const path = `${folder}/${String(index).padStart(3, '0')}.json`;
	const text = await commands.readFile(path).catch(() => null);
	return text === null ? null : (JSON.parse(text) as Mutation[]);
}

it.skipIf(!folder)('mutations give the pixels of another decoder, or a refusal', async () => {
	const lists = new Map<Fate, string[]>();
	const counts: Record<string, Partial<Record<Fate | 'files', number>>> = {};
	let longest = 0;
	let batch: Mutation[] | null;
	for (let index = 0; (batch = await batchAt(index)); index++) {
		for (const mutation of batch.filter((one) => !isLeftOut(one))) {
			const started = performance.now();
			const [fate, why] = await fateOf(mutation);
			longest = Math.max(longest, performance.now() - started);
			const { number, kind, sample, damage } = mutation;
			lists.set(fate, [
				...(lists.get(fate) ?? []),
				`${number} ${kind}, ${sample}, ${damage}: ${why}`
			]);
			const count = (counts[kind] ??= {});
			count[fate] = (count[fate] ?? 0) + 1;
			count.files = (count.files ?? 0) + 1;
		}
	}
	for (const [fate, list] of lists) {
		await commands.writeFile(`${folder}/${fate}.txt`, `${list.join('\n')}\n`);
	}
	await commands.writeFile(
		`${folder}/counts.json`,
		`${JSON.stringify({ longestMs: Math.round(longest), counts }, null, '\t')}\n`
	);
	expect(lists.size).toBeGreaterThan(0);
	expect(lists.get('differs') ?? []).toEqual([]);
	expect(longest).toBeLessThan(LONGEST_MS);
});
