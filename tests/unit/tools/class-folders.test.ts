import { describe, expect, it } from 'vitest';
import { classFolders } from '../../../tools/lib/class-folders';
import { exampleManifest } from '../helpers/manifest';

const chest = exampleManifest();
const cells = exampleManifest({ task: 'malaria-cell' });
cells.outputs.classes = [
	{ id: 'clear', name: 'No parasite' },
	{ id: 'infected', name: 'Parasite' }
];

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

	it('or after the id or the name of a class in the manifest', () => {
		expect([...classFolders(['clear', 'Infected'], cells)]).toEqual([
			['clear', false],
			['Infected', true]
		]);
		expect([...classFolders(['no parasite', 'parasite'], cells).values()]).toEqual([false, true]);
	});

	it('follow the manifest where the positive class stands first', () => {
		const turned = exampleManifest();
		turned.outputs.classes.reverse();
		turned.outputs.positiveClass = 0;
		expect([...classFolders(['normal', 'pneumonia'], turned).values()]).toEqual([false, true]);
	});

	it('may hold the positive class alone, not the negative one alone', () => {
		expect(classFolders(['PNEUMONIA'], chest).size).toBe(1);
		expect(() => classFolders(['NORMAL'], chest)).toThrow(/the positive class, pneumonia/);
	});

	it('of another task or of no class are refused by name', () => {
		expect(() => classFolders(['Parasitized', 'Uninfected'], chest)).toThrow(
			/subfolder Parasitized is named after no class of the model\. Known: normal, pneumonia/
		);
		expect(() => classFolders(['Infected', 'test'], cells)).toThrow(/subfolder test is/);
	});
});
