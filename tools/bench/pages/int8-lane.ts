// A lane of Fieldlens's int8 engine, without the app around it. Takes what the other lanes take,
// but pixels as they are, like the app's lanes.
import { chooseKernel } from '../../../src/lib/engine/int8/choose-kernel.ts';
import { measuredLayer } from '../../../src/lib/engine/int8/measured-layer.ts';
import { IntegerNetwork } from '../../../src/lib/engine/int8/network.ts';
import type { Manifest } from '../../../src/lib/models/manifest.ts';
import type { ModelPackage } from '../../../src/lib/models/store.ts';
import { repeated, serveLane } from './lane.ts';

serveLane<Uint8Array>(async ({ model }) => {
	const found = await fetchPackage(`/models/${model}`);
	const { kernel } = await chooseKernel(() => measuredLayer(found), false);
	const network = IntegerNetwork.load(found, kernel);
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
