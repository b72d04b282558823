// @ts-check
// The engines beside Fieldlens: which layouts of lanes, threads and batch are measured, and
// how one is opened and run. Bare inference: normalised input in, logits out.
import { inflateRawSync } from 'node:zlib';
import { openBrowser } from '../lib/app-driver.mjs';
import { Problem } from '../lib/problem.mjs';
import { watchMemory } from './processes.mjs';

/** A larger difference than this and the engine does not compute the same network. */
const TOLERANCE = 0.01;
/** Half-precision WebGL and the engine in whole numbers are allowed what the app allows them. */
const HALF_TOLERANCE = 0.2;
const INTEGER_TOLERANCE = 0.1;
/** What ONNX Runtime's tool quantised must be the same network; how far it is off is reported. */
const QUANTISED_TOLERANCE = 0.5;
/** One measurement takes about so long, so that a round is soon over. */
const MEASURE_MS = 2000;
const MOST_IMAGES = 64;

/**
 * @typedef {import('../lib/browser.mjs').Backend} Backend
 * @typedef {import('../lib/packages.mjs').Manifest} Manifest
 *
 * @typedef {'fieldlens' | 'tfjs' | 'onnxruntime-web'} Engine
 *
 * @typedef {object} Layout
 * @property {Engine} engine
 * @property {Backend} backend
 * @property {'fp32' | 'int8'} numbers
 * @property {number} lanes
 * @property {number} threads a lane; 0 for as many as the engine takes
 * @property {number} batch
 *
 * @typedef {object} Contender something that is measured once in every round
 * @property {Engine} engine
 * @property {Backend} backend
 * @property {'fp32' | 'int8'} numbers what most of the work is done in
 * @property {string} layout in words
 * @property {number} threads
 * @property {number} lanes
 * @property {number} batch
 * @property {boolean} endToEnd
 * @property {number} [largestDifference] of the logits of the reference images
 * @property {import('./processes.mjs').MemoryWatch} memory since its browser showed an empty page
 * @property {() => Promise<number>} measure resolves to milliseconds an image
 * @property {() => Promise<void>} close
 */

/**
 * The layouts beside Fieldlens on the processor.
 * @param {number} cores
 * @param {boolean} quantised whether there is a quantised network for ONNX Runtime Web
 * @returns {Layout[]}
 */
export function processorLayouts(cores, quantised) {
	const own = /** @type {const} */ ({ engine: 'fieldlens', backend: 'int8', numbers: 'int8' });
	const tfjs = /** @type {const} */ ({ engine: 'tfjs', backend: 'wasm', numbers: 'fp32' });
	const ort = /** @type {const} */ ({ engine: 'onnxruntime-web', backend: 'wasm' });
	const [exact, whole] = /** @type {const} */ ([
		{ ...ort, numbers: 'fp32' },
		{ ...ort, numbers: 'int8' }
	]);
	return [
		{ ...own, lanes: 1, threads: 1, batch: 1 },
		{ ...own, lanes: cores, threads: 1, batch: 1 },
		{ ...tfjs, lanes: 1, threads: 0, batch: 1 },
		{ ...tfjs, lanes: cores, threads: 1, batch: 1 },
		{ ...exact, lanes: 1, threads: cores, batch: 1 },
		{ ...exact, lanes: 1, threads: cores, batch: 8 },
		{ ...exact, lanes: cores, threads: 1, batch: 1 },
		...(quantised
			? [
					{ ...whole, lanes: 1, threads: cores, batch: 1 },
					{ ...whole, lanes: cores, threads: 1, batch: 1 }
				]
			: [])
	];
}

/**
 * The layouts beside Fieldlens on the graphics chip.
 * @param {'webgl' | 'webgpu'} backend
 * @returns {Layout[]}
 */
export function graphicsLayouts(backend) {
	const one = /** @type {const} */ ({ backend, numbers: 'fp32', lanes: 1, batch: 1 });
	return [
		{ ...one, engine: 'tfjs', threads: 0 },
		{ ...one, engine: 'onnxruntime-web', threads: 1 }
	];
}

/**
 * Open a layout in a browser of its own, and check it against the reference vectors.
 * @param {string} url of the bench's server
 * @param {Layout} layout
 * @param {Manifest} manifest
 * @returns {Promise<Contender>}
 * @throws {Problem} when it does not start or computes something else
 */
export async function openEngine(url, layout, manifest) {
	const { backend } = layout;
	const { context, close } = await openBrowser(backend);
	try {
		const page = await context.newPage();
		const memory = await watchMemory(context);
		await page.goto(`${url}/bench/`);
		const { input, outputs } = manifest.classifier;
		const setup = {
			...layout,
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
		// Not a number must be refused too.
		if (!(opened.largestDifference <= toleranceOf(layout))) {
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
			backend,
			numbers: layout.numbers,
			layout: layoutInWords(layout, opened.threads),
			threads: opened.threads,
			lanes: layout.lanes,
			batch,
			endToEnd: false,
			largestDifference: opened.largestDifference,
			memory,
			measure: () => run(count),
			close
		};
	} catch (error) {
		await close();
		throw error;
	}
}

/** @param {Layout} layout */
function toleranceOf({ engine, backend, numbers }) {
	if (numbers === 'int8') return engine === 'fieldlens' ? INTEGER_TOLERANCE : QUANTISED_TOLERANCE;
	return backend === 'webgl' ? HALF_TOLERANCE : TOLERANCE;
}

/**
 * @param {Layout} layout
 * @param {number} threads of all lanes together
 */
function layoutInWords({ lanes, batch }, threads) {
	if (lanes > 1) return `${lanes} lanes of one thread${batch > 1 ? `, batch ${batch}` : ''}`;
	return `${threads} thread${threads > 1 ? 's' : ''}, batch ${batch}`;
}

/** @param {Manifest} manifest */
function referenceVectors({ classifier: { input }, referenceVectors: vectors }) {
	return vectors.map(({ pixels: packed, logits }) => {
		const pixels = Array.from(inflateRawSync(Buffer.from(packed, 'base64')));
		const values = pixels.map((pixel, i) => {
			const channel = i % input.channels;
			return (pixel / 255 - (input.mean[channel] ?? 0)) / (input.std[channel] ?? 1);
		});
		return { logits, pixels, values };
	});
}
