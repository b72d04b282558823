/**
 * Runs in the browser: the parts of the engine that only a graphics device shows, without the
 * app around them. `graphics.spec.ts` bundles it and calls what it puts on the window.
 */
import * as tf from '@tensorflow/tfjs-core';
import { fromValues, inputMaker } from '../../src/lib/engine/input';
import type { Reading } from '../../src/lib/engine/protocol';
import { Network, startBackend } from '../../src/lib/engine/tensorflow';
import type { Classifier, Manifest } from '../../src/lib/models/manifest';

/** A package as a message can hold it. */
export interface PlainPackage {
	manifest: Manifest;
	topology: string;
	weights: number[];
}

export interface Fate {
	readings: { logits: number[]; distance: number | null }[];
	error: string;
}

let network: Network;

const page = {
	start: startBackend,

	/** What the device makes of bytes, and what the processor makes of them. */
	async inputs(input: Classifier['input'], bytes: number[], count: number) {
		const pixels = Uint8Array.from(bytes);
		const made = inputMaker(input)(pixels, count);
		const expected = fromValues(input)(pixels, count);
		return {
			shape: made.shape,
			made: [...(await made.data())],
			expected: [...(await expected.data())]
		};
	},

	async load({ manifest, topology, weights }: PlainPackage) {
		network = await Network.load({
			manifest,
			topology,
			weights: Uint8Array.from(weights).buffer,
			region: null
		});
	},

	/** Give all batches at once; each comes to readings or to an error. */
	read: (batches: number[][][]): Promise<Fate[]> => Promise.all(batches.map(fateOf)),

	/** Lose the device while two batches are in flight. */
	async loseAt(batches: number[][][]): Promise<Fate[]> {
		const fates = batches.map(fateOf);
		lose();
		return Promise.all(fates);
	},

	/** Let a browser give the context back, empty, as it does after a while. */
	async restore(): Promise<boolean> {
		const { gpgpu } = graphics();
		if (!gpgpu) return false;
		const restored = new Promise((resolve) =>
			gpgpu.gl.canvas.addEventListener('webglcontextrestored', resolve, { once: true })
		);
		loseContext?.restoreContext();
		await restored;
		return !gpgpu.gl.isContextLost();
	},

	/** Tensors that are held. */
	tensors: () => tf.memory().numTensors
};

const graphics = () =>
	tf.backend() as { device?: GPUDevice; gpgpu?: { gl: WebGL2RenderingContext } };

let loseContext: WEBGL_lose_context | null = null;

function lose(): void {
	const { device, gpgpu } = graphics();
	device?.destroy();
	// Asked for now: a lost context has no extensions.
	loseContext = gpgpu?.gl.getExtension('WEBGL_lose_context') ?? null;
	loseContext?.loseContext();
}

async function fateOf(images: number[][]): Promise<Fate> {
	try {
		const readings = await network.read(Uint8Array.from(images.flat()), images.length);
		return { readings: readings.map(plain), error: '' };
	} catch (error) {
		return { readings: [], error: String(error) };
	}
}

const plain = ({ logits, distance }: Reading) => ({ logits: [...logits], distance });

export type GraphicsPage = typeof page;
Object.assign(window, { graphicsPage: page });
