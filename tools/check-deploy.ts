// Starts nginx and Caddy with the configurations of deploy/, on localhost and the built
// site, and checks what they answer. Needs the programs: apt-get install nginx caddy
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBrowser } from './lib/app-driver.ts';
import { readCommand } from './lib/command.ts';
import { buildDir } from './lib/paths.ts';
import { Problem, runMain } from './lib/problem.ts';
import { cacheControlOf, securityHeaders } from './lib/security-headers.ts';

const NGINX_FRAME = (folder: string) => `
${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off;
pid ${folder}/nginx.pid;
error_log stderr warn;
events {}
http {
	access_log off;
	${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
	include ${folder}/fieldlens.conf;
}
`;

const SERVERS = [
	{
		name: 'nginx',
		version: ['-V'],
		config: 'nginx.conf',
		installed: 'fieldlens.conf',
		args: (folder: string) => ['-c', join(folder, 'frame.conf')]
	},
	{
		name: 'caddy',
		version: ['version'],
		config: 'Caddyfile',
		installed: 'Caddyfile',
		args: (folder: string) => [
			'run',
			'--adapter',
			'caddyfile',
			'--config',
			join(folder, 'Caddyfile')
		]
	}
];

await runMain(async () => {
	const files = await readdir(buildDir, { recursive: true }).catch(() => {
		throw new Problem('There is no built site. Run: npm run build');
	});
	let faults = 0;
	for (const server of SERVERS) {
		if ((await readCommand(server.name, server.version)) === null) {
			throw new Problem(`${server.name} is not installed. Debian: apt-get install ${server.name}`);
		}
		const found = await tryServer(server, files);
		for (const fault of found) console.error(`${server.name}: ${fault}`);
		console.log(`${server.name}: ${found.length === 0 ? 'all as it should be' : 'see above'}`);
		faults += found.length;
	}
	return faults === 0 ? 0 : 1;
});

/**
 * @param files of the build
 * @returns what is wrong
 */
async function tryServer(server: (typeof SERVERS)[number], files: string[]): Promise<string[]> {
	const folder = await mkdtemp(join(tmpdir(), 'fieldlens-deploy-'));
	const port = await freePort();
	const text = await readFile(new URL(`../deploy/${server.config}`, import.meta.url), 'utf8');
	const placed = text.replaceAll('/var/www/fieldlens', buildDir).replaceAll('8080', String(port));
	const global = server.name === 'caddy' ? '{\n\tadmin off\n}\n' : '';
	await writeFile(join(folder, server.installed), global + placed);
	await writeFile(join(folder, 'frame.conf'), NGINX_FRAME(folder));
	const child = spawn(server.name, server.args(folder), { stdio: ['ignore', 'ignore', 'pipe'] });
	let said = '';
	child.stderr.on('data', (chunk) => (said += chunk));
	try {
		const origin = `http://localhost:${port}`;
		await waitFor(origin, () => child.exitCode === null).catch(() => {
			throw new Problem(`${server.name} did not start:\n${said}`);
		});
		const faults = [];
		for (const base of ['', '/fieldlens']) {
			faults.push(...(await checkAnswers(origin, base, files)));
			faults.push(...(await checkPage(`${origin}${base}/`)));
		}
		return faults;
	} finally {
		child.kill();
		await new Promise((resolve) =>
			child.exitCode === null ? child.once('exit', resolve) : resolve(null)
		);
		await rm(folder, { recursive: true, force: true });
	}
}

async function checkAnswers(origin: string, base: string, files: string[]) {
	const faults: string[] = [];
	const any = (test: (name: string) => boolean) => files.find(test) ?? 'missing';
	const expected = [
		['', 'text/html'],
		['models/', 'text/html'],
		['manifest.webmanifest', 'application/manifest+json'],
		['service-worker.js', 'javascript'],
		['models/index.json', 'application/json'],
		[any((name) => name.endsWith('.bin')), 'application/octet-stream'],
		[any((name) => name.endsWith('.wasm')), 'application/wasm'],
		[any((name) => /^_app\/immutable\/.*\.js$/.test(name)), 'javascript']
	];
	for (const [path, type] of expected) {
		const answer = await fetch(`${origin}${base}/${path}`);
		await answer.arrayBuffer();
		const what = `${base}/${path}`;
		if (answer.status !== 200) faults.push(`${what}: status ${answer.status}`);
		const compare = (name: string, wanted: string) => {
			const value = answer.headers.get(name) ?? 'missing';
			if (value !== wanted) faults.push(`${what}: ${name} is ${value}, not ${wanted}`);
		};
		const contentType = answer.headers.get('content-type') ?? 'missing';
		if (!contentType.includes(type ?? '')) faults.push(`${what}: content-type is ${contentType}`);
		compare('cache-control', cacheControlOf(`/${path}`));
		for (const [name, value] of Object.entries(securityHeaders)) compare(name, value);
	}
	const others: [string, RequestInit, number][] = [
		['/none.html', {}, 404],
		['/', { method: 'POST', body: 'x' }, 405],
		['/models', { redirect: 'manual' }, 301]
	];
	if (base) others.push(['', { redirect: 'manual' }, 308]);
	for (const [path, options, status] of others) {
		const answer = await fetch(`${origin}${base}${path}`, options);
		// Both servers answer the redirect of a folder with a code of their own liking.
		const same = status === 301 ? [301, 308].includes(answer.status) : answer.status === status;
		if (!same) faults.push(`${options.method ?? 'GET'} ${base}${path}: status ${answer.status}`);
	}
	return faults;
}

/** The page starts without a complaint, and its service worker is installed. */
async function checkPage(url: string) {
	const { context, close } = await openBrowser('wasm');
	try {
		const page = await context.newPage();
		const faults: string[] = [];
		page.on('console', (message) => {
			if (message.type() === 'error') faults.push(`${url}: ${message.text()}`);
		});
		page.on('pageerror', (error) => faults.push(`${url}: ${error.message}`));
		await page.goto(url);
		await page.locator('[data-testid=download-model]').waitFor({ timeout: 30_000 });
		// `ready` never settles where the installation failed (a file that cannot be fetched).
		const installed = page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
		const late = page.waitForTimeout(30_000).then(() => false);
		if (!(await Promise.race([installed, late]))) {
			faults.push(`${url}: the service worker was not installed within 30 s`);
		}
		return faults;
	} finally {
		await close();
	}
}

function freePort(): Promise<number> {
	return new Promise((resolve) => {
		const server = createServer().listen(0, 'localhost', () => {
			const address = server.address();
			const port = typeof address === 'object' && address ? address.port : 0;
			server.close(() => resolve(port));
		});
	});
}

async function waitFor(url: string, goesOn: () => boolean) {
	for (let tries = 0; tries < 50; tries++) {
		await new Promise((resolve) => setTimeout(resolve, 200));
		if (!goesOn()) break;
		const answered = await fetch(url).then(
			() => true,
			() => false
		);
		if (answered) return;
	}
	throw new Error('no answer');
}
