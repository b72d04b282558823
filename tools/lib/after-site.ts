// A step of the build that needs the finished site.
import type { Plugin } from 'vite';

/**
 * Run when SvelteKit's adapter has written the site. Stands behind SvelteKit's own plugins, whose
 * adapter runs in the same hook; several run in the order of `plugins`.
 * @param name of the plugin
 */
export function afterSite(name: string, run: () => Promise<void>): Plugin {
	let isSite = false;
	return {
		name,
		apply: 'build',
		// SvelteKit builds the page and the service worker within the build for the server.
		configResolved: ({ build }) => {
			isSite = Boolean(build.ssr);
		},
		closeBundle: {
			order: 'post',
			sequential: true,
			async handler(error) {
				if (isSite && !error) await run();
			}
		}
	};
}
