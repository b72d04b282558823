// How long the list takes to filter and sort 10,000 rows: `npx tsx tools/bench/worklist.ts`.
// The page does it at each change that shows, at most four times a second. On a busy machine the
// fastest round says most.
import type { Finding } from '../../src/lib/review/review.ts';
import { categoriesAt, newRow, type Row } from '../../src/lib/worklist/row.ts';
import { arrange, countReviews, countRows, INITIAL_VIEW } from '../../src/lib/worklist/worklist.ts';
import { readOfferedManifest } from '../lib/packages.ts';

const ROWS = 10_000;
const ROUNDS = 40;
const FINDINGS: Finding[] = ['present', 'absent', 'unsure'];

const manifest = await readOfferedManifest('pneumonia-resnet34');
const [point] = manifest.operatingPoints;
if (!point) throw new Error('the model has no operating point');
const limit = manifest.recognition?.threshold ?? 1;
const categoryOf = categoriesAt(point, manifest);
const rows = Array.from({ length: ROWS }, (_, id) => rowOf(id));

/** Scores and categories spread over the list; every third row is reviewed. */
function rowOf(id: number): Row {
	const path = `ward ${id % 7}/image ${(id * 7919) % ROWS}.jpg`;
	const open = () => Promise.reject(new Error('never opened'));
	const finding = id % 3 === 0 ? FINDINGS[(id / 3) % 3] : undefined;
	const review = { reason: '', note: '', by: '', time: '', category: null, point: '' };
	return {
		...newRow(id, { path, open }),
		status: 'done',
		probability: ((id * 6007) % 9973) / 9973,
		distance: (id * 31) % 350 > 330 ? 2 * limit : limit / 2,
		review: finding ? { ...review, finding } : null
	};
}

const jobs = {
	'filter and sort, all by urgency': () => arrange(rows, INITIAL_VIEW, categoryOf),
	'by name': () => arrange(rows, { ...INITIAL_VIEW, sort: 'name' }, categoryOf),
	'by category': () => arrange(rows, { ...INITIAL_VIEW, sort: 'category' }, categoryOf),
	'likely and not reviewed': () =>
		arrange(rows, { ...INITIAL_VIEW, filter: 'likely', review: 'not-reviewed' }, categoryOf),
	differs: () => arrange(rows, { ...INITIAL_VIEW, review: 'differs' }, categoryOf),
	'a search': () => arrange(rows, { ...INITIAL_VIEW, search: 'image 99' }, categoryOf),
	'counts by category': () => countRows(rows, categoryOf),
	'counts by review': () => countReviews(rows, 'all', categoryOf)
};
// The first rounds measure the compiler.
for (const job of Object.values(jobs)) for (let i = 0; i < 10; i++) job();
for (const [name, job] of Object.entries(jobs)) {
	const times = Array.from({ length: ROUNDS }, () => {
		const start = performance.now();
		job();
		return performance.now() - start;
	}).sort((a, b) => a - b);
	const [fastest, median, slowest] = [0, ROUNDS / 2, ROUNDS - 1].map((i) => times[i]?.toFixed(1));
	console.log(`${name.padEnd(34)} ${median} ms (${fastest} to ${slowest})`);
}
