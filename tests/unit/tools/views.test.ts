/** Groups of films by a table of a data set. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { groupsOf, readViews } from '../../../tools/lib/views';

async function tableOf(text: string) {
	const file = join(await mkdtemp(join(tmpdir(), 'fieldlens-views-')), 'views.csv');
	await writeFile(file, text);
	return file;
}

describe('a table of views', () => {
	it('puts films into groups by view and by age', async () => {
		const file = await tableOf('stem,age,sex,view\na,17,M,PA\nb,18,F,AP\nc,,F,AP\n');
		const groups = groupsOf(await readViews(file));
		const paths = ['N/a.webp', 'P/b.jpg', 'P/c.jpg', 'P/d.jpg'];
		expect(groups.map(({ name, has }) => [name, ...paths.filter(has)])).toEqual([
			['view AP', 'P/b.jpg', 'P/c.jpg'],
			['view PA', 'N/a.webp'],
			['age under 18', 'N/a.webp'],
			['age 18 and over', 'P/b.jpg']
		]);
	});

	it('is refused without its columns, or where it is not there', async () => {
		await expect(readViews(await tableOf('stem,sex\na,M\n'))).rejects.toThrow(/age, view/);
		await expect(readViews('/nowhere/views.csv')).rejects.toThrow(/--views/);
	});
});
