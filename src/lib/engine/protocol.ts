/** What the page and a lane's worker say to each other. */
import type { Manifest } from '../models/manifest';
import type { ModelPackage } from '../models/store';
import type { Outcome } from '../problems/problems';
import type { Backend } from './backends';
import type { KernelChoice } from './int8/choose-kernel';
import type { PackedNetwork } from './int8/weights';

/** A lane that may read: it reproduced the reference vectors. */
export interface Admission {
	/** Largest difference from the reference logits. */
	difference: number;
	/** Whether the backend computes in 16-bit floats. */
	half: boolean;
	/** Time of one image on this lane alone, after a warm-up. */
	millisecondsPerImage: number;
	/** Name of the adapter or renderer, '' on the processor. */
	renderer: string;
	/** How an int8 lane that packed the weights computes, and why so. */
	kernel?: KernelChoice;
	/** Weights that other lanes may read with, where this lane has put them into shared memory. */
	packed?: PackedNetwork;
}

export interface LaneRequest {
	backend: Backend;
	model: ModelPackage;
	/** Take a software adapter too (tests, and a user who insists). */
	allowSoftware: boolean;
}

/** What a lane computes for one image. */
export interface Reading {
	/** One a class. */
	logits: Float32Array;
	/** How unlike the training images, 0 and up; null where the model does not say. */
	distance: number | null;
}

/** The lane's worker, as the page calls it. */
export interface LaneService {
	/** Load the model and check it against the reference vectors. Call this or `join`, once. */
	open(request: LaneRequest): Promise<Outcome<Admission>>;
	/** Read in int8 with the weights that another lane has packed; checked likewise. */
	join(manifest: Manifest, packed: PackedNetwork): Promise<Outcome<Admission>>;
	/**
	 * Read a batch; another may be given before it is through.
	 * @param pixels uint8, count x height x width x channels.
	 * @throws when the device is lost or out of memory: the lane is then dead.
	 */
	read(pixels: Uint8Array, count: number): Promise<Reading[]>;
}
