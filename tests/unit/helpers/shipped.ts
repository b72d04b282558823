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
	const [graph, ...shards] = manifest.files.map((file) =>
		unpackListed(readFileSync(join(folder, file.path)), file)
	);
	return {
		manifest,
		topology: graph.toString(),
		weights: new Uint8Array(Buffer.concat(shards)).buffer,
		region: null
	};
}
