// @ts-check
// How long the list takes to filter and sort 10,000 rows: `node tools/bench/worklist.mjs`.
// The page does it at each change that shows, at most four times a second. On a busy machine the
// fastest round says most.
import { loadSource } from '../lib/load-source.mjs';

const ROWS = 10_000;
const ROUNDS = 40;

const { arrange, countReviews, countRows, INITIAL_VIEW } = await loadSource(
	'/src/lib/worklist/worklist.ts'
);
const { categoriesAt, newRow } = await loadSource('/src/lib/worklist/row.ts');

const points = [
	{ id: 'careful', threshold: 0.2 },
	{ id: 'balanced', threshold: 0.5 },
	{ id: 'strict', threshold: 0.8 }
];
const manifest = { operatingPoints: points, recognition: { threshold: 3 } };
const findings = ['present', 'absent', 'unsure'];
const rows = Array.from({ length: ROWS }, (_, id) => ({
	...newRow(id, { path: `ward ${id % 7}/image ${(id * 7919) % ROWS}.jpg` }),
	status: 'done',
	probability: ((id * 6007) % 9973) / 9973,
	distance: (id * 31) % 350 > 330 ? 4 : 1,
	review: id % 3 === 0 ? { finding: findings[(id / 3) % 3] } : null
}));
const categoryOf = categoriesAt(points[0], manifest);

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
