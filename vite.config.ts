import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';
import { ensureKernel } from './tools/lib/kernel.mjs';
import { oneLanguageAtATime, WORDS } from './tools/lib/words.mjs';

export default defineConfig(async () => {
	await ensureKernel();
	return {
		plugins: [paraglideVitePlugin(WORDS), oneLanguageAtATime(), sveltekit()],
		worker: { format: 'es' as const },
		build: { target: 'es2022' },
		test: {
			include: ['tests/unit/**/*.test.ts'],
			environment: 'node' as const,
			// Node 20 has relaxed SIMD behind a flag that newer ones refuse.
			execArgv:
				Number.parseInt(process.versions.node) < 22 ? ['--experimental-wasm-relaxed-simd'] : []
		}
	};
});
