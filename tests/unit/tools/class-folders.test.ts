import { describe, expect, it } from 'vitest';
import { classFolders } from '../../../tools/lib/class-folders';
import { TOY } from '../helpers/toy-task';

const chest = { task: 'chest-xray-pneumonia' };
const cells = { task: 'malaria-cell' };

describe('the folders of the classes', () => {
	it('are named as in the public data sets of the task, in any case', () => {
		expect([...classFolders(['NORMAL', 'Pneumonia'], chest)]).toEqual([
			['NORMAL', false],
			['Pneumonia', true]
		]);
		expect([...classFolders(['Parasitized', 'Uninfected'], cells)]).toEqual([
			['Parasitized', true],
			['Uninfected', false]
		]);
	});

	it('or after another name of a class', () => {
		expect([...classFolders(['healthy', 'Infected'], cells)]).toEqual([
			['healthy', false],
			['Infected', true]
		]);
		expect([...classFolders(['no pneumonia', 'pneumonia'], chest).values()]).toEqual([false, true]);
	});

	it('may hold the positive class alone, not the negative one alone', () => {
		expect(classFolders(['PNEUMONIA'], chest).size).toBe(1);
		expect(() => classFolders(['NORMAL'], chest)).toThrow(/the positive class, pneumonia/);
	});

	it('of another task or of no class are refused by name', () => {
		expect(() => classFolders(['Parasitized', 'Uninfected'], chest)).toThrow(
			/subfolder Parasitized is named after no class of the model\. Known: normal, no pneumonia/
		);
		expect(() => classFolders(['Infected', 'test'], cells)).toThrow(/subfolder test is/);
	});

	it('of a new task are known by its definition', () => {
		expect([...classFolders(['Whole', 'BROKEN'], { task: TOY.id }, [TOY])]).toEqual([
			['Whole', false],
			['BROKEN', true]
		]);
	});
});
