/** The built site on a server that writes down what it is asked, service worker included. */
import { createServer, request as ask } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startServer } from '../../tools/lib/static-server';

interface Asked {
	method: string;
	/** Path without the query. */
	path: string;
	query: string;
	/** Bytes that came with it. */
	body: number;
}

export interface Recorder {
	/** The site's address, ending in a slash. */
	url: string;
	asked: Asked[];
	close(): Promise<void>;
}

export async function startRecorder(): Promise<Recorder> {
	const site = await startServer({ port: 0 });
	const asked: Asked[] = [];
	const server = createServer((from, to) => {
		const [path = '', query = ''] = (from.url ?? '/').split('?');
		const one: Asked = { method: from.method ?? '', path, query, body: 0 };
		asked.push(one);
		from.on('data', (part: Buffer) => (one.body += part.length));
		const { method, headers } = from;
		const onward = ask(new URL(from.url ?? '/', site.url), { method, headers }, (answer) => {
			to.writeHead(answer.statusCode ?? 502, answer.headers);
			answer.pipe(to);
		});
		onward.on('error', () => to.destroy());
		from.pipe(onward);
	});
	await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://localhost:${port}/`,
		asked,
		close: async () => {
			await new Promise<void>((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			});
			await site.close();
		}
	};
}
