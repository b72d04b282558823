/** Which variant of the kernel a device gets. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { chooseKernel, fetchKeptKernel } from '../../../../src/lib/engine/int8/choose-kernel';
import type { KernelModule } from '../../../../src/lib/engine/int8/kernel';
import { measuredLayer } from '../../../../src/lib/engine/int8/measured-layer';
import type { OneConvolution } from '../../../../src/lib/engine/int8/one-convolution';
import { fastestOf, timeKernels } from '../../../../src/lib/engine/int8/time-kernels';
import { loadKernel, servedModule, VARIANTS } from '../../helpers/kernels';
import { shippedPackage } from '../../helpers/shipped';

const layer: OneConvolution = {
	shape: [3, 3, 8, 8],
	height: 5,
	width: 5,
	values: Uint8Array.from({ length: 50 }, (_, i) => (i * 31) % 128),
	weights: Float32Array.from({ length: 9 * 8 * 8 }, (_, i) => (i < 8 ? 127 : (i % 200) - 100))
};

function settings(kept?: unknown) {
	const values = new Map(kept === undefined ? [] : [['int8 kernel', JSON.stringify(kept)]]);
	return {
		values,
		read: (name: string) => Promise.resolve(values.get(name)),
		write: (name: string, value: string) => {
			values.set(name, value);
			return Promise.resolve();
		}
	};
}

beforeEach(() => {
	vi.stubGlobal('fetch', (url: string) => Promise.resolve(new Response(servedModule(url).bytes)));
	vi.stubGlobal('navigator', { userAgent: 'browser 1', hardwareConcurrency: 2 });
});
afterEach(() => {
	vi.unstubAllGlobals();
});

describe('measuring', () => {
	/** A clock that says how long each kernel's run takes, whatever it takes. */
	function clockOf(costs: number[]) {
		let time = 0;
		let calls = 0;
		// Two looks at the clock a sample of one run, and one at the head of each round.
		return () => {
			const inRound = (calls++ - 1) % (1 + 2 * costs.length);
			if (calls > 1 && inRound > 0 && inRound % 2 === 0) time += costs[inRound / 2 - 1];
			return time;
		};
	}

	it('takes the least time of each variant, in turn', async () => {
		const kernels = await Promise.all(VARIANTS.map((variant) => loadKernel(variant)));
		const trials = timeKernels(kernels, layer, clockOf([5, 3, 9]));
		expect(trials).toEqual([
			{ variant: 'relaxed', milliseconds: 5 },
			{ variant: 'pairs', milliseconds: 3 },
			{ variant: 'plain', milliseconds: 9 }
		]);
		expect(fastestOf(kernels, trials).variant).toBe('pairs');
	});

	it('leaves out a variant with other sums than the last', async () => {
		const [pairs, plain] = await Promise.all([loadKernel('pairs'), loadKernel('plain')]);
		// Read as if its weights lay step after step.
		const wrong: KernelModule = { ...pairs, variant: 'pairs', form: 0, group: 2, narrowBytes: 1 };
		const trials = timeKernels([wrong, plain], layer);
		expect(trials[0]).toEqual({ variant: 'pairs', milliseconds: null });
		expect(fastestOf([wrong, plain], trials).variant).toBe('plain');
	});

	it('is done on a layer of the shape that most layers have, with its weights', () => {
		const { shape, height, width, weights } = measuredLayer(shippedPackage('pneumonia-resnet34'));
		expect({ shape, height, width }).toEqual({ shape: [3, 3, 256, 256], height: 6, width: 6 });
		expect(weights).toHaveLength(9 * 256 * 256);
		expect(new Set(weights).size).toBeGreaterThan(100);
	});
});

describe('a first lane', () => {
	it('gets the fastest that is right, which is kept with what was measured', async () => {
		const kept = settings();
		const { kernel, choice } = await chooseKernel(() => layer, false, kept);
		expect(choice.reason).toBe('measured');
		expect(choice.trials.map(({ variant }) => variant)).toEqual(VARIANTS);
		expect(kernel.variant).toBe(choice.variant);
		const least = Math.min(...choice.trials.map(({ milliseconds }) => milliseconds ?? Infinity));
		expect(choice.trials).toContainEqual({ variant: choice.variant, milliseconds: least });
		expect(kept.values.size).toBe(1);
	});

	it('on a device that was measured is not measured again', async () => {
		const kept = settings();
		const first = await chooseKernel(() => layer, false, kept);
		const measure = vi.fn(() => layer);
		const second = await chooseKernel(measure, true, kept);
		expect(second.choice).toEqual({ ...first.choice, reason: 'kept' });
		expect(second.kernel).toMatchObject({ variant: first.kernel.variant, shared: true });
		expect(measure).not.toHaveBeenCalled();
	});

	it.each([
		['another version of the browser', { userAgent: 'browser 2', hardwareConcurrency: 2 }],
		['another number of cores', { userAgent: 'browser 1', hardwareConcurrency: 4 }]
	])('is measured again with %s', async (_, navigator) => {
		const kept = settings();
		await chooseKernel(() => layer, false, kept);
		vi.stubGlobal('navigator', navigator);
		expect((await chooseKernel(() => layer, false, kept)).choice.reason).toBe('measured');
	});

	it('is measured where what was kept cannot be understood', async () => {
		for (const odd of ['odd', { variant: 'pairs' }, { device: '', variant: 'best', trials: [] }]) {
			const { choice } = await chooseKernel(() => layer, false, settings(odd));
			expect(choice.reason).toBe('measured');
		}
	});

	it('without relaxed SIMD has plain SIMD alone', async () => {
		const { validate, ...rest } = WebAssembly as typeof WebAssembly & Record<string, unknown>;
		vi.stubGlobal('WebAssembly', {
			...rest,
			...Object.fromEntries(
				(['compile', 'Instance', 'Memory'] as const).map((name) => [name, WebAssembly[name]])
			),
			// The probe of relaxed SIMD is the longer one.
			validate: (bytes: Uint8Array<ArrayBuffer>) => bytes.length < 39 && validate(bytes)
		});
		const { kernel, choice } = await chooseKernel(() => layer, false, settings());
		expect(choice).toEqual({ variant: 'plain', reason: 'only', trials: [] });
		expect(kernel.variant).toBe('plain');
	});
});

describe('a network beside a model', () => {
	it('gets the variant that was measured', async () => {
		const kept = settings();
		const { choice } = await chooseKernel(() => layer, false, kept);
		expect((await fetchKeptKernel(kept)).variant).toBe(choice.variant);
	});

	it('gets the first that is right where none was', async () => {
		expect((await fetchKeptKernel(settings())).variant).toBe('relaxed');
	});
});
