// @ts-check
// The integer engine under Node, for a quick look at a folder without a browser. Its JPEG
// decoder is not the browser's: no figure that is published comes from here.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { decode as decodePng } from 'fast-png';
import { ensureKernel, kernelFile } from './kernel.mjs';
import { loadSources } from './load-source.mjs';
import { modelsDir } from './paths.mjs';
import { messageOf } from './problem.mjs';
import { NOT_RECOGNISED } from './results-csv.mjs';
import { unpackListed } from './shards.mjs';

const require = createRequire(import.meta.url);

/**
 * @typedef {import('./results-csv.mjs').ResultRow} ResultRow
 * @typedef {{ width: number, height: number, stride: number, data: Uint8Array }} Raster
 */

/**
 * Read JPEG and PNG files with the integer engine.
 * @param {import('./packages.mjs').Manifest} manifest
 * @param {string} folder
 * @param {readonly string[]} paths below it
 * @param {(done: number, total: number) => void} onProgress
 * @returns {Promise<{ rows: Map<string, ResultRow>, wallMs: number, medianMs: number }>}
 */
export async function readInNode(manifest, folder, paths, onProgress) {
	const { network, kernel } = await openIntegerNetwork(manifest);
	const [pixels, channels, score] = await loadSources([
		'/src/lib/pixels/resize.ts',
		'/src/lib/pixels/channels.ts',
		'/src/lib/reading/score.ts'
	]);
	const decodeJpeg = await jpegDecoder();
	const { width, height, channels: count } = manifest.classifier.input;
	const point = score.operatingPointOf(manifest, null);

	/** @type {Map<string, ResultRow>} */
	const rows = new Map();
	/** @type {number[]} */
	const times = [];
	const start = performance.now();
	for (const path of paths) {
		const row = { path, score: null, category: '', backend: '', time: null, unlikeness: null };
		try {
			const bytes = await readFile(join(folder, path));
			const raster = readImage(bytes, decodeJpeg);
			const planes = planesOf(raster, count, channels);
			const input = channels.interleave(
				planes.map((plane) =>
					pixels.resizeChannel(plane, raster.width, raster.height, width, height)
				)
			);
			const begin = performance.now();
			const [reading] = network.read(input, 1);
			times.push(performance.now() - begin);
			const probability = score.probabilityOf(reading.logits, manifest);
			const unlikeness = manifest.recognition
				? reading.distance / manifest.recognition.threshold
				: null;
			const category =
				unlikeness !== null && unlikeness > 1
					? NOT_RECOGNISED
					: score.categoryOf(probability, point, manifest.operatingPoints);
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

/**
 * A model with the fastest module of the kernel that is right here.
 * @param {import('./packages.mjs').Manifest} manifest
 */
export async function openIntegerNetwork(manifest) {
	await ensureKernel();
	const [kernels, networks, tests] = await loadSources([
		'/src/lib/engine/int8/kernel.ts',
		'/src/lib/engine/int8/network.ts',
		'/src/lib/engine/int8/self-test.ts'
	]);
	/** @param {'relaxed' | 'plain'} variant */
	const load = async (variant) =>
		kernels.kernelModule(variant, false, await readFile(kernelFile(variant)));
	const best = await load(kernels.variantHere() ?? 'plain');
	const kernel = tests.sumsAreRight(best) ? best : await load('plain');
	const network = networks.IntegerNetwork.load(await readPackage(manifest), kernel);
	return { network, kernel };
}

/** @param {import('./packages.mjs').Manifest} manifest */
async function readPackage(manifest) {
	const [topology, ...shards] = await Promise.all(
		manifest.files.map(async (file) =>
			unpackListed(await readFile(join(modelsDir, manifest.id, file.path)), file)
		)
	);
	const weights = new Uint8Array(Buffer.concat(shards)).buffer;
	return { manifest, topology: topology.toString(), weights };
}

/**
 * @param {Buffer} bytes
 * @param {(bytes: Buffer) => Raster} decodeJpeg
 * @returns {Raster}
 */
function readImage(bytes, decodeJpeg) {
	if (bytes.readUInt16BE(0) === 0xffd8) return decodeJpeg(bytes);
	if (bytes.toString('latin1', 1, 4) === 'PNG') return readPng(bytes);
	throw new Error('neither JPEG nor PNG: use the browser for it');
}

/**
 * The page's own JPEG codec for DICOM frames.
 * @returns {Promise<(bytes: Buffer) => Raster>}
 */
async function jpegDecoder() {
	const folder = '@cornerstonejs/codec-libjpeg-turbo-8bit';
	const wasmBinary = await readFile(require.resolve(`${folder}/decodewasm`));
	const module = await require(`${folder}/decodewasmjs`)({ wasmBinary });
	return (bytes) => {
		const decoder = new module.JPEGDecoder();
		try {
			decoder.getEncodedBuffer(bytes.length).set(bytes);
			decoder.decode();
			const { width, height, componentCount } = decoder.getFrameInfo();
			return { width, height, stride: componentCount, data: decoder.getDecodedBuffer().slice() };
		} finally {
			decoder.delete();
		}
	};
}

/**
 * @param {Buffer} bytes
 * @returns {Raster}
 */
function readPng(bytes) {
	const { width, height, channels, depth, palette, data } = decodePng(bytes);
	if (depth !== 8 || palette || !(data instanceof Uint8Array)) {
		throw new Error('only 8-bit PNGs without a palette are read here');
	}
	return { width, height, stride: channels, data };
}

/**
 * @param {Raster} raster
 * @param {number} count
 * @param {Record<string, any>} channels the page's module
 * @returns {Uint8Array[]}
 */
function planesOf({ data, stride }, count, channels) {
	// Grey with alpha: the first of two values.
	const isGrey = stride < 3;
	/** @param {number} channel */
	const plane = (channel) => channels.channelOf(data, stride, isGrey ? 0 : channel);
	if (count === 1) return [isGrey ? plane(0) : channels.greyOf(data, stride)];
	return [0, 1, 2].map(plane);
}
