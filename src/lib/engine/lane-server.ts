/** What a lane's worker does: starts a backend, checks the model on it, and reads. */
import { ADMISSION_TOLERANCE, DISTANCE_TOLERANCE } from '../base/limits';
import { detailOf, failed, succeeded, type Outcome } from '../problems/problems';
import { isSoftwareRenderer, type Backend } from './backends';
import type { Manifest } from '../models/manifest';
import type { ModelPackage } from '../models/store';
import type { Admission, LaneRequest, LaneService, Reading } from './protocol';
import {
	distanceDifference,
	largestDifference,
	referenceImages,
	type ReferenceImage
} from './reference';
import { joinLane, openLane } from './int8/lanes';
import type { KernelChoice } from './int8/choose-kernel';
import type { PackedNetwork } from './int8/weights';
import type { TensorFlowBackend } from './tensorflow';

/** A loaded model, whoever computes it. */
interface Reader {
	read(pixels: Uint8Array, count: number): Reading[] | Promise<Reading[]>;
}

/** What a lane is made of. */
export interface LaneParts {
	/** The adapter that a backend would use; null where there is none. */
	rendererOf(backend: Backend): Promise<string | null>;
	/** Asked for where the backend needs it: an int8 lane needs nothing of it. */
	loadTensorFlow(): Promise<{
		startBackend: (backend: TensorFlowBackend) => Promise<void>;
		isHalfPrecision: (backend: TensorFlowBackend) => boolean;
		Network: { load(model: ModelPackage): Promise<Reader> };
	}>;
	/** Hands a value and its buffers over without copying. */
	transfer<T>(value: T, buffers: Transferable[]): T;
}

interface Candidate {
	reader: Reader;
	precision: keyof typeof ADMISSION_TOLERANCE;
	kernel?: KernelChoice;
	packed?: PackedNetwork;
}

export class LaneServer implements LaneService {
	#network: Reader | undefined;

	constructor(private readonly parts: LaneParts) {}

	async open({ backend, model, allowSoftware }: LaneRequest): Promise<Outcome<Admission>> {
		try {
			const renderer = await this.parts.rendererOf(backend);
			if (renderer === null) return failed('backend-absent', { backend });
			if (isSoftwareRenderer(renderer) && !allowSoftware) {
				return failed('backend-software', { backend });
			}
			if (backend === 'int8' && !model.manifest.classifier.activations) {
				return failed('backend-not-for-model', { backend });
			}
			const candidate = await this.#start(backend, model);
			return await this.#admit(backend, renderer, model.manifest, candidate);
		} catch (error) {
			return failed('backend-failed', { backend, detail: detailOf(error).slice(0, 200) });
		}
	}

	async join(manifest: Manifest, packed: PackedNetwork): Promise<Outcome<Admission>> {
		try {
			const lane = await joinLane(manifest, packed);
			return await this.#admit('int8', '', manifest, { ...lane, precision: 'integer' });
		} catch (error) {
			return failed('backend-failed', { backend: 'int8', detail: detailOf(error).slice(0, 200) });
		}
	}

	async read(pixels: Uint8Array, count: number): Promise<Reading[]> {
		if (!this.#network) throw new Error('the lane is not open');
		const readings = await this.#network.read(pixels, count);
		return this.parts.transfer(
			readings,
			readings.map(({ logits }) => logits.buffer)
		);
	}

	async #start(backend: Backend, model: ModelPackage): Promise<Candidate> {
		if (backend === 'int8') return { ...(await openLane(model)), precision: 'integer' };
		const { isHalfPrecision, Network, startBackend } = await this.parts.loadTensorFlow();
		await startBackend(backend);
		const reader = await Network.load(model);
		return { reader, precision: isHalfPrecision(backend) ? 'half' : 'full' };
	}

	/** Take a candidate as the lane's network if it reads the reference images as it should. */
	async #admit(
		backend: Backend,
		renderer: string,
		manifest: Manifest,
		{ reader, precision, kernel, packed }: Candidate
	): Promise<Outcome<Admission>> {
		const images = await referenceImages(manifest);
		const { difference, unlikeness, millisecondsPerImage } = await tryOut(reader, images);
		const wrong = [
			{ by: difference, allowed: ADMISSION_TOLERANCE[precision] },
			{ by: unlikeness, allowed: DISTANCE_TOLERANCE[precision] }
		].find(({ by, allowed }) => !(by <= allowed));
		if (wrong) return failed('backend-wrong', { backend, difference: wrong.by });
		this.#network = reader;
		const half = precision === 'half';
		return succeeded({
			...{ difference, half, millisecondsPerImage, renderer },
			...(kernel && { kernel }),
			...(packed && { packed })
		});
	}
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
