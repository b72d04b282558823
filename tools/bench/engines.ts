// The engines beside Fieldlens: which layouts of lanes, threads and batch are measured, and
// how one is opened and run. Bare inference: normalised input in, logits out.
import { inflateRawSync } from 'node:zlib';
import { openBrowser } from '../lib/app-driver.ts';
import { Problem } from '../lib/problem.ts';
import { watchMemory } from './processes.ts';
import type { Backend } from '../lib/browser.ts';
import type { Manifest } from '../../src/lib/models/manifest.ts';
import type { MemoryWatch } from './processes.ts';
import type { LanePage, LaneSetup } from './pages/protocol.ts';

/** A larger difference than this and the engine does not compute the same network. */
const TOLERANCE = 0.01;
/** Half-precision WebGL and the int8 engine are allowed what the app allows them. */
const HALF_TOLERANCE = 0.2;
const INTEGER_TOLERANCE = 0.1;
/** What ONNX Runtime's tool quantised must be the same network; how far it is off is reported. */
const QUANTISED_TOLERANCE = 0.5;
/** One measurement takes about so long, so that a round is soon over. */
const MEASURE_MS = 2000;
const MOST_IMAGES = 64;

export type Engine = LaneSetup['engine'];

export interface Layout {
	engine: Engine;
	backend: Backend;
	numbers: 'fp32' | 'int8';
	lanes: number;
	/** a lane; 0 for as many as the engine takes */
	threads: number;
	batch: number;
}

/** something that is measured once in every round */
export interface Contender {
	engine: Engine;
	backend: Backend;
	/** what most of the work is done in */
	numbers: 'fp32' | 'int8';
	/** in words */
	layout: string;
	threads: number;
	lanes: number;
	batch: number;
	endToEnd: boolean;
	/** of the logits of the reference images */
	largestDifference?: number;
	/** since its browser showed an empty page */
	memory: MemoryWatch;
	/** resolves to milliseconds an image */
	measure: () => Promise<number>;
	close: () => Promise<void>;
}

const OWN = { engine: 'fieldlens', backend: 'int8', numbers: 'int8' } as const;

/**
 * The layouts beside Fieldlens on the processor.
 * @param quantised whether there is a quantised network for ONNX Runtime Web
 */
export function processorLayouts(cores: number, quantised: boolean): Layout[] {
	const tfjs = { engine: 'tfjs', backend: 'wasm', numbers: 'fp32' } as const;
	const ort = { engine: 'onnxruntime-web', backend: 'wasm' } as const;
	const [exact, whole] = [
		{ ...ort, numbers: 'fp32' },
		{ ...ort, numbers: 'int8' }
	] as const;
	return [
		{ ...OWN, lanes: 1, threads: 1, batch: 1 },
		{ ...OWN, lanes: cores, threads: 1, batch: 1 },
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
 * The layouts beside Fieldlens on the graphics chip, and its best on the processor: a lane on a
 * chip is worth keeping only where it is faster than those.
 */
export function graphicsLayouts(backend: 'webgl' | 'webgpu', cores: number): Layout[] {
	const one = { backend, numbers: 'fp32', lanes: 1, batch: 1 } as const;
	return [
		{ ...one, engine: 'tfjs', threads: 0 },
		{ ...one, engine: 'onnxruntime-web', threads: 1 },
		{ ...OWN, lanes: cores, threads: 1, batch: 1 }
	];
}

/**
 * Open a layout in a browser of its own, and check it against the reference vectors.
 * @param url of the bench's server
 * @throws {Problem} when it does not start or computes something else
 */
export async function openEngine(
	url: string,
	layout: Layout,
	manifest: Manifest
): Promise<Contender> {
	const { backend } = layout;
	const { context, close } = await openBrowser(backend);
	try {
		const page = await context.newPage();
		const memory = await watchMemory(context);
		await page.goto(`${url}/bench/`);
		const { input, outputs } = manifest.classifier;
		const setup: LaneSetup = {
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
			(given) => (window as unknown as LanePage).openLanes(given),
			setup
		);
		// Not a number must be refused too.
		if (!(opened.largestDifference <= toleranceOf(layout))) {
			throw new Problem(
				`${layout.engine} on ${backend} gives other logits than the manifest's (by ${opened.largestDifference}).`
			);
		}
		const { batch } = layout;
		const run = (count: number): Promise<number> =>
			page.evaluate((given) => (window as unknown as LanePage).runLanes(given.count, given.batch), {
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

function toleranceOf({ engine, backend, numbers }: Layout) {
	if (numbers === 'int8') return engine === 'fieldlens' ? INTEGER_TOLERANCE : QUANTISED_TOLERANCE;
	return backend === 'webgl' ? HALF_TOLERANCE : TOLERANCE;
}

/**
 * @param threads of all lanes together
 */
function layoutInWords({ lanes, batch }: Layout, threads: number) {
	if (lanes > 1) return `${lanes} lanes of one thread${batch > 1 ? `, batch ${batch}` : ''}`;
	return `${threads} thread${threads > 1 ? 's' : ''}, batch ${batch}`;
}

function referenceVectors({ classifier: { input }, referenceVectors: vectors }: Manifest) {
	return vectors.map(({ pixels: packed, logits }) => {
		const pixels = Array.from(inflateRawSync(Buffer.from(packed, 'base64')));
		const values = pixels.map((pixel, i) => {
			const channel = i % input.channels;
			return (pixel / 255 - (input.mean[channel] ?? 0)) / (input.std[channel] ?? 1);
		});
		return { logits, pixels, values };
	});
}
