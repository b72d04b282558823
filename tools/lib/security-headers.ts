// What every answer of a host of Fieldlens says; deploy/ holds the same for nginx and Caddy.

/**
 * The policy for scripts stands in the pages themselves (SvelteKit writes its hashes there);
 * `frame-ancestors` counts in a header only.
 */
export const securityHeaders = Object.freeze({
	'Content-Security-Policy': "frame-ancestors 'none'",
	'Cross-Origin-Embedder-Policy': 'require-corp',
	'Cross-Origin-Opener-Policy': 'same-origin',
	'Cross-Origin-Resource-Policy': 'same-origin',
	'Permissions-Policy': 'camera=(self), geolocation=(), microphone=(), payment=(), usb=()',
	'Referrer-Policy': 'no-referrer',
	'X-Content-Type-Options': 'nosniff',
	'X-Frame-Options': 'DENY'
});

/**
 * How long a browser may keep a file without asking again.
 * @param pathname from the site's root, with its leading slash
 */
export function cacheControlOf(pathname: string) {
	return pathname.startsWith('/_app/immutable/')
		? 'public, max-age=31536000, immutable'
		: 'no-cache';
}
