/// <reference types="@sveltejs/kit" />
/// <reference lib="webworker" />
/**
 * The shell, offline. Decisions:
 * - All of the shell is stored at install and served from there: one version at a time.
 * - Models are not here: the page keeps them in IndexedDB, checked shard by shard. Their
 *   manifests are, so that the page knows its models without a network.
 * - A new version waits until the user agrees (`SKIP_WAITING`).
 * - What it serves is cross-origin isolated, whatever the host sends: nothing here comes from
 *   another origin, and workers may then share memory.
 * - Files that another program shares are kept on the device until a page has read them.
 * - Nothing else is cached, and nothing is sent.
 */
import { base } from '$service-worker';
import { keepShared, SHARE_PATH } from './lib/intake/shared-inbox';

const worker = self as unknown as ServiceWorkerGlobalScope;
/** Written by tools/lib/offline-shell.ts when the site is built: paths below `base`, pages as folders. */
const { version, paths } = JSON.parse('__FIELDLENS_SHELL__') as {
	version: string;
	paths: string[];
};
const CACHE = `shell-${version}`;
const SHELL = paths.map((path) => `${base}/${path}`);
const SHELL_PATHS = new Set(SHELL);

worker.addEventListener('install', (event) => {
	event.waitUntil(
		caches.open(CACHE).then((cache) =>
			// Not from the HTTP cache: it may hold files of the version before.
			cache.addAll(SHELL.map((path) => new Request(path, { cache: 'reload' })))
		)
	);
});

worker.addEventListener('activate', (event) => {
	event.waitUntil(
		(async () => {
			for (const name of await caches.keys()) {
				if (name.startsWith('shell-') && name !== CACHE) await caches.delete(name);
			}
			await worker.clients.claim();
		})()
	);
});

worker.addEventListener('message', (event) => {
	if ((event.data as { type?: string } | null)?.type === 'SKIP_WAITING') void worker.skipWaiting();
});

worker.addEventListener('fetch', (event) => {
	const { request } = event;
	const { origin, pathname } = new URL(request.url);
	if (origin !== worker.location.origin) return;
	if (request.method === 'POST' && pathname === `${base}/${SHARE_PATH}`) {
		const root = `${origin}${base}/`;
		event.respondWith(
			keepShared(request, root).then((outcome) =>
				Response.redirect(`${root}?shared=${outcome}`, 303)
			)
		);
		return;
	}
	if (request.method !== 'GET') return;
	const path = shellPath(pathname);
	if (!path) return;
	event.respondWith(
		caches
			.open(CACHE)
			.then((cache) => cache.match(path))
			.then((stored) => stored ?? fetch(request))
			.then(isolated)
	);
});

/** The same with the headers of a cross-origin isolated page; a worker's script needs them too. */
function isolated(response: Response): Response {
	// A host's redirect of a page cannot be made anew.
	if (!response.ok) return response;
	const { body, status, statusText } = response;
	const headers = new Headers(response.headers);
	headers.set('Cross-Origin-Embedder-Policy', 'require-corp');
	headers.set('Cross-Origin-Opener-Policy', 'same-origin');
	return new Response(body, { status, statusText, headers });
}

/** The stored file that answers a path; pages are known with and without `index.html`. */
function shellPath(pathname: string): string | null {
	for (const path of [pathname, `${pathname}/`, pathname.replace(/index\.html$/, '')]) {
		if (SHELL_PATHS.has(path)) return path;
	}
	return pathname === base ? `${base}/` : null;
}
