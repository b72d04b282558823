/** The ranges of a network's maps, from the bytes of a manifest. */
import type { Classifier } from '../../models/manifest';
import { largestInput, type Normalisation } from './image-input';
import type { Ranges } from './weights';

export type Activations = NonNullable<Classifier['activations']>;

export function rangesOf({ ranges }: Activations, input: Normalisation): Ranges {
	const said = Object.entries(ranges);
	return {
		maps: new Map(said.map(([name, range]) => [name, channelRanges(range)])),
		int16: new Set(said.flatMap(([name, { int16 }]) => (int16 ? [name] : []))),
		image: largestInput(input)
	};
}

/** The largest value of each channel, from a byte each; see the manifest. */
function channelRanges({ largest, channels }: { largest: number; channels: string }) {
	return Float32Array.from(atob(channels), (byte) => largest * 2 ** (-byte.charCodeAt(0) / 16));
}
