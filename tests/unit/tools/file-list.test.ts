import { describe, expect, it } from 'vitest';
import type { KeptResult } from '../../../tools/lib/kept-results';
import { fatesCsv, fatesOf, fatesTable, withArchived } from '../../../tools/lib/file-list';
import type { ResultRow } from '../../../tools/lib/results-csv';

type KeptFate = Pick<KeptResult, 'path' | 'status' | 'problem' | 'width' | 'height' | 'facts'>;
const kept = (path: string, more: Partial<KeptFate> = {}): KeptFate => ({
	path,
	status: 'done',
	problem: null,
	width: 700,
	height: 573,
	facts: null,
	...more
});
const exported = (path: string, more: Partial<ResultRow> = {}): ResultRow => ({
	path,
	score: 0.4189131,
	category: 'uncertain',
	backend: 'int8',
	time: 0,
	reason: '',
	unlikeness: 0.5,
	...more
});

describe('what became of each file', () => {
	const refused = { status: 'failed', problem: { code: 'damaged-image' } } as const;
	const fates = fatesOf(
		[
			kept('cases/b.zip/x, y.png'),
			kept('cases/a.jpg', { ...refused, width: 0, height: 0 }),
			kept('cases/left.txt', { status: 'left-out', problem: { code: 'not-an-image' }, width: 0 })
		],
		[
			exported('cases/b.zip/x, y.png'),
			exported('cases/a.jpg', { score: null, category: '', reason: 'The image is damaged.' }),
			exported('cases/left.txt', { score: null, category: '', reason: 'This is no image.' })
		],
		'cases'
	);

	it('is its score or the code of its problem, by its path below the folder', () => {
		expect(fates.map(({ path, status, problem, score }) => [path, status, problem, score])).toEqual(
			[
				['a.jpg', 'failed', 'damaged-image', ''],
				['b.zip/x, y.png', 'done', '', '0.418913'],
				['left.txt', 'left-out', 'not-an-image', '']
			]
		);
	});

	it('is written as CSV and shown as a table', () => {
		const [head, first, second] = fatesCsv(fates).split('\r\n');
		expect(head).toBe('path,status,problem,category,score,reason,size,facts');
		expect(first).toBe('a.jpg,failed,damaged-image,,,The image is damaged.,,');
		expect(second).toBe('"b.zip/x, y.png",done,,uncertain,0.418913,,700 x 573,');
		expect(fatesTable(fates).split('\n')).toHaveLength(5);
	});
});

it('the files of an archive stand in its place, and count as its class', () => {
	const files = [
		{ path: 'NORMAL/a.jpg', className: 'NORMAL' },
		{ path: 'NORMAL/b.zip', className: 'NORMAL' },
		{ path: 'NORMAL/gone.jpg', className: 'NORMAL' }
	];
	const paths = ['NORMAL/a.jpg', 'NORMAL/b.zip/1.png', 'NORMAL/b.zip/2.png'];
	expect(withArchived(files, paths).map(({ path }) => path)).toEqual([...paths, 'NORMAL/gone.jpg']);
});
