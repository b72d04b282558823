// Which class a folder of labelled images holds, from its name.
import { Problem } from './problem.ts';
import type { Manifest } from '../../src/lib/models/manifest.ts';

/**
 * Folder names of the public data sets, by task; a folder may also be named after the id or
 * the name of a class in the manifest. Any case.
 */
const FOLDERS: Record<Manifest['task'], { positive: string[]; negative: string[] }> = {
	'chest-xray-pneumonia': { positive: ['pneumonia'], negative: ['normal'] },
	'malaria-cell': { positive: ['parasitized'], negative: ['uninfected'] }
};

/**
 * Whether each class folder holds the positive class.
 * @returns by the folder's name
 * @throws {Problem} for a folder of no class of the model, or where none is of the positive one
 */
export function classFolders(
	folders: readonly string[],
	{ task, outputs }: Pick<Manifest, 'task' | 'outputs'>
): Map<string, boolean> {
	const { classes, positiveClass } = outputs;
	const known: Map<string, boolean> = new Map();
	for (const name of FOLDERS[task].negative) known.set(name, false);
	for (const name of FOLDERS[task].positive) known.set(name, true);
	for (const [place, { id, name }] of classes.entries()) {
		for (const each of [id, name]) known.set(each.toLowerCase(), place === positiveClass);
	}
	const found = folders.map((folder) => {
		const isPositive = known.get(folder.toLowerCase());
		if (isPositive === undefined) {
			throw new Problem(
				`The subfolder ${folder} is named after no class of the model. Known: ${[...known.keys()].join(', ')} (upper or lower case).`
			);
		}
		return [folder, isPositive] as const;
	});
	if (!found.some(([, isPositive]) => isPositive)) {
		throw new Problem(
			`One subfolder must be named after the positive class, ${classes[positiveClass]?.id}. There are: ${folders.join(', ')}`
		);
	}
	return new Map(found);
}
