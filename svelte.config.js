import adapter from '@sveltejs/adapter-static';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';
import { listShell } from './tools/list-shell.mjs';

/** @type {import('@sveltejs/kit').Config} */
export default {
	preprocess: vitePreprocess(),
	compilerOptions: {
		runes: true,
		// A region that scrolls must take the focus (WCAG 2.1.1), which this rule forbids.
		warningFilter: ({ code }) => code !== 'a11y_no_noninteractive_tabindex'
	},
	kit: {
		adapter: listShell(adapter()),
		// Relative paths let the same build run at the root of a site and below a sub-path.
		paths: { relative: true },
		// AssemblyScript's own types are not TypeScript's.
		typescript: {
			config: ({ exclude, ...config }) => ({
				...config,
				exclude: [...exclude, '../src/lib/**/assembly/**']
			})
		},
		// The page registers it through workbox-window, to offer updates.
		serviceWorker: { register: false },
		csp: {
			mode: 'hash',
			directives: {
				'default-src': ['self'],
				'script-src': ['self', 'wasm-unsafe-eval'],
				// SvelteKit's route announcer and Svelte's style attributes are inline.
				'style-src': ['self', 'unsafe-inline'],
				'img-src': ['self', 'blob:', 'data:'],
				'connect-src': ['self'],
				'worker-src': ['self'],
				'object-src': ['none'],
				'base-uri': ['none'],
				'form-action': ['none']
			}
		}
	}
};
