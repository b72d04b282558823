/** The packages of `static/models`, as they are after a download. */
import { readFileSync } from 'node:fs';
import type { Manifest } from '../../../src/lib/models/manifest';
import type { ModelPackage } from '../../../src/lib/models/store';

/** A shipped package from the disk; each call reads it anew, so that a test may change it. */
export function shippedPackage(id: string): ModelPackage {
	const read = (name: string) => readFileSync(`static/models/${id}/${name}`);
	const manifest = JSON.parse(read('manifest.json').toString()) as Manifest;
	const [topology, ...shards] = manifest.files.map(({ path }) => read(path));
	return {
		manifest,
		topology: topology.toString(),
		weights: new Uint8Array(Buffer.concat(shards)).buffer
	};
}
