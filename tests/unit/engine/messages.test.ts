import { describe, expect, it } from 'vitest';
import { kernelWords } from '../../../src/lib/engine/messages';

describe('how the processor computes, in words', () => {
	it('names the ways that were timed, the fastest first', () => {
		const words = kernelWords({
			variant: 'pairs',
			reason: 'measured',
			trials: [
				{ variant: 'relaxed', milliseconds: 0.684 },
				{ variant: 'pairs', milliseconds: 0.461 },
				{ variant: 'plain', milliseconds: null }
			]
		});
		expect(words).toBe(
			'Fastest of the ways to calculate that were timed on this device: sums in 16 bits (0.46 ms) and sums in 32 bits (0.68 ms)'
		);
	});

	it('names the only one', () => {
		expect(kernelWords({ variant: 'plain', reason: 'only', trials: [] })).toBe(
			'The way to calculate that is right in this browser: plain instructions'
		);
	});
});
