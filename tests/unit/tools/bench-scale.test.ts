/** The arithmetic of `npm run bench -- --scale`, and the files that its lists are made of. */
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode, encode } from 'fast-png';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { headerOf, kindOf } from '../helpers/formats';
import { withComment, writeCopies } from '../../../tools/bench/images';
import { pssOf } from '../../../tools/bench/processes';
import {
	growthOf,
	growthSentence,
	pace,
	scaleRows,
	scaleSection,
	scaleTable,
	scheduleOf,
	type ScaleFile,
	type ScaleRun
} from '../../../tools/bench/scale-report';
import { readCounts } from '../../../tools/lib/options';
import { repoRoot } from '../../../tools/lib/paths';

function run(parts: Partial<ScaleRun>): ScaleRun {
	return {
		files: 100,
		msPerImage: 30,
		processorMs: 55,
		pageMs: 0.5,
		longestTaskMs: 0,
		heapPeakMegabytes: 8,
		heapKeptMegabytes: 4,
		memoryMegabytes: 200,
		databaseMegabytes: 1,
		...parts
	};
}

const long = { files: 10_000, heapKeptMegabytes: 11.92, memoryMegabytes: 260 };
const runs = [
	run({ msPerImage: 34.04, heapPeakMegabytes: 9 }),
	run({ ...long, msPerImage: 31, longestTaskMs: 81 }),
	run({ msPerImage: 30, memoryMegabytes: 210 }),
	run({ msPerImage: 29.96 })
];
const rows = scaleRows(runs);

describe('the lists', () => {
	it('are read in turn, short ones more often, all over the whole time', () => {
		expect(scheduleOf([100, 1000, 10_000], 5)).toEqual([
			100, 1000, 100, 100, 1000, 10_000, 100, 1000, 100
		]);
	});

	it('are read no more often than is asked for, and each once at least', () => {
		expect(scheduleOf([10, 1000, 100_000], 1)).toEqual([10, 1000, 100_000]);
	});

	it.each([
		['20', [20]],
		['1000, 100,1000', [100, 1000]],
		[undefined, null]
	])('are as long as the user says: %s', (text, counts) => {
		expect(readCounts(text, 'counts')).toEqual(counts);
	});

	it.each(['', '100,', '10.5', 'many', '0'])(
		'have a whole number of files: "%s" is none',
		(text) => {
			expect(() => readCounts(text, 'counts')).toThrow('--counts is');
		}
	);
});

describe('the time an image', () => {
	it('is that between the end of the warm-up and the last image', () => {
		const marks = [
			{ at: 0, done: 1 },
			{ at: 900, done: 15 },
			{ at: 1000, done: 20 },
			{ at: 1400, done: 31 },
			{ at: 3400, done: 100 }
		];
		expect(pace(marks, 16)).toBe(30); // (3400 - 1000) / (100 - 20)
	});

	it('is none where nothing came after the warm-up', () => {
		expect(pace([{ at: 5, done: 20 }], 16)).toBeNaN();
		expect(pace([{ at: 5, done: 10 }], 16)).toBeNaN();
		expect(pace([], 16)).toBeNaN();
	});
});

describe('the table', () => {
	it('has a row a length, of medians, and the largest of what is "at most"', () => {
		expect(rows.map(({ files, runs }) => [files, runs])).toEqual([
			[100, 3],
			[10_000, 1]
		]);
		expect(rows[0]).toMatchObject({ msPerImage: 30, range: [30, 34] });
		expect(rows[0]).toMatchObject({ heapPeakMegabytes: 9, memoryMegabytes: 210 });
		expect(rows[1]).toMatchObject({ msPerImage: 31, longestTaskMs: 81 });
	});

	it('says of tasks that are too short to be seen that they are', () => {
		const [, , first, second] = scaleTable(rows).split('\n');
		expect(first).toContain('under 50');
		expect(second).toContain('| 81 ');
	});

	it('has a dash where the system does not say how much memory was taken', () => {
		const unknown = scaleRows([run({}), run({ memoryMegabytes: null })]);
		expect(unknown[0].memoryMegabytes).toBeNull();
		expect(scaleTable(unknown).split('\n')[2]).toContain(' - ');
	});
});

describe('what grows', () => {
	it('is the longest list against the shortest', () => {
		expect(growthOf(rows)).toEqual({ time: 1.033, heapKilobytes: 0.8 }); // 31 / 30; 7920 / 9900
		expect(growthSentence(rows)).toContain(
			'In a list of 10,000 an image takes 1.033 of the time that it takes in one of 100'
		);
	});

	it('is not said of one length alone', () => {
		expect(growthOf(rows.slice(0, 1))).toBeNull();
		expect(growthSentence(rows.slice(0, 1))).toBe('');
	});
});

describe('a section of the results', () => {
	const file = {
		date: '2026-11-21T15:00:00.000Z',
		machine: { cpu: 'AMD EPYC', cores: 2, browser: 'Chromium 156' },
		model: 'pneumonia-resnet34',
		modelVersion: '1.2.0',
		input: '160 x 160 x 1',
		backend: 'int8',
		lanes: 2,
		sources: 54,
		originals: true,
		rows,
		runs
	} as unknown as ScaleFile;

	it('says what was measured on what, and how it grows', () => {
		const section = scaleSection(file);
		for (const part of [
			'2026-11-21: whole lists of different lengths, `pneumonia-resnet34` 1.2.0',
			'int8, 2 lanes) on 2 cores (AMD EPYC), Chromium 156',
			'54 original-size JPEGs',
			scaleTable(rows),
			growthSentence(rows)
		]) {
			expect(section).toContain(part);
		}
	});

	it('ends with the table where there is one length', () => {
		const single = scaleSection({ ...file, rows: rows.slice(0, 1), originals: false });
		expect(single.endsWith('|')).toBe(true);
		expect(single).toContain('54 sample images');
	});
});

describe('the files of a list', () => {
	const jpeg = join(repoRoot, 'static/samples/chest/synthetic-1.jpg');
	let folder = '';
	beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'fieldlens-copies-'))));
	afterEach(() => rm(folder, { recursive: true }));

	const png = () =>
		Buffer.from(
			encode({ width: 3, height: 2, channels: 1, data: Uint8Array.from([0, 1, 2, 3, 4, 5]) })
		);

	it('are as many as asked for, no two alike, of about the same mix from the first on', async () => {
		const other = join(folder, 'cell.png');
		await writeFile(other, png());
		const list = join(folder, 'list');
		await writeCopies([jpeg, other], list, 7);
		const names = (await readdir(list)).sort();
		expect(names).toHaveLength(7);
		expect(names[0]).toMatch(/^image-00001\./);
		const sums = await Promise.all(
			names.map(async (name) =>
				createHash('sha256')
					.update(await readFile(join(list, name)))
					.digest('hex')
			)
		);
		expect(new Set(sums).size).toBe(7);
		expect(names.slice(0, 4).filter((name) => name.endsWith('.png'))).toHaveLength(2);
	});

	it('are whole JPEGs of the same picture', async () => {
		const before = await readFile(jpeg);
		const after = withComment(before, 'copy 7', jpeg);
		expect(kindOf(after)).toBe('jpeg');
		expect(await headerOf(after)).toEqual(await headerOf(before));
		// All but the new segment is as it was.
		expect(after.subarray(2 + 4 + 6).equals(before.subarray(2))).toBe(true);
	});

	it('are whole PNGs of the same picture', async () => {
		const after = withComment(png(), 'copy 7', 'cell.png');
		const read = decode(after, { checkCrc: true });
		expect([...read.data]).toEqual([0, 1, 2, 3, 4, 5]);
		expect(read.text).toEqual({ Comment: 'copy 7' });
		expect((await headerOf(after)).ok).toBe(true);
	});

	it('are not made of anything else', () => {
		expect(() => withComment(Buffer.from('GIF89a'), 'copy 7', 'a.gif')).toThrow('a.gif is neither');
	});
});

describe('the memory of a process', () => {
	it("is Linux's proportional set size", () => {
		const rollup =
			'559a-7ffd ---p 0 00:00 0 [rollup]\nRss:  9000 kB\nPss:   2048 kB\nPss_Dirty: 7 kB\n';
		expect(pssOf(rollup)).toBe(2048 * 1024);
	});

	it('is unknown where the process ended', () => {
		expect(pssOf('')).toBeNull();
	});
});
