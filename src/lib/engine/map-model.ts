/** A network that gives a map of values, as whoever computes it is given it. */
import type { Classifier } from '../models/manifest';

export interface MapModel {
	/** The graph, as JSON. */
	topology: string;
	/** Its constants, one after the other. */
	weights: ArrayBuffer;
	input: Pick<Classifier['input'], 'name' | 'width' | 'height' | 'channels' | 'mean' | 'std'>;
	/** The node whose values are wanted: [1, height, width, 1]. */
	output: string;
	/** Without them it is read in floats. */
	activations?: Classifier['activations'];
}
