/** Looks at an adapter before TensorFlow.js starts on it. Runs in a lane's worker. */
import { PROBE_TIMEOUT_MS } from '../base/limits';
import { withTimeLimit } from '../base/time-limit';
import type { Backend } from './backends';
import { variantsHere } from './int8/kernel';

/**
 * Name of the adapter or renderer that a backend would use, '' on the processor.
 * @returns null where the backend is absent or its adapter does not answer in time.
 */
export async function rendererOf(backend: Backend): Promise<string | null> {
	if (backend === 'wasm') return typeof WebAssembly === 'object' ? '' : null;
	if (backend === 'int8') {
		return typeof WebAssembly === 'object' && variantsHere().length > 0 ? '' : null;
	}
	if (backend === 'webgl') return webglRenderer();
	try {
		return await withTimeLimit(webgpuAdapter(), PROBE_TIMEOUT_MS);
	} catch {
		return null;
	}
}

async function webgpuAdapter(): Promise<string | null> {
	const gpu = (navigator as { gpu?: GPU }).gpu;
	const adapter = await gpu?.requestAdapter();
	if (!adapter) return null;
	const { vendor, architecture, device, description } = adapter.info;
	const name = [vendor, architecture, device, description].filter(Boolean).join(' ');
	// Chrome before 136 has it on the adapter itself.
	const { isFallbackAdapter = (adapter as { isFallbackAdapter?: boolean }).isFallbackAdapter } =
		adapter.info as Partial<GPUAdapterInfo>;
	return isFallbackAdapter ? `${name} (software)` : name || 'unnamed';
}

function webglRenderer(): string | null {
	const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
	if (!gl) return null;
	const info = gl.getExtension('WEBGL_debug_renderer_info');
	const name = String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
	gl.getExtension('WEBGL_lose_context')?.loseContext();
	return name;
}
