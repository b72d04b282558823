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
import { storageProblem } from '../storage/database';
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
import { knownSessions, readSettings, writeResults, writeSessions } from './backup-store';
import type { TabLocks } from './locks';
import { listSessions, newId, readResults, readSession, storedManifest, sweep } from './store';

/** What holds on one device only. */
const OF_THIS_DEVICE = new Set(['backend', 'patient secret']);

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
 * on the disk, so that it costs no memory.
 * @param withPatients whether it says whose images they are.
 * @throws DOMException where storage cannot be read.
 */
export async function saveBackup(
	withPatients: boolean,
	onProgress: OnProgress = () => undefined
): Promise<Blob> {
	const sessions = await listSessions();
	const parts: Blob[] = [];
	const put = (...lines: string[]) => parts.push(new Blob(lines));
	const settings = Object.entries(await readSettings());
	put(
		headerLine(new Date()),
		settingsLine(Object.fromEntries(settings.filter(([name]) => !OF_THIS_DEVICE.has(name))))
	);
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
			put(manifestLine(manifest));
		}
		put(sessionLine(session));
		for await (const part of readResults(id)) {
			put(...part.map((result) => resultLine(result, withPatients)));
			results += part.length;
		}
		onProgress(++written, sessions.length);
	}
	put(endLine(written, results));
	return new Blob(parts, { type: 'application/jsonl' });
}

/** `fieldlens-backup-2026-11-21.jsonl` */
export function backupFileName(now: Date): string {
	const two = (value: number) => String(value).padStart(2, '0');
	const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
	return `fieldlens-backup-${day}.jsonl`;
}

/**
 * Open a backup: every line is checked first, and only when all are in order is anything
 * written. Sessions come in beside those that are here; none is ever replaced. Settings that
 * were made here stay.
 */
export async function openBackup(
	file: Blob,
	locks: TabLocks,
	onProgress: OnProgress = () => undefined
): Promise<Outcome<Opened>> {
	if (file.size > MAX_BACKUP_BYTES) {
		return failed('backup-too-large', { bytes: file.size });
	}
	const checked = await check(file, (done) => onProgress(done / 2, file.size));
	if (!checked.ok) return checked;
	return locks.inTurn(async () => {
		try {
			return succeeded(
				await take(file, checked.value, (done) => onProgress((file.size + done) / 2, file.size))
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
async function check(file: Blob, onRead: (bytes: number) => void): Promise<Outcome<Contents>> {
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
		for await (const json of linesOf(file, onRead)) {
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
	file: Blob,
	{ settings, manifests }: Contents,
	onRead: (bytes: number) => void
): Promise<Opened> {
	const here = await knownSessions();
	const sessions: StoredSession[] = [];
	let known = 0;
	let id: string | null = null;
	let group: StoredResult[] = [];
	for await (const json of linesOf(file, onRead)) {
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

/**
 * The lines of a file as they are read; null for one that is longer than any can be, which is
 * not held. Text that is no UTF-8 throws.
 */
async function* linesOf(
	file: Blob,
	onRead: (bytes: number) => void
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
			for (const line of lines) yield line.length > MAX_BACKUP_LINE ? null : line;
			if (rest.length > MAX_BACKUP_LINE) yield null;
			if (done) break;
			onRead((read += value.byteLength));
		}
		// The last line ends like the others; what is left was cut off, and `check` misses its end.
		if (rest !== '' && parseLine(rest) === null) return;
		if (rest !== '') yield rest;
	} finally {
		await reader.cancel().catch(() => undefined);
	}
}
