import { describe, expect, it } from 'vitest';
import {
	BACKENDS,
	cpuLanes,
	isBackend,
	isGpu,
	isSoftwareRenderer
} from '../../../src/lib/engine/backends';

describe('a backend', () => {
	it('is tried in the order WebGPU, WebGL, WebAssembly fast, WebAssembly exact', () => {
		expect(BACKENDS).toEqual(['webgpu', 'webgl', 'int8', 'wasm']);
		expect(BACKENDS.map(isGpu)).toEqual([true, true, false, false]);
	});

	it('is one of those that there are', () => {
		for (const backend of BACKENDS) {
			expect(isBackend(backend)).toBe(true);
		}
		for (const other of ['cpu', 'auto', 'WASM', '', null, undefined, 0, ['wasm']]) {
			expect(isBackend(other)).toBe(false);
		}
	});
});

describe('a renderer', () => {
	it.each([
		'ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)',
		'llvmpipe (LLVM 15.0.6, 256 bits)',
		'Mesa/X.org softpipe',
		'Microsoft Basic Render Driver',
		'Apple Software Renderer',
		'google swiftshader (software)',
		'Direct3D11 WARP'
	])('without a graphics chip is known: %s', (name) => {
		expect(isSoftwareRenderer(name)).toBe(true);
	});

	it.each([
		'ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 Direct3D11 vs_5_0 ps_5_0)',
		'ANGLE (Intel, Mesa Intel(R) UHD Graphics 620 (KBL GT2), OpenGL 4.6)',
		'Apple M2',
		'Adreno (TM) 640',
		'Mali-G76',
		'Warpdrive 3000',
		''
	])('with a graphics chip is not taken for one: %s', (name) => {
		expect(isSoftwareRenderer(name)).toBe(false);
	});
});

describe('lanes on the processor', () => {
	const lanes = (cores: number, memoryGigabytes: number | undefined) =>
		cpuLanes({ cores, memoryGigabytes }, 300, 8);

	it('are one a core, and leave one core to the page where there are more than two', () => {
		expect([1, 2, 3, 4, 8].map((cores) => lanes(cores, 32))).toEqual([1, 2, 2, 3, 7]);
	});

	it('take half of the memory at most', () => {
		expect([0.25, 1, 2, 4, 8].map((memory) => lanes(16, memory))).toEqual([1, 1, 3, 6, 8]);
	});

	it('are as on a device of 4 GB where the browser does not tell', () => {
		expect(lanes(16, undefined)).toBe(lanes(16, 4));
	});

	it('are never more than allowed, and never none', () => {
		expect(lanes(128, 32)).toBe(8);
		expect(lanes(1, 0)).toBe(1);
	});
});
