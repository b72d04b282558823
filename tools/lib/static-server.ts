// Serves the built site as a good static host does: types, caching, security headers.
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import compression from '@polka/compression';
import sirv from 'sirv';
import { buildDir } from './paths.ts';
import { codeOf, Problem } from './problem.ts';
import { cacheControlOf, securityHeaders } from './security-headers.ts';
import type { RequestListener, ServerResponse, Server } from 'node:http';

export interface RunningServer {
	/** the site's address, ending in a slash */
	url: string;
	/** ends open connections too, so that "the server is gone" is true at once */
	close: () => Promise<void>;
}

/**
 * Serve a folder on localhost.
 * @param options.port 0 for any free one
 * @param options.tries how many ports to try, counting up from `port`
 * @param options.base sub-path below which the site lies, such as `/lens`
 * @throws {Problem} when there is no built site, or the port is taken
 */
export async function startServer({
	port = 0,
	tries = 1,
	base = '',
	root = buildDir
}: { port?: number; tries?: number; base?: string; root?: string } = {}): Promise<RunningServer> {
	if (!existsSync(join(root, 'index.html'))) {
		throw new Problem(`There is no built site in ${root}. Run: npm run build`);
	}
	const prefix = normaliseBase(base);
	const server = createServer(createHandler(root, prefix));
	const taken = await listen(server, port, tries);
	return {
		url: `http://localhost:${taken}${prefix}/`,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			})
	};
}

/**
 * @returns empty, or with a leading slash and no trailing one
 */
function normaliseBase(base: string): string {
	const inner = base.replace(/^\/+|\/+$/g, '');
	return inner === '' ? '' : `/${inner}`;
}

function createHandler(root: string, prefix: string): RequestListener {
	// `dev` looks at the disk at each request: the folder may be built anew while it is served.
	const files = sirv(root, {
		dev: true,
		etag: true,
		onNoMatch: (_, res) => say(res, 404)
	});
	const compress = compression({ brotli: true, level: COMPRESSION_LEVEL, mimes: COMPRESSIBLE });
	return (req, res) => {
		for (const [name, value] of Object.entries(securityHeaders)) res.setHeader(name, value);
		if (req.method !== 'GET' && req.method !== 'HEAD') {
			res.setHeader('Allow', 'GET, HEAD');
			return say(res, 405);
		}
		const url = req.url ?? '/';
		const pathname = url.split('?')[0] ?? '/';
		if (prefix !== '') {
			if (pathname === prefix) {
				res.setHeader('Location', `${prefix}/${url.slice(pathname.length)}`);
				return say(res, 308);
			}
			if (!pathname.startsWith(`${prefix}/`)) return say(res, 404);
			req.url = url.slice(prefix.length);
		}
		res.setHeader('Cache-Control', cacheControlOf(pathname.slice(prefix.length)));
		// sirv ends the program on a byte range whose end lies before its start; whole files do.
		delete req.headers.range;
		res.setHeader('Vary', 'Accept-Encoding');
		compress(req, res, () => files(req, res));
	};
}

/** Media types that shrink. A model's shards are octet streams, deflated when they are packed. */
const COMPRESSIBLE = /^text\/|javascript|json|xml|wasm/;
/** Brotli's and gzip's: beyond it a megabyte takes longer than what it saves on a slow line's start. */
const COMPRESSION_LEVEL = 6;

const REASONS = new Map([
	[308, 'Moved'],
	[404, 'Not found'],
	[405, 'Only GET and HEAD are answered']
]);

function say(res: ServerResponse, status: number) {
	res.setHeader('Cache-Control', 'no-cache');
	res.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' });
	res.end(`${REASONS.get(status)}\n`);
}

/**
 * @returns the port taken
 */
async function listen(server: Server, port: number, tries: number): Promise<number> {
	for (let candidate = port; ; candidate++) {
		try {
			await new Promise((resolve, reject) => {
				server.once('error', reject);
				server.listen(candidate, 'localhost', () => resolve(server.off('error', reject)));
			});
			const address = server.address();
			return typeof address === 'object' && address !== null ? address.port : candidate;
		} catch (error) {
			if (codeOf(error) === 'EACCES') {
				throw new Problem(
					`Port ${candidate} may not be used by this account. Choose one above 1023, for example: PORT=8080`
				);
			}
			if (codeOf(error) !== 'EADDRINUSE') throw error;
			if (candidate - port + 1 >= tries) throw new Problem(portTaken(port, candidate));
		}
	}
}

function portTaken(first: number, last: number) {
	const which =
		first === last
			? `Port ${first} is in use by another program`
			: `The ports ${first} to ${last} are all in use by other programs`;
	return `${which}. End that program, or choose another port, for example: PORT=${last + 100}`;
}
