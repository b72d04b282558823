/** A package that finds the lungs first: the small model, reading crops, with the shipped finder. */
import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import type { Manifest } from '../../../src/lib/models/manifest';
import { sumsOf, type ExamplePackage } from './manifest';
import { smallPackage } from './small-model';

const FOLDER = 'training-notebooks/runs/lung-finder/package';
const FILM_SIZE = 224;

interface Written {
	files: { path: string; encoding?: string }[];
	input: Pick<Manifest['classifier']['input'], 'name' | 'width' | 'height' | 'mean' | 'std'>;
	output: string;
	activations: NonNullable<Manifest['classifier']['activations']>;
}

interface Reference {
	id: string;
	film: string;
	crop: { x: number; y: number; width: number; height: number };
}

const references = (
	JSON.parse(readFileSync('tests/unit/fixtures/finder.json', 'utf8')) as {
		references: Reference[];
	}
).references;

/** The working films of the references, uint8 greys, by id. */
export const referenceFilms = new Map(
	references.map(({ id, film }) => [
		id,
		new Uint8Array(inflateRawSync(Buffer.from(film, 'base64'), { maxOutputLength: FILM_SIZE ** 2 }))
	])
);

/** The package; its crops have the side of the small model's input. */
export function regionPackage(): ExamplePackage {
	const { manifest, files } = smallPackage('chest-xray-pneumonia', 1);
	const written = JSON.parse(readFileSync(`${FOLDER}/region.json`, 'utf8')) as Written;
	const finder = written.files.map(({ path, encoding }) => {
		const bytes = readFileSync(`${FOLDER}/${path}`);
		return [`finder-${path}`, encoding ? inflateRawSync(bytes) : bytes] as const;
	});
	const all = new Map<string, Uint8Array>([...files, ...finder]);
	const { classifier } = manifest;
	const { resize, filter, layout, width: size } = classifier.input;
	return {
		files: all,
		manifest: {
			...manifest,
			...sumsOf(all),
			region: {
				files: finder.map(([path]) => path),
				input: { ...written.input, channels: 1, resize, filter, layout },
				output: { mask: written.output, width: 56, height: 56, finds: 'lungs', leastPiece: 12 },
				crop: {
					workingSize: FILM_SIZE,
					smoothing: 4,
					margin: 6,
					dilation: 4,
					percentiles: [1, 99],
					size
				},
				activations: written.activations
			},
			referenceVectors: manifest.referenceVectors.map((vector, i) => ({
				...vector,
				film: references[i].film,
				crop: references[i].crop
			}))
		}
	};
}
