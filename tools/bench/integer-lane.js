// A lane of Fieldlens's engine in whole numbers, without the app around it; bundled by
// integer.mjs. Takes what the other lanes take, but pixels as they are, like the app's lanes.
import { fetchKernel } from '../../src/lib/engine/int8/kernel';
import { IntegerNetwork } from '../../src/lib/engine/int8/network';
import { sumsAreRight } from '../../src/lib/engine/int8/self-test';

let read;

self.onmessage = async ({ data: { type, setup } }) => {
	try {
		if (type === 'open') self.postMessage(await open(setup));
		else self.postMessage({ logits: read() });
	} catch (error) {
		self.postMessage({ error: String(error?.message ?? error) });
	}
};

async function open({ batch, model, vectors }) {
	const network = IntegerNetwork.load(
		await fetchPackage(`/models/${model}`),
		await fetchKernel(sumsAreRight)
	);
	let largestDifference = 0;
	for (const { pixels, logits } of vectors) {
		const [found] = network.read(Uint8Array.from(pixels), 1);
		logits.forEach((value, i) => {
			largestDifference = Math.max(largestDifference, Math.abs(value - found.logits[i]));
		});
	}
	const one = vectors[0].pixels;
	const input = new Uint8Array(batch * one.length);
	for (let i = 0; i < batch; i++) input.set(one, i * one.length);
	read = () => network.read(input, batch).map(({ logits }) => logits);
	read();
	return { threads: 1, largestDifference };
}

/** The package as plain files, whose manifest the bench has checked. */
async function fetchPackage(folder) {
	const manifest = await (await fetch(`${folder}/manifest.json`)).json();
	const topology = await (await fetch(`${folder}/model.json`)).text();
	const names = JSON.parse(topology).weightsManifest.flatMap(({ paths }) => paths);
	const shards = await Promise.all(
		names.map(async (name) => (await fetch(`${folder}/${name}`)).blob())
	);
	return { manifest, topology, weights: await new Blob(shards).arrayBuffer() };
}
