/** One file with all sessions and settings: writing it, and opening it on this or another device. */
import {
	MAX_BACKUP_BYTES,
	MAX_BACKUP_LINE,
	MAX_BACKUP_SESSIONS,
	MAX_FILES,
	OPEN_GROUP
} from '../base/limits';
import type { Manifest } from '../models/manifest';
import { MAP_CELLS } from '../reading/occlusion';
import { failed, problem, succeeded, type Outcome } from '../problems/problems';
import { database, storageProblem } from '../storage/database';
import type { StoredResult, StoredSession } from './stored';
import {
	endLine,
	headerLine,
	isNewer,
	manifestLine,
	parseLine,
	resultLine,
	sessionLine,
	settingsLine,
	storedResult,
	type Line
} from './backup-format';
import { isFull } from './all-or-none';
import {
	BackupSealer,
	MAX_SEALED_HEADER,
	openLine,
	sealedHeader,
	type SealedHeader
} from './backup-seal';
import { knownSessions, readSettings, writeResults, writeSessions } from './backup-store';
import { currentGuard } from './keyring';
import type { TabLocks } from './locks';
import { canSeal, unwrap } from './seal';
import { isSecret } from './secret-settings';
import { listSessions, newId, readResults, readSession, storedManifest, sweep } from './store';

/** What holds on one device only, beside its secrets. */
const OF_THIS_DEVICE = new Set(['backend']);

/** Base64 takes four characters for three. */
const MAX_SEALED_LINE = Math.ceil(1.4 * MAX_BACKUP_LINE);

/** How far it is: sessions written or lines read, of so many or so many bytes. */
export type OnProgress = (done: number, total: number) => void;

/** What came of opening a backup. */
export interface Opened {
	/** Sessions that are new on this device. */
	added: number;
	/** Sessions that were here already, just so. */
	known: number;
}

/**
 * Write all sessions and settings into one file. It is made in parts that the browser may put
 * on the disk, so that it costs no memory. Where sessions are under a passphrase, so is the file.
 * @param withPatients whether it says whose images they are.
 * @throws DOMException where storage cannot be read.
 */
export async function saveBackup(
	withPatients: boolean,
	onProgress: OnProgress = () => undefined
): Promise<Blob> {
	const sessions = await listSessions();
	const parts: Blob[] = [];
	const { lock, writes } = await currentGuard(await database());
	const sealer = lock && writes ? new BackupSealer(writes, lock) : null;
	const put = async (...lines: string[]) => {
		const written = sealer ? await Promise.all(lines.map((line) => sealer.line(line))) : lines;
		parts.push(new Blob(written));
	};
	if (sealer) parts.push(new Blob([sealer.header()]));
	const settings = Object.entries(await readSettings()).filter(
		([name]) => !OF_THIS_DEVICE.has(name) && !isSecret(name)
	);
	await put(headerLine(new Date()), settingsLine(Object.fromEntries(settings)));
	const manifests = new Set<string>();
	let written = 0;
	let results = 0;
	for (const { id } of sessions) {
		const found = await readSession(id);
		// Deleted in another tab meanwhile.
		if (!found) continue;
		const { session, manifest } = found;
		const key = manifest && `${manifest.id} ${manifest.version}`;
		if (manifest && key && !manifests.has(key)) {
			manifests.add(key);
			await put(manifestLine(manifest));
		}
		await put(sessionLine(session));
		for await (const part of readResults(id)) {
			await put(...part.map((result) => resultLine(result, withPatients)));
			results += part.length;
		}
		onProgress(++written, sessions.length);
	}
	await put(endLine(written, results));
	return new Blob(parts, { type: 'application/jsonl' });
}

/** `fieldlens-backup-2026-11-21.jsonl`; of an encrypted one `fieldlens-backup-2026-11-21-encrypted.jsonl`. */
export function backupFileName(now: Date, isEncrypted = false): string {
	const two = (value: number) => String(value).padStart(2, '0');
	const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
	return `fieldlens-backup-${day}${isEncrypted ? '-encrypted' : ''}.jsonl`;
}

/** Whether a file is an encrypted backup, which only its passphrase opens. */
export async function isEncrypted(file: Blob): Promise<boolean> {
	return (await headerOf(file)) !== null;
}

/**
 * Open a backup: every line is checked first, and only when all are in order is anything
 * written. Sessions come in beside those that are here; none is ever replaced. Settings that
 * were made here stay.
 * @param passphrase of an encrypted one.
 */
export async function openBackup(
	file: Blob,
	locks: TabLocks,
	onProgress: OnProgress = () => undefined,
	passphrase = ''
): Promise<Outcome<Opened>> {
	if (file.size > MAX_BACKUP_BYTES) {
		return failed('backup-too-large', { bytes: file.size });
	}
	const source = await sourceOf(file, passphrase);
	if (!source.ok) return source;
	const checked = await check(source.value, (done) => onProgress(done / 2, file.size));
	if (!checked.ok) return checked;
	return locks.inTurn(async () => {
		try {
			return succeeded(
				await take(source.value, checked.value, (done) =>
					onProgress((file.size + done) / 2, file.size)
				)
			);
		} catch (error) {
			// Rows without a session: nobody saw them.
			await sweep('').catch(() => undefined);
			return isFull(error)
				? failed('backup-no-room')
				: { ok: false, problem: storageProblem(error) };
		}
	});
}

/** What the first reading of a backup found. */
interface Contents {
	settings: Record<string, string>;
	manifests: Map<string, Manifest>;
}

/** Read the whole file and hold every line against the format, and lines against each other. */
async function check(source: Source, onRead: (bytes: number) => void): Promise<Outcome<Contents>> {
	const contents: Contents = { settings: {}, manifests: new Map() };
	const ids = new Set<string>();
	let number = 0;
	let results = 0;
	let ended = false;
	/** Of the session whose rows come now. */
	let next = 0;
	const isInOrder = (line: Line): boolean => {
		if (ended || (number === 1) !== (line.kind === 'header')) return false;
		switch (line.kind) {
			case 'header':
				return true;
			case 'settings':
				contents.settings = line.values;
				return number === 2;
			case 'manifest': {
				const { id, version } = line.manifest;
				contents.manifests.set(`${id} ${version}`, line.manifest);
				return contents.manifests.size <= MAX_BACKUP_SESSIONS;
			}
			case 'session': {
				const { model } = line;
				const manifest = model && contents.manifests.get(`${model.id} ${model.version}`);
				if (ids.has(line.id) || ids.size >= MAX_BACKUP_SESSIONS) return false;
				if (model && !manifest) return false;
				if (manifest && line.task !== manifest.task) return false;
				ids.add(line.id);
				next = 0;
				return true;
			}
			case 'result':
				results++;
				// In order and without gaps, as they are written; a map must fit its grid.
				if (ids.size === 0 || line.index !== next++ || next > MAX_FILES) return false;
				if ((line.status === 'done') !== (line.probability !== null)) return false;
				return line.map === null || line.map.length === MAP_CELLS * MAP_CELLS;
			case 'end':
				ended = true;
				return line.sessions === ids.size && line.results === results;
		}
	};
	try {
		for await (const json of plainLines(source, onRead)) {
			number++;
			const line = json === null ? null : parseLine(json);
			if (line && isInOrder(line)) continue;
			if (number === 1 && json !== null && isNewer(json)) return failed('backup-newer');
			return failed('backup-unreadable', { line: number });
		}
	} catch {
		return failed('backup-unreadable', { line: number + 1 });
	}
	if (ended) return succeeded(contents);
	return number === 0
		? failed('backup-unreadable', { line: 1 })
		: { ok: false, problem: problem('backup-cut-off') };
}

/** Write a checked backup: rows first, the list of sessions last and at once. */
async function take(
	source: Source,
	{ settings, manifests }: Contents,
	onRead: (bytes: number) => void
): Promise<Opened> {
	const here = await knownSessions();
	const sessions: StoredSession[] = [];
	let known = 0;
	let id: string | null = null;
	let group: StoredResult[] = [];
	for await (const json of plainLines(source, onRead)) {
		const line = json === null ? null : parseLine(json);
		// It was in order a moment ago: the file changed under the reader.
		if (!line) throw new DOMException('The backup changed while it was read.', 'DataError');
		if (line.kind === 'session') {
			const { kind, ...session } = line;
			void kind;
			if (here.get(session.id) === session.changedAt) {
				known++;
				id = null;
				continue;
			}
			// Another state of a session that is here comes in as one of its own.
			id = here.has(session.id) ? newId() : session.id;
			sessions.push({ ...session, id, deletedAt: null });
		} else if (line.kind === 'result' && id !== null) {
			group.push(storedResult(line, id));
			if (group.length < OPEN_GROUP) continue;
			await writeResults(group);
			group = [];
		}
	}
	await writeResults(group);
	await writeSessions(sessions, [...manifests.values()].map(storedManifest), settings);
	return { added: sessions.length, known };
}

/** A file, and what opens its lines; null where they are plain. */
interface Source {
	readonly file: Blob;
	readonly sealed: { readonly id: string; readonly key: CryptoKey } | null;
}

async function headerOf(file: Blob): Promise<SealedHeader | null> {
	const [first] = (await file.slice(0, MAX_SEALED_HEADER).text()).split('\n', 1);
	return sealedHeader(first);
}

async function sourceOf(file: Blob, passphrase: string): Promise<Outcome<Source>> {
	const header = await headerOf(file).catch(() => null);
	if (!header) return succeeded({ file, sealed: null });
	if (!canSeal()) return failed('backup-encrypted');
	const key = await unwrap(header, passphrase);
	return key ? succeeded({ file, sealed: { id: header.id, key } }) : failed('passphrase-wrong');
}

/** The lines as they were before they were sealed. */
async function* plainLines(
	{ file, sealed }: Source,
	onRead: (bytes: number) => void
): AsyncGenerator<string | null> {
	let place = -1;
	for await (const line of linesOf(file, onRead, sealed ? MAX_SEALED_LINE : MAX_BACKUP_LINE)) {
		if (!sealed) yield line;
		// The first line is the header.
		else if (++place > 0) yield line && (await openLine(sealed.key, sealed.id, place, line));
	}
}

/**
 * The lines of a file as they are read; null for one that is longer than any can be, which is
 * not held. Text that is no UTF-8 throws.
 */
async function* linesOf(
	file: Blob,
	onRead: (bytes: number) => void,
	longest: number
): AsyncGenerator<string | null> {
	const decoder = new TextDecoder('utf-8', { fatal: true });
	const reader = file.stream().getReader();
	let rest = '';
	let read = 0;
	try {
		for (;;) {
			const { done, value } = await reader.read();
			rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
			const lines = rest.split('\n');
			rest = lines.pop() ?? '';
			for (const line of lines) yield line.length > longest ? null : line;
			if (rest.length > longest) yield null;
			if (done) break;
			onRead((read += value.byteLength));
		}
		// Every line has its end; what is left was cut off, and `check` misses the last one.
		if (rest !== '' && parseLine(rest) !== null) yield rest;
	} finally {
		await reader.cancel().catch(() => undefined);
	}
}
