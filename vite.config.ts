import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { launchOptions } from './tools/lib/browser.ts';
import { ensureKernel } from './tools/lib/kernel.ts';
import { listShell } from './tools/lib/offline-shell.ts';
import { splitManifests } from './tools/lib/site-manifests.ts';
import { collectThirdParty, writeNotices } from './tools/lib/third-party-notices.ts';
import { oneLanguageAtATime, WORDS, writeProject } from './tools/lib/words.ts';

export default defineConfig(async () => {
	await ensureKernel();
	writeProject();
	return {
		plugins: [
			paraglideVitePlugin(WORDS),
			oneLanguageAtATime(),
			sveltekit(),
			collectThirdParty(),
			writeNotices(),
			splitManifests(),
			listShell()
		],
		worker: {
			format: 'es' as const,
			plugins: () => [collectThirdParty()],
			// Of what writes PDFs the page uses nothing: 330 kB less.
			rolldownOptions: {
				treeshake: { moduleSideEffects: (id: string) => !id.includes('/@cantoo/pdf-lib/') }
			}
		},
		// What each language calls itself is read from the messages (`i18n/language-names.ts`).
		server: { fs: { allow: ['messages'] } },
		build: { target: 'es2022' },
		test: {
			// Each limit ends a hang and says nothing about speed: a busy machine passes.
			testTimeout: 600_000,
			hookTimeout: 600_000,
			projects: [
				{
					extends: true as const,
					test: {
						name: 'unit',
						include: ['tests/unit/**/*.test.ts'],
						environment: 'node' as const,
						// Node 20 has relaxed SIMD behind a flag that newer ones refuse.
						execArgv:
							Number.parseInt(process.versions.node) < 22
								? ['--experimental-wasm-relaxed-simd']
								: []
					}
				},
				{
					extends: true as const,
					test: {
						name: 'component',
						include: ['tests/component/**/*.test.ts'],
						setupFiles: ['tests/component/setup.ts'],
						expect: { poll: { timeout: 120_000 } },
						browser: {
							enabled: true,
							headless: true,
							provider: playwright({ launchOptions: launchOptions() }),
							instances: [{ browser: 'chromium' as const }],
							viewport: { width: 1000, height: 800 },
							screenshotFailures: false
						}
					}
				}
			]
		}
	};
});
