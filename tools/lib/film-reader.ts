// Reads films as the app does, under Node: lungs found and cut out, then the classifier, in int8.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { kernelModule } from '../../src/lib/engine/int8/kernel.ts';
import { Int8MapNetwork } from '../../src/lib/engine/int8/map-network.ts';
import { IntegerNetwork } from '../../src/lib/engine/int8/network.ts';
import { greyOf } from '../../src/lib/pixels/channels.ts';
import { resizeChannel } from '../../src/lib/pixels/resize.ts';
import type { Raster, Resize } from '../../src/lib/pixels/resizer.ts';
import { distanceOf, unlikenessOf } from '../../src/lib/reading/recognition.ts';
import { probabilityOf } from '../../src/lib/reading/score.ts';
import { findLungs } from '../../src/lib/regions/lungs/find.ts';
import { FILM_SIZE } from '../../src/lib/regions/lungs/mask.ts';
import { regionModelOf } from '../../src/lib/regions/region-model.ts';
import { ensureKernel, kernelFile } from './kernel.ts';
import { readOfferedManifest } from './packages.ts';
import { modelsDir } from './paths.ts';
import { Problem } from './problem.ts';
import { unpackListed } from './shards.ts';

export interface FilmReading {
	/** Probability of the positive class, 0..1. */
	score: number;
	/** As a share of what the model accepts: above 1 it is not recognised. Infinite without lungs. */
	unlikeness: number;
}

/** Greys of a raster, resized by the TypeScript that browsers without SIMD use. */
export const resize: Resize = ({ width, height, stride, data }, _plane, outWidth, outHeight) =>
	resizeChannel(stride === 1 ? data : greyOf(data, stride), width, height, outWidth, outHeight);

/**
 * What reads films with a package that looks for the lungs.
 * @throws {Problem} where the package reads whole films.
 */
export async function openFilmReader(id: string): Promise<(film: Raster) => Promise<FilmReading>> {
	const manifest = await readOfferedManifest(id);
	await ensureKernel();
	const filesOf = async (paths: readonly string[]) => {
		const [topology, ...shards] = await Promise.all(
			paths.map(async (path) => {
				const file = manifest.files.find((one) => one.path === path);
				if (!file) throw new Problem(`${id} does not list ${path}.`);
				return unpackListed(await readFile(join(modelsDir, id, path)), file);
			})
		);
		return {
			topology: topology.toString(),
			weights: new Uint8Array(Buffer.concat(shards)).buffer
		};
	};
	const region = manifest.region ? await filesOf(manifest.region.files) : null;
	const files = await filesOf(manifest.classifier.files);
	const known = regionModelOf({ manifest, region });
	const model = known.ok ? known.value : null;
	if (!model) throw new Problem(`${id} reads whole films, not the lungs.`);
	const kernel = await kernelModule('plain', false, await readFile(kernelFile('plain')));
	const lungs = Int8MapNetwork.load(model.finder, kernel);
	const finder = {
		size: model.finder.input.width,
		read: (pixels: Uint8Array) => lungs.read(pixels)
	};
	const network = IntegerNetwork.load({ manifest, ...files, region }, kernel);
	return async (film) => {
		const small = resize(film, 'grey', FILM_SIZE, FILM_SIZE);
		const found = await findLungs(small, film.width / film.height, finder, model, resize);
		const [reading] = network.read(found.pixels, 1);
		if (!reading || !found.shape) return { score: NaN, unlikeness: Infinity };
		const distance = distanceOf(reading.distance, found.shape, manifest);
		return {
			score: probabilityOf(reading.logits, manifest),
			unlikeness: unlikenessOf(distance, manifest) ?? 0
		};
	};
}
