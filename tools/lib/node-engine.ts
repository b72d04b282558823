// The integer engine under Node, for a quick look at a folder without a browser. Its JPEG
// decoder is not the browser's: no figure that is published comes from here.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { kernelModule, variantsHere, type Variant } from '../../src/lib/engine/int8/kernel.ts';
import { measuredLayer } from '../../src/lib/engine/int8/measured-layer.ts';
import { IntegerNetwork } from '../../src/lib/engine/int8/network.ts';
import { sumsAreRight } from '../../src/lib/engine/int8/self-test.ts';
import { fastestOf, timeKernels } from '../../src/lib/engine/int8/time-kernels.ts';
import type { Manifest } from '../../src/lib/models/manifest.ts';
import type { ModelPackage } from '../../src/lib/models/store.ts';
import { channelOf, greyOf, interleave } from '../../src/lib/pixels/channels.ts';
import { resizeChannel } from '../../src/lib/pixels/resize.ts';
import { isRecognised, unlikenessOf } from '../../src/lib/reading/recognition.ts';
import { categoryOf, operatingPointOf, probabilityOf } from '../../src/lib/reading/score.ts';
import { ensureKernel, kernelFile } from './kernel.ts';
import { openImageReader, type Raster } from './node-images.ts';
import { modelsDir } from './paths.ts';
import { messageOf } from './problem.ts';
import { NOT_RECOGNISED, type ResultRow } from './results-csv.ts';
import { unpackListed } from './shards.ts';

/**
 * Read JPEG and PNG files with the integer engine.
 * @param paths below it
 */
export async function readInNode(
	manifest: Manifest,
	folder: string,
	paths: readonly string[],
	onProgress: (done: number, total: number) => void
): Promise<{ rows: Map<string, ResultRow>; wallMs: number; medianMs: number }> {
	const { network, kernel } = await openIntegerNetwork(manifest);
	const readImage = await openImageReader();
	const { width, height, channels: count } = manifest.classifier.input;
	const point = operatingPointOf(manifest, null);

	const rows: Map<string, ResultRow> = new Map();
	const times: number[] = [];
	const start = performance.now();
	for (const path of paths) {
		const row = { path, score: null, category: '', backend: '', time: null, unlikeness: null };
		try {
			const bytes = await readFile(join(folder, path));
			const raster = readImage(bytes);
			const planes = planesOf(raster, count);
			const input = interleave(
				planes.map((plane) => resizeChannel(plane, raster.width, raster.height, width, height))
			);
			const begin = performance.now();
			const [reading] = network.read(input, 1);
			if (!reading) throw new Error('the engine gave no reading');
			times.push(performance.now() - begin);
			const probability = probabilityOf(reading.logits, manifest);
			const unlikeness = unlikenessOf(reading.distance, manifest);
			const category = isRecognised(reading.distance, manifest)
				? categoryOf(probability, point, manifest.operatingPoints)
				: NOT_RECOGNISED;
			const backend = `int8, ${kernel.variant}, Node`;
			const found = { score: probability, category, backend, time: Date.now(), unlikeness };
			rows.set(path, { ...row, ...found, reason: '' });
		} catch (error) {
			rows.set(path, { ...row, reason: messageOf(error) });
		}
		onProgress(rows.size, paths.length);
	}
	times.sort((a, b) => a - b);
	return {
		rows,
		wallMs: performance.now() - start,
		medianMs: times[Math.floor(times.length / 2)] ?? NaN
	};
}

/** A model with the fastest module of the kernel that is right here. */
async function openIntegerNetwork(manifest: Manifest) {
	await ensureKernel();
	const model = await readPackage(manifest);
	const load = async (variant: Variant) =>
		kernelModule(variant, false, await readFile(kernelFile(variant)));
	const all = await Promise.all(variantsHere().map(load));
	const right = all.filter((one) => one.variant === 'plain' || sumsAreRight(one));
	const kernel = fastestOf(right, timeKernels(right, measuredLayer(model)));
	const network = IntegerNetwork.load(model, kernel);
	return { network, kernel };
}

async function readPackage(manifest: Manifest): Promise<ModelPackage> {
	const [topology, ...shards] = await Promise.all(
		manifest.files.map(async (file) =>
			unpackListed(await readFile(join(modelsDir, manifest.id, file.path)), file)
		)
	);
	const weights = new Uint8Array(Buffer.concat(shards)).buffer;
	return { manifest, topology: topology.toString(), weights, region: null };
}

function planesOf({ data, stride }: Raster, count: number): Uint8Array[] {
	// Grey with alpha: the first of two values.
	const isGrey = stride < 3;
	const plane = (channel: number) => channelOf(data, stride, isGrey ? 0 : channel);
	if (count === 1) return [isGrey ? plane(0) : greyOf(data, stride)];
	return [0, 1, 2].map(plane);
}
