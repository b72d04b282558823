/**
 * The graphics device under TensorFlow.js, and whether it did what it was asked to. A lost
 * WebGL context reads back zeros without an error, and so does WebGPU where the memory did
 * not suffice: what comes back counts only if the device says that nothing went wrong.
 */
import * as tf from '@tensorflow/tfjs-core';
import { Lifeline } from './lifeline';

/**
 * Do work on the device.
 * @param enqueue gives the device its work before it waits for anything, and resolves to what
 *   was read back.
 * @throws when the device was lost, now or before, or failed at the work.
 */
export type OnDevice = <T>(enqueue: () => Promise<T>) => Promise<T>;

/** The device of the started backend; on the processor all work counts. */
export function startedDevice(): OnDevice {
	const { device, gpgpu } = tf.backend() as {
		device?: GPUDevice;
		gpgpu?: { gl: WebGL2RenderingContext };
	};
	if (device) return onWebgpu(device);
	return gpgpu ? onWebgl(gpgpu.gl) : (enqueue) => enqueue();
}

const LOST = 'the graphics device was lost';
const FAILURES = ['validation', 'out-of-memory', 'internal'] as const;

export function onWebgpu(
	device: Pick<GPUDevice, 'lost' | 'pushErrorScope' | 'popErrorScope'>
): OnDevice {
	const lifeline = new Lifeline();
	void device.lost.then(() => lifeline.cut(new Error(LOST)));
	return async (enqueue) => {
		for (const failure of FAILURES) device.pushErrorScope(failure);
		const read = enqueue();
		// Before anything else is enqueued: scopes are a stack, and another batch has its own.
		const scopes = FAILURES.map(() => device.popErrorScope());
		const [found, ...failures] = await lifeline.tied(Promise.all([read, ...scopes]));
		const failure = failures.find((error) => error !== null);
		if (failure) throw new Error(`the graphics device failed: ${failure.message}`);
		return found;
	};
}

type Context = Pick<WebGL2RenderingContext, 'isContextLost' | 'getError' | 'OUT_OF_MEMORY'> & {
	canvas: EventTarget;
};

export function onWebgl(gl: Context): OnDevice {
	const lifeline = new Lifeline();
	// TensorFlow.js lets the browser restore the context, empty: asking later is not enough.
	gl.canvas.addEventListener('webglcontextlost', () => lifeline.cut(new Error(LOST)));
	return async (enqueue) => {
		const found = await lifeline.tied(enqueue());
		if (gl.isContextLost()) throw new Error(LOST);
		if (isOutOfMemory(gl)) throw new Error('the graphics device is out of memory');
		return found;
	};
}

/** Other errors are left alone: some drivers raise them where nothing is wrong. */
function isOutOfMemory(gl: Context): boolean {
	let found = false;
	// One flag an error: a handful at most, and a lost context has said so above.
	for (let error = gl.getError(); error !== 0; error = gl.getError()) {
		if (gl.isContextLost()) return true;
		found ||= error === gl.OUT_OF_MEMORY;
	}
	return found;
}
