/** A web site in memory that answers `fetch`, keeps a log, and fails on demand. */
import { vi } from 'vitest';
import { Catalog } from '../../../src/lib/models/catalog';
import type { ExamplePackage } from './manifest';

export type Answer = (signal: AbortSignal | undefined) => Response | Promise<Response>;

export class FakeSite {
	/** File names that were asked for, in order. */
	readonly requests: string[] = [];
	readonly catalog = new Catalog('');
	private readonly files = new Map<string, Uint8Array>();
	private readonly planned = new Map<string, Answer[]>();

	constructor(...packages: ExamplePackage[]) {
		for (const { manifest, files } of packages) {
			for (const [path, content] of files) {
				this.files.set(this.catalog.address(manifest.id, path), content);
			}
		}
	}

	/** Make `fetch` ask this site, and give the page an address. */
	open(): this {
		vi.stubGlobal('location', { host: 'fieldlens.example' });
		vi.stubGlobal('fetch', (address: string, init?: RequestInit) => this.answer(address, init));
		return this;
	}

	/** The next requests for a file get these answers, before the file itself. */
	plan(file: string, ...answers: Answer[]): this {
		this.planned.set(file, answers);
		return this;
	}

	private async answer(address: string, init?: RequestInit): Promise<Response> {
		const signal = init?.signal ?? undefined;
		signal?.throwIfAborted();
		const file = address.split('/').at(-1) ?? '';
		this.requests.push(file);
		const planned = this.planned.get(file)?.shift();
		if (planned) return planned(signal);
		const content = this.files.get(address);
		return content ? inPortions(content) : new Response('', { status: 404 });
	}
}

/** A body that comes in several chunks, as a network brings it. */
function inPortions(content: Uint8Array, portion = 400_000): Response {
	let at = 0;
	return new Response(
		new ReadableStream<Uint8Array>({
			pull(controller) {
				if (at >= content.length) return controller.close();
				controller.enqueue(content.slice(at, at + portion));
				at += portion;
			}
		})
	);
}

/** The connection breaks after some bytes. */
export function brokenAfter(content: Uint8Array): Answer {
	return () => {
		let sent = false;
		return new Response(
			new ReadableStream<Uint8Array>({
				pull(controller) {
					if (sent) return controller.error(new TypeError('network error'));
					controller.enqueue(content);
					sent = true;
				}
			})
		);
	};
}

export const withStatus =
	(status: number): Answer =>
	() =>
		new Response('no', { status });

export const withBytes =
	(bytes: Uint8Array): Answer =>
	() =>
		inPortions(bytes);

export const offline: Answer = () => {
	throw new TypeError('Failed to fetch');
};
