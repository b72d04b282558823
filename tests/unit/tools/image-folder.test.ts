import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { layOut, listClassFiles, patientOf, sampleEvenly } from '../../../tools/lib/image-folder';

describe('patients, from the names of files', () => {
	// As training-notebooks/fieldlens_training/data/images.py has them.
	it.each([
		['PNEUMONIA/person1946_bacteria_4874.jpeg', 'person1946'],
		['PNEUMONIA/person1946_virus_12.jpeg', 'person1946'],
		['NORMAL/IM-0554-0001.jpeg', 'IM-0554'],
		['NORMAL/IM-0554-0001-0002.jpeg', 'IM-0554'],
		['NORMAL/NORMAL2-IM-0389-0001.jpeg', 'NORMAL2-IM-0389'],
		['Parasitized/C104P65ThinF_IMG_20150918_170850_cell_204.webp', 'C104'],
		['NORMAL/my own film.v2.png', 'my own film.v2']
	])('%s is of %s', (path, patient) => {
		expect(patientOf(path)).toBe(patient);
	});
});

describe('a balanced sample', () => {
	const files = [
		...Array.from({ length: 10 }, (_, i) => ({ path: `A/${i}`, className: 'A' })),
		...Array.from({ length: 3 }, (_, i) => ({ path: `B/${i}`, className: 'B' }))
	];
	const countOf = (limit: number) => {
		const sample = sampleEvenly(files, limit);
		return ['A', 'B'].map((name) => sample.filter((file) => file.className === name).length);
	};

	it('takes as many of each class, and more of one only where another is used up', () => {
		expect(countOf(4)).toEqual([2, 2]);
		expect(countOf(5)).toEqual([3, 2]);
		expect(countOf(9)).toEqual([6, 3]);
		expect(countOf(100)).toEqual([10, 3]);
	});

	it('is spread over the names', () => {
		expect(sampleEvenly(files, 4).map((file) => file.path)).toEqual(['A/4', 'A/9', 'B/1', 'B/2']);
	});
});

describe('a folder of labelled images', () => {
	let folder = '';
	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), 'fieldlens-test-'));
		await mkdir(join(folder, 'PNEUMONIA', 'more'), { recursive: true });
		await mkdir(join(folder, 'NORMAL'));
		await writeFile(join(folder, 'PNEUMONIA', 'more', 'b.jpg'), 'b');
		await writeFile(join(folder, 'PNEUMONIA', 'a.jpg'), 'a');
		await writeFile(join(folder, 'NORMAL', 'c.jpg'), 'c');
	});
	afterEach(() => rm(folder, { recursive: true }));

	it('is listed by name, folders inside a class too', async () => {
		expect((await listClassFiles(folder)).map((file) => file.path)).toEqual([
			'NORMAL/c.jpg',
			'PNEUMONIA/a.jpg',
			'PNEUMONIA/more/b.jpg'
		]);
	});

	it('is refused with a sentence when an image has no class', async () => {
		await writeFile(join(folder, 'stray.jpg'), '');
		await expect(listClassFiles(folder)).rejects.toThrow(/stray\.jpg lies beside/);
		await expect(listClassFiles(join(folder, 'none'))).rejects.toThrow(/is no folder/);
	});

	it('may have a table beside its classes', async () => {
		await writeFile(join(folder, 'views.csv'), 'stem,view');
		expect((await listClassFiles(folder)).map(({ className }) => className)).toEqual([
			'NORMAL',
			'PNEUMONIA',
			'PNEUMONIA'
		]);
	});

	it('is laid out elsewhere as it was', async () => {
		const files = await listClassFiles(folder);
		await layOut(files.slice(2), folder, join(folder, 'copy'));
		expect(await readFile(join(folder, 'copy', 'PNEUMONIA', 'more', 'b.jpg'), 'utf8')).toBe('b');
	});
});
