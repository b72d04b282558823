/** The manifests of the models that come with the site. */
import type { Manifest } from '../../../src/lib/models/manifest';

const files = import.meta.glob<Manifest>('/static/models/*/manifest.json', {
	eager: true,
	import: 'default'
});

export const shippedManifests: readonly Manifest[] = Object.values(files);

/** The first of a task. */
export function manifestFor(task: Manifest['task']): Manifest {
	const found = shippedManifests.find((manifest) => manifest.task === task);
	if (!found) throw new Error(`no model for ${task} is shipped`);
	return found;
}
