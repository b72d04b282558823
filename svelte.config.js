import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import adapter from '@sveltejs/adapter-static';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

/**
 * The policy's words for the script that stands in `src/app.html` itself: SvelteKit knows its own.
 * @returns {`sha256-${string}`}
 */
function hashOfEarlyScript() {
	const page = readFileSync(new URL('src/app.html', import.meta.url), 'utf8');
	const script = /<script>([^]*?)<\/script>/.exec(page)?.[1];
	if (script === undefined) throw new Error('src/app.html has no script');
	return `sha256-${createHash('sha256').update(script).digest('base64')}`;
}

/** @type {import('@sveltejs/kit').Config} */
export default {
	preprocess: vitePreprocess(),
	compilerOptions: {
		runes: true,
		// A region that scrolls must take the focus (WCAG 2.1.1), which this rule forbids.
		warningFilter: ({ code }) => code !== 'a11y_no_noninteractive_tabindex'
	},
	kit: {
		adapter: adapter(),
		// A page's styles (8 to 28 KB) come with it: on a slow network a round less before it shows.
		inlineStyleThreshold: 32_768,
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
				'script-src': ['self', 'wasm-unsafe-eval', hashOfEarlyScript()],
				// SvelteKit's route announcer and Svelte's style attributes are inline.
				'style-src': ['self', 'unsafe-inline'],
				'font-src': ['self'],
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
