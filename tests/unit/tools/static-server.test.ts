import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get as ask, type IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type RunningServer } from '../../../tools/lib/static-server';

/** Worth compressing. */
const LARGE = 'a sentence that repeats itself; '.repeat(200);

let root = '';
let server: RunningServer;

beforeAll(async () => {
	root = await mkdtemp(join(tmpdir(), 'fieldlens-site-'));
	await mkdir(join(root, '_app/immutable'), { recursive: true });
	await mkdir(join(root, 'models/some-model'), { recursive: true });
	const files = {
		'index.html': '<h1>start</h1>',
		'models/index.html': '<h1>models</h1>',
		'models/some-model/group1-shard1of1.bin': 'weights',
		'_app/immutable/engine.wasm': 'wasm',
		'manifest.webmanifest': '{}',
		'service-worker.js': '//',
		'models/some-model/large.bin': LARGE,
		'_app/immutable/large.js': LARGE,
		'_app/immutable/large.wasm': LARGE,
		'models/some-model/large.json': LARGE
	};
	for (const [name, text] of Object.entries(files)) await writeFile(join(root, name), text);
	server = await startServer({ root, base: 'lens/' });
});
afterAll(async () => {
	await server.close();
	await rm(root, { recursive: true });
});

const get = (path: string, options?: RequestInit) => fetch(new URL(path, server.url), options);

/** An answer as it is on the line; `fetch` unpacks it. */
async function raw(path: string, accepted: string) {
	return new Promise<{ headers: IncomingHttpHeaders; body: Buffer }>((resolve, reject) => {
		ask(new URL(path, server.url), { headers: { 'accept-encoding': accepted } }, (answer) => {
			const parts: Buffer[] = [];
			answer.on('data', (part: Buffer) => parts.push(part));
			answer.on('end', () => resolve({ headers: answer.headers, body: Buffer.concat(parts) }));
		}).on('error', reject);
	});
}

describe('the static server', () => {
	it('serves the site below its sub-path and nothing beside it', async () => {
		expect(server.url).toMatch(/^http:\/\/localhost:\d+\/lens\/$/);
		expect(await (await get('')).text()).toBe('<h1>start</h1>');
		expect(await (await get('models/')).text()).toBe('<h1>models</h1>');
		expect((await get('/lens?model=x')).url).toBe(`${server.url}?model=x`);
		expect((await get('/')).status).toBe(404);
		expect((await get('/lenses/')).status).toBe(404);
		expect((await get('none.html')).status).toBe(404);
	});

	it.each([
		['', 'text/html;charset=utf-8', 'no-cache'],
		['manifest.webmanifest', 'application/manifest+json', 'no-cache'],
		['service-worker.js', 'text/javascript', 'no-cache'],
		['models/some-model/group1-shard1of1.bin', 'application/octet-stream', 'no-cache'],
		['_app/immutable/engine.wasm', 'application/wasm', 'public, max-age=31536000, immutable']
	])('"%s" is %s, cached as %s', async (path, type, caching) => {
		const { headers } = await get(path);
		expect(headers.get('content-type')).toBe(type);
		expect(headers.get('cache-control')).toBe(caching);
	});

	it('sends the security headers with every answer, errors too', async () => {
		for (const path of ['', 'none.html']) {
			const { headers } = await get(path);
			expect(headers.get('x-content-type-options')).toBe('nosniff');
			expect(headers.get('content-security-policy')).toBe("frame-ancestors 'none'");
			expect(headers.get('referrer-policy')).toBe('no-referrer');
		}
	});

	it('answers a file that did not change without sending it again', async () => {
		const etag = (await get('')).headers.get('etag') ?? '';
		expect((await get('', { headers: { 'if-none-match': etag } })).status).toBe(304);
	});

	it.each([
		['_app/immutable/large.js', 'br', 'br'],
		['_app/immutable/large.wasm', 'gzip, deflate, br', 'br'],
		['models/some-model/large.json', 'gzip', 'gzip'],
		['models/some-model/large.json', 'identity', null],
		// Weights are deflated when they are packed; what is short is not worth it.
		['models/some-model/large.bin', 'gzip, br', null],
		['service-worker.js', 'gzip, br', null]
	])('sends %s to who takes "%s" as %s', async (path, accepted, encoding) => {
		const { headers, body } = await raw(path, accepted);
		expect(headers['content-encoding'] ?? null).toBe(encoding);
		expect(headers.vary).toBe('Accept-Encoding');
		const unpack = { br: brotliDecompressSync, gzip: gunzipSync }[encoding ?? ''];
		const text = (unpack?.(body) ?? body).toString();
		expect(text).toBe(path === 'service-worker.js' ? '//' : LARGE);
		if (encoding !== null) expect(body.length).toBeLessThan(LARGE.length / 10);
		else expect(headers['content-length']).toBe(String(text.length));
	});

	it('answers a compressed file that did not change without sending it again', async () => {
		const path = '_app/immutable/large.js';
		const etag = (await get(path)).headers.get('etag') ?? '';
		expect((await get(path, { headers: { 'if-none-match': etag } })).status).toBe(304);
	});

	it('refuses other methods, and survives a byte range that makes no sense', async () => {
		const posted = await get('', { method: 'POST', body: 'x' });
		expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
		expect((await get('', { headers: { range: 'bytes=9-2' } })).status).toBe(200);
		expect((await get('', { method: 'HEAD' })).status).toBe(200);
	});
});

describe('starting the static server', () => {
	it('says in a sentence that the port is taken, or takes the next one', async () => {
		const other = createServer();
		await new Promise<void>((resolve) => other.listen(0, 'localhost', resolve));
		const { port } = other.address() as { port: number };
		await expect(startServer({ root, port })).rejects.toThrow(
			`Port ${port} is in use by another program`
		);
		const next = await startServer({ root, port, tries: 5 });
		expect(Number(new URL(next.url).port)).toBeGreaterThan(port);
		await next.close();
		other.close();
	});

	it('says what to do when nothing is built', async () => {
		await expect(startServer({ root: join(root, 'models/some-model') })).rejects.toThrow(
			/npm run build/
		);
	});
});
