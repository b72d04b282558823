// Serves the bench's own pages, the engines as they come from npm, and the models. Its pages
// are cross-origin isolated, which threads in WebAssembly need; the app's own are not.
import { createServer } from 'node:http';
import { join } from 'node:path';
import sirv from 'sirv';
import { repoRoot } from '../lib/paths.ts';

/** What lies below which path. */
const FOLDERS = {
	'/tfjs': join(repoRoot, 'node_modules/@tensorflow'),
	'/ort': join(repoRoot, 'node_modules/onnxruntime-web/dist')
};

/**
 * @param folders.onnx holds `<model id>.onnx` and, quantised, `<model id>.int8.onnx`
 * @param folders.models holds the graph models as stock TensorFlow.js opens them, by id
 * @param folders.pages holds what `writePages` writes
 * @param folders.fields holds microscope fields, where any are measured
 */
export async function startBenchServer({
	onnx,
	models,
	pages,
	fields
}: {
	onnx: string;
	models: string;
	pages: string;
	fields?: string;
}): Promise<{ url: string; close: () => Promise<void> }> {
	const given = { '/onnx': onnx, '/models': models, '/bench': pages };
	const folders = { ...FOLDERS, ...given, ...(fields && { '/fields': fields }) };
	const handlers = Object.entries(folders).map(
		([path, folder]) => [path, sirv(folder, { dev: true })] as const
	);
	const server = createServer((req, res) => {
		res.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
		res.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
		const url = req.url ?? '/';
		const handler = handlers.find(([path]) => url.startsWith(`${path}/`));
		if (!handler) {
			res.writeHead(404).end();
			return;
		}
		req.url = url.slice(handler[0].length);
		handler[1](req, res);
	});
	await new Promise((resolve) => server.listen(0, 'localhost', () => resolve(undefined)));
	const address = server.address();
	const port = typeof address === 'object' && address ? address.port : 0;
	return {
		url: `http://localhost:${port}`,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			})
	};
}
