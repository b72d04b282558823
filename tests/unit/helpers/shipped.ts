/** The packages of `static/models`, as they are after a download. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '../../../src/lib/models/manifest';
import type { ModelPackage } from '../../../src/lib/models/store';
import { unpackListed } from '../../../tools/lib/shards';

/** A shipped package from the disk; each call reads it anew, so that a test may change it. */
export function shippedPackage(id: string): ModelPackage {
	const folder = join('static/models', id);
	const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;
	const read = (files: readonly string[]) => {
		const [graph, ...shards] = files.map((path) => {
			const file = manifest.files.find((one) => one.path === path)!;
			return unpackListed(readFileSync(join(folder, path)), file);
		});
		return { topology: graph.toString(), weights: new Uint8Array(Buffer.concat(shards)).buffer };
	};
	const region = manifest.region && read(manifest.region.files);
	return { manifest, ...read(manifest.classifier.files), region };
}
