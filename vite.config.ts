import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';
import { WORDS } from './tools/lib/words.mjs';

export default defineConfig({
	plugins: [paraglideVitePlugin(WORDS), sveltekit()],
	worker: { format: 'es' },
	build: { target: 'es2022' },
	test: {
		include: ['tests/unit/**/*.test.ts'],
		environment: 'node'
	}
});
