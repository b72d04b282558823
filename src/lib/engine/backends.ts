/** The ways of reading, in the order in which they are tried: the int8 engine, and
 * those of TensorFlow.js. */

export const BACKENDS = ['webgpu', 'webgl', 'int8', 'wasm'] as const;
export type Backend = (typeof BACKENDS)[number];

export function isBackend(value: unknown): value is Backend {
	return BACKENDS.some((backend) => backend === value);
}

/** Whether a backend runs on the graphics chip: one lane, batches. */
export function isGpu(backend: Backend): boolean {
	return backend === 'webgpu' || backend === 'webgl';
}

/** Whether an adapter's or renderer's name is that of a software rasteriser. */
export function isSoftwareRenderer(name: string): boolean {
	return /swiftshader|llvmpipe|softpipe|software|basic render|\bwarp\b/i.test(name);
}

export interface Device {
	/** Logical processors. */
	cores: number;
	/** Memory in GB as the browser tells it (rounded, at most 8 or 32), if it does. */
	memoryGigabytes: number | undefined;
}

/**
 * How many single-threaded lanes the processor gets: a lane a core, less one for the page
 * where there are more than two, as memory allows.
 */
export function cpuLanes(device: Device, laneMegabytes: number, most: number): number {
	const byCores = device.cores > 2 ? device.cores - 1 : device.cores;
	// Half of the memory at most: the rest is the system's, and the image being decoded.
	const byMemory = Math.floor(((device.memoryGigabytes ?? 4) * 1024 * 0.5) / laneMegabytes);
	return Math.max(1, Math.min(byCores, byMemory, most));
}
