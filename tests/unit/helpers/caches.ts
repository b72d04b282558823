/** The part of the browser's Cache API that the inbox uses. */
export interface FakeCaches {
	/** How many files find room. */
	room: number;
	has(name: string): Promise<boolean>;
	open(name: string): Promise<unknown>;
}

export function fakeCaches(): FakeCaches {
	const stores = new Map<string, Map<string, Response>>();
	const store = {
		room: Infinity,
		has: (name: string) => Promise.resolve(stores.has(name)),
		open(name: string) {
			const entries = stores.get(name) ?? new Map<string, Response>();
			stores.set(name, entries);
			return Promise.resolve({
				keys: () => Promise.resolve([...entries.keys()].map((url) => new Request(url))),
				match: (request: Request) => Promise.resolve(entries.get(request.url)?.clone()),
				delete: (url: string) => Promise.resolve(entries.delete(url)),
				put(url: string, response: Response) {
					if (entries.size >= store.room) {
						return Promise.reject(new DOMException('Full.', 'QuotaExceededError'));
					}
					entries.set(new Request(url).url, response);
					return Promise.resolve();
				}
			});
		}
	};
	return store;
}
