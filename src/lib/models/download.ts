/**
 * Fetches the missing files of a package, checks each and stores it at once, so that a
 * download that is cut off goes on where it stopped.
 */
import { DOWNLOAD_STALL_MS, DOWNLOAD_TRIES } from '../base/limits';
import { failed, succeeded, type Outcome } from '../problems/problems';
import { sha256Of } from '../base/sha256';
import type { Catalog } from './catalog';
import type { Manifest } from './manifest';
import { missingFiles, storeFile, storeModel, storingProblem, type ManifestFile } from './store';

/** Called as bytes arrive: bytes of the package that are on the device, and in all. */
export type OnProgress = (loaded: number, total: number) => void;

type Attempt = 'aborted' | 'offline' | 'damaged' | { status: number } | { bytes: ArrayBuffer };

/**
 * Bring a package onto the device.
 * @param wait pause between tries, for tests.
 * @returns succeeded with true when all is stored, with false when `signal` stopped it.
 */
export async function download(
	catalog: Catalog,
	manifest: Manifest,
	onProgress: OnProgress,
	signal: AbortSignal,
	wait: (milliseconds: number) => Promise<void> = pause
): Promise<Outcome<boolean>> {
	if (globalThis.isSecureContext === false) return failed('not-secure');
	try {
		// Another model may be removed meanwhile, and with it files that both have: look again.
		for (;;) {
			const missing = await missingFiles(manifest);
			let loaded = manifest.totalBytes - missing.reduce((sum, file) => sum + file.bytes, 0);
			onProgress(loaded, manifest.totalBytes);
			if (missing.length === 0) break;
			for (const file of missing) {
				const before = loaded;
				const report = (received: number) => onProgress(before + received, manifest.totalBytes);
				const fetched = await fetchWithTries(catalog, manifest.id, file, report, signal, wait);
				if (!fetched.ok) return fetched;
				if (!fetched.value) return succeeded(false);
				await storeFile(file.sha256, fetched.value);
				loaded += file.bytes;
			}
		}
		await storeModel(manifest);
		return succeeded(true);
	} catch (error) {
		return storingProblem(error, manifest);
	}
}

async function fetchWithTries(
	catalog: Catalog,
	id: string,
	file: ManifestFile,
	report: (received: number) => void,
	signal: AbortSignal,
	wait: (milliseconds: number) => Promise<void>
): Promise<Outcome<ArrayBuffer | null>> {
	let last: Attempt = 'offline';
	for (let attempt = 0; attempt < DOWNLOAD_TRIES; attempt++) {
		if (attempt > 0) await wait(1000 * 2 ** attempt);
		last = await fetchOnce(catalog.address(id, file.path), file, report, signal);
		if (last === 'aborted') return succeeded(null);
		if (typeof last === 'object' && 'bytes' in last) return succeeded(last.bytes);
	}
	if (last === 'damaged') return failed('model-damaged', { file: file.path });
	if (last === 'offline') return failed('model-offline', { host: location.host });
	return failed('model-server', { status: last.status });
}

/** One request; bounded by the file's stated size, and by a stall limit. */
async function fetchOnce(
	address: string,
	file: ManifestFile,
	report: (received: number) => void,
	signal: AbortSignal
): Promise<Attempt> {
	const stall = new AbortController();
	let timer = setTimeout(() => stall.abort(), DOWNLOAD_STALL_MS);
	try {
		const response = await fetch(address, {
			// The HTTP cache may hold the damaged copy; the package is kept in IndexedDB anyway.
			cache: 'no-store',
			signal: AbortSignal.any([signal, stall.signal])
		});
		if (!response.ok || !response.body) return { status: response.status };
		const bytes = new Uint8Array(file.bytes);
		let received = 0;
		const reader = response.body.getReader();
		for (;;) {
			const { done, value } = await reader.read();
			if (done) break;
			clearTimeout(timer);
			timer = setTimeout(() => stall.abort(), DOWNLOAD_STALL_MS);
			if (received + value.length > file.bytes) {
				await reader.cancel();
				return 'damaged';
			}
			bytes.set(value, received);
			received += value.length;
			report(received);
		}
		const intact = received === file.bytes && (await sha256Of(bytes)) === file.sha256;
		return intact ? { bytes: bytes.buffer } : 'damaged';
	} catch {
		return signal.aborted ? 'aborted' : 'offline';
	} finally {
		clearTimeout(timer);
	}
}

function pause(milliseconds: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
