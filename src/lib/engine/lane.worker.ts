import * as Comlink from 'comlink';
import { ADMISSION_TOLERANCE, DISTANCE_TOLERANCE } from '../limits';
import { detailOf, failed, succeeded } from '../problems';
import { isSoftwareRenderer, type Backend } from './backends';
import { rendererOf } from './probe';
import type { ModelPackage } from '../models/store';
import type { LaneService, Reading } from './protocol';
import {
	distanceDifference,
	largestDifference,
	referenceImages,
	type ReferenceImage
} from './reference';
import { fetchKernel } from './int8/kernel';
import { IntegerNetwork } from './int8/network';
import { sumsAreRight } from './int8/self-test';

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
			if (backend === 'int8' && !model.manifest.activations) {
				return failed('backend-not-for-model', { backend });
			}
			const { candidate, precision } = await start(backend, model);
			const images = await referenceImages(model.manifest);
			const { difference, unlikeness, millisecondsPerImage } = await tryOut(candidate, images);
			const wrong = [
				{ by: difference, allowed: ADMISSION_TOLERANCE[precision] },
				{ by: unlikeness, allowed: DISTANCE_TOLERANCE[precision] }
			].find(({ by, allowed }) => !(by <= allowed));
			if (wrong) {
				return failed('backend-wrong', { backend, difference: wrong.by });
			}
			network = candidate;
			const half = precision === 'half';
			return succeeded({ difference, half, millisecondsPerImage, renderer });
		} catch (error) {
			return failed('backend-failed', { backend, detail: detailOf(error).slice(0, 200) });
		}
	},

	async read(pixels, count) {
		if (!network) throw new Error('the lane is not open');
		const readings = await network.read(pixels, count);
		return Comlink.transfer(
			readings,
			readings.flatMap(({ logits, map }) => [logits.buffer, map.buffer])
		);
	}
};

async function start(
	backend: Backend,
	model: ModelPackage
): Promise<{ candidate: Reader; precision: keyof typeof ADMISSION_TOLERANCE }> {
	if (backend === 'int8') {
		const candidate = IntegerNetwork.load(model, await fetchKernel(sumsAreRight));
		return { candidate, precision: 'integer' };
	}
	// Loaded when it is asked for: a lane in whole numbers needs nothing of it.
	const { isHalfPrecision, Network, startBackend } = await import('./tensorflow');
	await startBackend(backend);
	const candidate = await Network.load(model);
	return { candidate, precision: isHalfPrecision(backend) ? 'half' : 'full' };
}

/** Read the reference images; the first one warms the backend up, the rest are timed. */
async function tryOut(candidate: Reader, images: ReferenceImage[]) {
	let difference = 0;
	/** Of the distances, relative. */
	let unlikeness = 0;
	let millisecondsPerImage = Infinity;
	for (const [i, image] of images.entries()) {
		const start = performance.now();
		const [reading] = await candidate.read(image.pixels, 1);
		difference = Math.max(difference, largestDifference(reading.logits, image.logits));
		unlikeness = Math.max(unlikeness, distanceDifference(reading.distance, image.distance));
		if (i > 0) millisecondsPerImage = Math.min(millisecondsPerImage, performance.now() - start);
	}
	return { difference, unlikeness, millisecondsPerImage };
}

Comlink.expose(service);
