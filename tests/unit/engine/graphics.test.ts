/** A graphics device that fails: what it read back must not count. */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { onWebgl, onWebgpu, startedDevice } from '../../../src/lib/engine/graphics';

const ZEROS = new Float32Array(4);
const never = () => new Promise<never>(() => undefined);

class FakeContext {
	readonly OUT_OF_MEMORY = 0x0505;
	readonly canvas = new EventTarget();
	errors: number[] = [];
	private isLost = false;

	isContextLost() {
		return this.isLost;
	}

	getError() {
		return this.errors.shift() ?? 0;
	}

	lose() {
		this.isLost = true;
	}

	say() {
		this.canvas.dispatchEvent(new Event('webglcontextlost'));
	}

	restore() {
		this.isLost = false;
	}
}

describe('on WebGL', () => {
	it('what is read back counts while the context is there', async () => {
		expect(await onWebgl(new FakeContext())(() => Promise.resolve(ZEROS))).toBe(ZEROS);
	});

	it('it does not count where the context was lost and has not said so yet', async () => {
		const context = new FakeContext();
		const work = onWebgl(context)(() => {
			context.lose();
			return Promise.resolve(ZEROS);
		});
		await expect(work).rejects.toThrow('lost');
	});

	it('it does not count where the context is there again, empty', async () => {
		const context = new FakeContext();
		const onDevice = onWebgl(context);
		const batches = [onDevice(never), onDevice(never)];
		context.lose();
		context.say();
		context.restore();
		for (const batch of batches) await expect(batch).rejects.toThrow('lost');
		await expect(onDevice(() => Promise.resolve(ZEROS))).rejects.toThrow('lost');
	});

	it('it does not count where the memory did not suffice', async () => {
		const context = new FakeContext();
		const onDevice = onWebgl(context);
		context.errors = [0x0502, context.OUT_OF_MEMORY];
		await expect(onDevice(() => Promise.resolve(ZEROS))).rejects.toThrow('out of memory');
	});

	it('it counts where a driver raised another error', async () => {
		const context = new FakeContext();
		const onDevice = onWebgl(context);
		context.errors = [0x0502, 0x0500];
		expect(await onDevice(() => Promise.resolve(ZEROS))).toBe(ZEROS);
		expect(context.errors).toEqual([]);
	});
});

/** A device whose scopes are a stack, as they are in browsers. */
class FakeDevice {
	readonly scopes: { filter: string; error: { message: string } | null }[] = [];
	private sayLost: (info: GPUDeviceLostInfo) => void = () => undefined;
	readonly lost = new Promise<GPUDeviceLostInfo>((resolve) => (this.sayLost = resolve));

	pushErrorScope(filter: string): undefined {
		this.scopes.push({ filter, error: null });
	}

	popErrorScope(): Promise<GPUError | null> {
		return Promise.resolve(this.scopes.pop()!.error);
	}

	/** Something that was enqueued fails: the innermost scope of its kind notices. */
	fail(filter: string, message: string) {
		const scope = this.scopes.findLast((each) => each.filter === filter);
		if (scope) scope.error = { message };
	}

	lose() {
		this.sayLost({ reason: 'unknown', message: '' } as GPUDeviceLostInfo);
	}
}

describe('on WebGPU', () => {
	it('what is read back counts while the device does its work', async () => {
		const device = new FakeDevice();
		expect(await onWebgpu(device)(() => Promise.resolve(ZEROS))).toBe(ZEROS);
		expect(device.scopes).toEqual([]);
	});

	it.each(['validation', 'out-of-memory', 'internal'])(
		'it does not count after an error: %s',
		async (filter) => {
			const device = new FakeDevice();
			const work = onWebgpu(device)(() => {
				device.fail(filter, 'no room for a buffer');
				return Promise.resolve(ZEROS);
			});
			await expect(work).rejects.toThrow('no room for a buffer');
		}
	);

	it('an error belongs to its own batch, not to the other in flight', async () => {
		const device = new FakeDevice();
		const onDevice = onWebgpu(device);
		const enqueue = async (error: string | null) => {
			if (error) device.fail('out-of-memory', error);
			await new Promise((resolve) => setImmediate(resolve));
			return ZEROS;
		};
		const [first, second, third] = [null, 'no room', null].map((error) =>
			onDevice(() => enqueue(error))
		);
		await expect(second).rejects.toThrow('no room');
		expect(await first).toBe(ZEROS);
		expect(await third).toBe(ZEROS);
	});

	it('a loss ends both batches in flight, and whatever comes later', async () => {
		const device = new FakeDevice();
		const onDevice = onWebgpu(device);
		const batches = [onDevice(never), onDevice(never)];
		device.lose();
		for (const batch of batches) await expect(batch).rejects.toThrow('lost');
		await expect(onDevice(() => Promise.resolve(ZEROS))).rejects.toThrow('lost');
	});
});

it('on the processor all work counts', async () => {
	await tf.setBackend('cpu');
	expect(await startedDevice()(() => Promise.resolve(ZEROS))).toBe(ZEROS);
});
