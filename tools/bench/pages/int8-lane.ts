// A lane of Fieldlens's int8 engine, without the app around it. Takes what the other lanes take,
// but pixels as they are, like the app's lanes.
import { fetchKernel } from '../../../src/lib/engine/int8/fetch-kernel.ts';
import { IntegerNetwork } from '../../../src/lib/engine/int8/network.ts';
import { sumsAreRight } from '../../../src/lib/engine/int8/self-test.ts';
import type { Manifest } from '../../../src/lib/models/manifest.ts';
import type { ModelPackage } from '../../../src/lib/models/store.ts';
import { repeated, serveLane } from './lane.ts';

serveLane<Uint8Array>(async ({ model }) => {
	const network = IntegerNetwork.load(
		await fetchPackage(`/models/${model}`),
		await fetchKernel(sumsAreRight)
	);
	return {
		threads: 1,
		inputOf: ({ pixels }) => Uint8Array.from(pixels),
		repeat: (one, batch) => repeated(one, new Uint8Array(batch * one.length)),
		run: (input, count) => network.read(input, count).flatMap(({ logits }) => [...logits])
	};
});

/** The package as plain files, whose manifest the bench has checked. */
async function fetchPackage(folder: string): Promise<ModelPackage> {
	const manifest = (await (await fetch(`${folder}/manifest.json`)).json()) as Manifest;
	const topology = await (await fetch(`${folder}/model.json`)).text();
	const { weightsManifest } = JSON.parse(topology) as { weightsManifest: { paths: string[] }[] };
	const shards = await Promise.all(
		weightsManifest
			.flatMap(({ paths }) => paths)
			.map(async (name) => (await fetch(`${folder}/${name}`)).blob())
	);
	return { manifest, topology, weights: await new Blob(shards).arrayBuffer(), region: null };
}
