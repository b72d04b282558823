// What the figures were made on.
import { arch, cpus, platform, release, totalmem } from 'node:os';
import { openBrowser } from '../lib/app-driver.ts';
import { usedKind, type CpuKind } from './cpu.ts';

/** How long an adapter may take to answer; some drivers never do. */
const PROBE_MS = 8000;
/** Adapters that compute on the CPU. */
const SOFTWARE = /swiftshader|llvmpipe|software|basic render/i;

/** The part of WebGPU's API that is asked. */
interface Gpu {
	requestAdapter(): Promise<{
		info?: {
			vendor: string;
			architecture: string;
			description: string;
			isFallbackAdapter?: boolean;
		};
	} | null>;
}

/**
 * The machine, the browser, and the GPU backends that are real here.
 * @param asked the kind of processor that V8 is to take it for
 */
export async function describeMachine(asked: CpuKind | null = null) {
	const cpuKind = await usedKind(asked);
	// Asked as a browser with a graphics chip would be; software adapters are told by their names.
	process.env.CHROMIUM_GPU = 'real';
	const { context, close } = await openBrowser('auto');
	try {
		const page = await context.newPage();
		// WebGPU is only there for secure pages.
		await page.route('http://localhost/probe', (route) =>
			route.fulfill({ contentType: 'text/html', body: '' })
		);
		await page.goto('http://localhost/probe');
		const gpus = await page.evaluate(probeGpus, PROBE_MS);
		return {
			cpu: cpus()[0]?.model.trim() ?? 'unknown',
			cpuKind,
			cores: await page.evaluate(() => navigator.hardwareConcurrency),
			memoryGigabytes: Math.round(totalmem() / 2 ** 30),
			system: `${platform()} ${release()} ${arch()}`,
			node: process.versions.node,
			browser: `Chromium ${context.browser()?.version() ?? ''}`.trim(),
			webgl: gpus.webgl,
			webgpu: gpus.webgpu,
			gpuBackends: (['webgl', 'webgpu'] as const).filter(
				(name) => gpus[name] !== '' && !SOFTWARE.test(gpus[name])
			)
		};
	} finally {
		delete process.env.CHROMIUM_GPU;
		await close();
	}
}

/**
 * Runs in the page: the names of the adapters, empty where there is none.
 * @param limit milliseconds
 */
async function probeGpus(limit: number) {
	const canvas = new OffscreenCanvas(1, 1);
	const gl = canvas.getContext('webgl2');
	const names = gl?.getExtension('WEBGL_debug_renderer_info');
	const webgl = gl ? String(gl.getParameter(names?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER)) : '';
	const { gpu } = navigator as { gpu?: Gpu };
	const asked = gpu?.requestAdapter() ?? Promise.resolve(null);
	const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), limit));
	const adapter = await Promise.race([asked, late]).catch(() => null);
	const info = adapter?.info;
	const webgpu = info
		? `${info.vendor} ${info.architecture} ${info.description}${info.isFallbackAdapter ? ' (software)' : ''}`
		: '';
	return { webgl, webgpu: webgpu.trim() };
}
