// @ts-check
// The engines beside Fieldlens: which layouts of lanes, threads and batch are measured, and
// how one is opened and run. Bare inference: normalised input in, logits out.
import { inflateRawSync } from 'node:zlib';
import { openBrowser } from '../lib/app-driver.mjs';
import { Problem } from '../lib/problem.mjs';

/** A larger difference than this and the engine does not compute the same network. */
const TOLERANCE = 0.01;
/** Half-precision WebGL is allowed what the app allows it. */
const HALF_TOLERANCE = 0.2;
/** One measurement takes about so long, so that a round is soon over. */
const MEASURE_MS = 3000;
const MOST_IMAGES = 64;

/**
 * @typedef {import('../lib/browser.mjs').Backend} Backend
 * @typedef {import('../lib/packages.mjs').Manifest} Manifest
 *
 * @typedef {object} Layout
 * @property {'tfjs' | 'onnxruntime-web'} engine
 * @property {number} lanes
 * @property {number} threads a lane; 0 for as many as the engine takes
 * @property {number} batch
 *
 * @typedef {object} Contender something that is measured once in every round
 * @property {'fieldlens' | 'tfjs' | 'onnxruntime-web'} engine
 * @property {string} layout in words
 * @property {number} threads
 * @property {number} lanes
 * @property {number} batch
 * @property {boolean} endToEnd
 * @property {() => Promise<number>} measure resolves to milliseconds an image
 * @property {() => Promise<void>} close
 */

/**
 * @param {Backend} backend
 * @param {number} cores
 * @returns {Layout[]}
 */
export function layoutsOf(backend, cores) {
	if (backend !== 'wasm') {
		return [
			{ engine: 'tfjs', lanes: 1, threads: 0, batch: 1 },
			{ engine: 'onnxruntime-web', lanes: 1, threads: 1, batch: 1 }
		];
	}
	return [
		{ engine: 'tfjs', lanes: 1, threads: 0, batch: 1 },
		{ engine: 'tfjs', lanes: cores, threads: 1, batch: 1 },
		{ engine: 'onnxruntime-web', lanes: 1, threads: cores, batch: 1 },
		{ engine: 'onnxruntime-web', lanes: 1, threads: cores, batch: 8 },
		{ engine: 'onnxruntime-web', lanes: cores, threads: 1, batch: 1 }
	];
}

/**
 * Open a layout in a browser of its own, and check it against the reference vectors.
 * @param {string} url of the bench's server
 * @param {Backend} backend
 * @param {Layout} layout
 * @param {Manifest} manifest
 * @returns {Promise<Contender>}
 * @throws {Problem} when it does not start or computes something else
 */
export async function openEngine(url, backend, layout, manifest) {
	const { context, close } = await openBrowser(backend);
	try {
		const page = await context.newPage();
		await page.goto(`${url}/bench/`);
		const { input, outputs } = manifest;
		const setup = {
			...layout,
			backend,
			model: manifest.id,
			graph: {
				name: input.name,
				width: input.width,
				height: input.height,
				channels: input.channels,
				logits: outputs.logits
			},
			vectors: referenceVectors(manifest)
		};
		const opened = await page.evaluate(
			(given) => /** @type {any} */ (window).openLanes(given),
			setup
		);
		const allowed = backend === 'webgl' ? HALF_TOLERANCE : TOLERANCE;
		// Not a number must be refused too.
		if (!(opened.largestDifference <= allowed)) {
			throw new Problem(
				`${layout.engine} on ${backend} gives other logits than the manifest's (by ${opened.largestDifference}).`
			);
		}
		const { batch } = layout;
		/** @param {number} count @returns {Promise<number>} */
		const run = (count) =>
			page.evaluate((given) => /** @type {any} */ (window).runLanes(given.count, given.batch), {
				count,
				batch
			});
		const step = batch * layout.lanes;
		const warm = await run(step);
		const steps = Math.min(MOST_IMAGES, MEASURE_MS / warm) / step;
		const count = Math.max(1, Math.round(steps)) * step;
		return {
			engine: layout.engine,
			layout: layoutInWords(layout, opened.threads),
			threads: opened.threads,
			lanes: layout.lanes,
			batch,
			endToEnd: false,
			measure: () => run(count),
			close
		};
	} catch (error) {
		await close();
		throw error;
	}
}

/**
 * @param {Layout} layout
 * @param {number} threads of all lanes together
 */
function layoutInWords({ lanes, batch }, threads) {
	const each =
		lanes > 1 ? `${lanes} lanes of one thread` : `${threads} thread${threads > 1 ? 's' : ''}`;
	return `${each}, batch ${batch}`;
}

/** @param {Manifest} manifest */
function referenceVectors({ input, referenceVectors: vectors }) {
	return vectors.map(({ pixels, logits }) => ({
		logits,
		values: Array.from(inflateRawSync(Buffer.from(pixels, 'base64')), (pixel, i) => {
			const channel = i % input.channels;
			return (pixel / 255 - (input.mean[channel] ?? 0)) / (input.std[channel] ?? 1);
		})
	}));
}
