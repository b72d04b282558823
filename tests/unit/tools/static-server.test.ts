import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type RunningServer } from '../../../tools/lib/static-server';

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
		'service-worker.js': '//'
	};
	for (const [name, text] of Object.entries(files)) await writeFile(join(root, name), text);
	server = await startServer({ root, base: 'lens/' });
});
afterAll(async () => {
	await server.close();
	await rm(root, { recursive: true });
});

const get = (path: string, options?: RequestInit) => fetch(new URL(path, server.url), options);

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
