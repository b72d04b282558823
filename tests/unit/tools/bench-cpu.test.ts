import { describe, expect, it } from 'vitest';
import { jsFlagsOf, kindOfProcessor, readCpuKind } from '../../../tools/bench/cpu';

describe('the kind of a processor', () => {
	it.each([
		['x64', 'flags\t\t: fpu sse4_2 avx avx2 avx512_vnni', 'avx2'],
		['x64', 'flags\t\t: fpu sse4_2 avx avx2 avx_vnni', 'vnni'],
		['x64', 'flags\t\t: fpu sse4_2 avx', 'plain'],
		['x64', 'model name\t: something', null],
		['arm64', 'Features\t: fp asimd asimddp', null]
	])('%s with %j is %s', (architecture, cpuinfo, kind) => {
		expect(kindOfProcessor(architecture, cpuinfo)).toBe(kind);
	});
});

describe('--cpu', () => {
	it('switches off what newer processors have', () => {
		expect(jsFlagsOf('vnni')).toBe('');
		expect(jsFlagsOf('avx2')).toBe('--no-enable-avx-vnni --no-enable-avx-vnni-int8');
		expect(jsFlagsOf('plain')).toContain('--no-enable-avx2');
	});

	it('takes the three kinds and nothing else', () => {
		expect(readCpuKind('avx2')).toBe('avx2');
		expect(readCpuKind(undefined)).toBeNull();
		expect(() => readCpuKind('sse')).toThrow('plain, avx2, vnni');
	});
});
