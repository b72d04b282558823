/** Region steps in memory. */
import type { ModelPackage } from '../../../src/lib/models/store';
import { succeeded, type Outcome } from '../../../src/lib/problems/problems';
import type { LungCrop } from '../../../src/lib/regions/lungs/find';
import type { Polygon, Region } from '../../../src/lib/regions/region';
import type {
	RegionEntry,
	RegionModel,
	RegionPackage
} from '../../../src/lib/regions/region-model';
import type { OpenRegion, RegionPart } from '../../../src/lib/screening/reader';
import { packed } from './manifest';

/** For models that read the whole image. */
export const noRegion: OpenRegion = () => {
	throw new Error('the model has no region');
};

/** Two lungs, nothing to be said of them. */
export const LUNGS: Region = {
	outlines: [
		[
			[0.1, 0.2],
			[0.4, 0.2],
			[0.3, 0.9]
		],
		[
			[0.6, 0.2],
			[0.9, 0.25],
			[0.7, 0.85]
		]
	],
	notes: [],
	box: [-0.02, 0.1, 1, 0.85],
	turnedBack: 0
};

/** What a manifest says of the shipped finder, but for its ranges. */
function regionEntry(size: number): RegionEntry {
	return {
		input: { name: 'input', width: 112, height: 112, channels: 1, mean: [0.482], std: [0.236] },
		output: { mask: 'outline', width: 56, height: 56, finds: 'lungs', leastPiece: 12 },
		crop: { workingSize: 224, smoothing: 4, margin: 6, dilation: 4, percentiles: [1, 99], size }
	};
}

/** A model that reads crops; its classifier's own files are those of `model`. */
export function withRegion(model: ModelPackage, size: number): ModelPackage & RegionPackage {
	const film = packed(new Uint8Array(224 * 224));
	const crop = { x: -4, y: 10, width: 200, height: 180 };
	const referenceVectors = model.manifest.referenceVectors.map((each) => ({ ...each, film, crop }));
	return {
		...model,
		manifest: Object.assign({}, model.manifest, { region: regionEntry(size), referenceVectors }),
		region: { topology: '{}', weights: new ArrayBuffer(0) }
	};
}

/** A region worker in memory. */
export class FakeRegion implements RegionPart {
	readonly films: { film: Uint8Array; aspect: number; drawn: readonly Polygon[] | null }[] = [];
	isWarm = false;
	isClosed = false;

	constructor(
		readonly model: RegionModel,
		readonly exact: boolean,
		private readonly answer: (film: Uint8Array) => Outcome<LungCrop>
	) {}

	warmUp(): void {
		this.isWarm = true;
	}

	find(
		film: Uint8Array,
		aspect: number,
		drawn: readonly Polygon[] | null = null
	): Promise<Outcome<LungCrop>> {
		this.films.push({ film, aspect, drawn });
		return Promise.resolve(this.answer(film));
	}

	close(): void {
		this.isClosed = true;
	}
}

/** Opens fakes that find lungs in every film, whose crop is the film, and remembers them. */
export function fakeRegions(
	answer: (film: Uint8Array) => Outcome<LungCrop> = (film) =>
		succeeded({ region: LUNGS, pixels: film, shape: [0.1, 0.2, 0.9, 0.9, 1.1, 0.5] })
): { opened: FakeRegion[]; open: OpenRegion } {
	const opened: FakeRegion[] = [];
	return {
		opened,
		open: (model, exact) => {
			const region = new FakeRegion(model, exact, answer);
			opened.push(region);
			return region;
		}
	};
}
