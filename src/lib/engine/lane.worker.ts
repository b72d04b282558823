import * as Comlink from 'comlink';
import { ADMISSION_TOLERANCE, DISTANCE_TOLERANCE } from '../base/limits';
import { detailOf, failed, succeeded, type Outcome } from '../problems/problems';
import { isSoftwareRenderer, type Backend } from './backends';
import { rendererOf } from './probe';
import type { Manifest } from '../models/manifest';
import type { ModelPackage } from '../models/store';
import type { Admission, LaneService, Reading } from './protocol';
import {
	distanceDifference,
	largestDifference,
	referenceImages,
	type ReferenceImage
} from './reference';
import { joinLane, openLane } from './int8/lanes';
import type { PackedNetwork } from './int8/weights';

/** A loaded model, whoever computes it. */
interface Reader {
	read(pixels: Uint8Array, count: number): Reading[] | Promise<Reading[]>;
}

let network: Reader | undefined;

const service: LaneService = {
	async open({ backend, model, allowSoftware }) {
		try {
			const renderer = await rendererOf(backend);
			if (renderer === null) return failed('backend-absent', { backend });
			if (isSoftwareRenderer(renderer) && !allowSoftware) {
				return failed('backend-software', { backend });
			}
			if (backend === 'int8' && !model.manifest.classifier.activations) {
				return failed('backend-not-for-model', { backend });
			}
			return await admit(backend, renderer, model.manifest, await start(backend, model));
		} catch (error) {
			return failed('backend-failed', { backend, detail: detailOf(error).slice(0, 200) });
		}
	},

	async join(manifest, packed) {
		try {
			const lane = await joinLane(manifest, packed);
			return await admit('int8', '', manifest, { ...lane, precision: 'integer' });
		} catch (error) {
			return failed('backend-failed', { backend: 'int8', detail: detailOf(error).slice(0, 200) });
		}
	},

	async read(pixels, count) {
		if (!network) throw new Error('the lane is not open');
		const readings = await network.read(pixels, count);
		return Comlink.transfer(
			readings,
			readings.map(({ logits }) => logits.buffer)
		);
	}
};

interface Candidate {
	reader: Reader;
	precision: keyof typeof ADMISSION_TOLERANCE;
	packed?: PackedNetwork;
}

async function start(backend: Backend, model: ModelPackage): Promise<Candidate> {
	if (backend === 'int8') return { ...(await openLane(model)), precision: 'integer' };
	// Loaded when it is asked for: an int8 lane needs nothing of it.
	const { isHalfPrecision, Network, startBackend } = await import('./tensorflow');
	await startBackend(backend);
	const reader = await Network.load(model);
	return { reader, precision: isHalfPrecision(backend) ? 'half' : 'full' };
}

/** Take a candidate as the lane's network if it reads the reference images as it should. */
async function admit(
	backend: Backend,
	renderer: string,
	manifest: Manifest,
	{ reader, precision, packed }: Candidate
): Promise<Outcome<Admission>> {
	const images = await referenceImages(manifest);
	const { difference, unlikeness, millisecondsPerImage } = await tryOut(reader, images);
	const wrong = [
		{ by: difference, allowed: ADMISSION_TOLERANCE[precision] },
		{ by: unlikeness, allowed: DISTANCE_TOLERANCE[precision] }
	].find(({ by, allowed }) => !(by <= allowed));
	if (wrong) return failed('backend-wrong', { backend, difference: wrong.by });
	network = reader;
	const half = precision === 'half';
	const admission = { difference, half, millisecondsPerImage, renderer };
	return succeeded(packed ? { ...admission, packed } : admission);
}

/** Read the reference images; the first one warms the backend up, the rest are timed. */
async function tryOut(reader: Reader, images: ReferenceImage[]) {
	let difference = 0;
	/** Of the distances, relative. */
	let unlikeness = 0;
	let millisecondsPerImage = Infinity;
	for (const [i, image] of images.entries()) {
		const start = performance.now();
		const [reading] = await reader.read(image.pixels, 1);
		difference = Math.max(difference, largestDifference(reading.logits, image.logits));
		unlikeness = Math.max(unlikeness, distanceDifference(reading.distance, image.distance));
		if (i > 0) millisecondsPerImage = Math.min(millisecondsPerImage, performance.now() - start);
	}
	return { difference, unlikeness, millisecondsPerImage };
}

Comlink.expose(service);
