import type { Handle } from '@sveltejs/kit';

/**
 * The font of Latin script is asked for with the page, before its styles are read; those of
 * other scripts when they are shown.
 */
export const handle: Handle = ({ event, resolve }) =>
	resolve(event, {
		preload: ({ type, path }) =>
			type === 'js' || type === 'css' || (type === 'font' && path.includes('noto-sans-latin'))
	});
