/**
 * Which variant of the kernel is the fastest here. Features do not tell: the dot product of
 * relaxed SIMD is one instruction on some processors and five on others.
 */
import type { KernelModule, Variant } from './kernel';
import { placeConvolution, type OneConvolution } from './one-convolution';

/** One sample, so that a clock of 0.1 ms suffices. */
const SAMPLE_MS = 2;
/** Without a better time in so many rounds, browsers have optimised what they will. */
const STILL_ROUNDS = 5;
const MOST_MS = 300;

/** A variant that was tried, and the least time of the layer; null where its sums were wrong. */
export interface KernelTrial {
	variant: Variant;
	milliseconds: number | null;
}

/**
 * Run one convolution with each, in turn, until their times have settled.
 * @param kernels of which the last one's sums are taken as right.
 * @param now a clock, milliseconds.
 */
export function timeKernels(
	kernels: readonly KernelModule[],
	layer: OneConvolution,
	now: () => number = () => performance.now()
): KernelTrial[] {
	const placed = kernels.map((kernel) => placeConvolution(kernel, layer));
	for (const { run } of placed) run();
	const right = placed.at(-1)?.sums ?? new Float32Array();
	const tried = placed.map(({ run, sums }, i) => ({
		run,
		variant: kernels[i].variant,
		isRight: sums.every((sum, at) => sum === right[at]),
		least: Infinity
	}));
	const runners = tried.filter(({ isRight }) => isRight);
	const end = now() + MOST_MS;
	for (let still = 0; still < STILL_ROUNDS && now() < end; still++) {
		for (const trial of runners) {
			const time = sample(trial.run, now);
			// Less than 2 % is chance.
			if (time < 0.98 * trial.least) still = -1;
			trial.least = Math.min(trial.least, time);
		}
	}
	return tried.map(({ variant, isRight, least }) => ({
		variant,
		milliseconds: isRight ? least : null
	}));
}

/** The one with the least time; the first where none was right. @param kernels at least one. */
export function fastestOf(
	kernels: readonly KernelModule[],
	trials: readonly KernelTrial[]
): KernelModule {
	const timeOf = (kernel: KernelModule) =>
		trials.find(({ variant }) => variant === kernel.variant)?.milliseconds ?? Infinity;
	return kernels.reduce((best, next) => (timeOf(next) < timeOf(best) ? next : best));
}

/** Milliseconds a run. */
function sample(run: () => void, now: () => number): number {
	const start = now();
	let runs = 0;
	let passed: number;
	do {
		run();
		runs++;
		passed = now() - start;
	} while (passed < SAMPLE_MS);
	return passed / runs;
}
