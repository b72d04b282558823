import { describe, expect, it } from 'vitest';
import { inEnglish } from '../../../src/lib/i18n/in-english';
import { adviceOf, sentenceOf } from '../../../src/lib/problems/messages';
import '../../../src/lib/tasks';
import { overwriteGetLocale, getLocale } from '../../../src/lib/paraglide/runtime.js';
import {
	detailOf,
	detailsOf,
	problem,
	succeeded,
	type Details,
	type Problem,
	type ProblemCode
} from '../../../src/lib/problems/problems';
import { parseLine, resultLine } from '../../../src/lib/sessions/backup-format';
import { storedResult } from '../helpers/stored';

/** Every problem with what its sentences need to know; TypeScript sees to it that none is missing. */
const DETAILS: Details = {
	'empty-file': {},
	'empty-image': {},
	'system-file': {},
	'not-an-image': {},
	'no-image-inside': {},
	'format-not-read': { format: 'GIF' },
	'archive-not-read': { format: '7-Zip' },
	'no-colours': {},
	'heic-not-read': {},
	'truncated-image': {},
	'damaged-image': {},
	'image-too-large': { size: { bytes: 300e6 } },
	'file-absent': {},
	'file-gone': {},
	'image-not-finished': {},
	'image-not-opened': {},
	'not-recognised': { task: 'chest-xray-pneumonia' },
	'outside-use': { task: 'chest-xray-pneumonia', reasons: [{ what: 'age', years: 34 }] },
	'coding-not-read': { coding: { kind: 'video' } },
	'dicom-directory': {},
	'dicom-no-image': { what: 'report' },
	'dicom-encrypted': {},
	'archive-encrypted': {},
	'archive-cut-off': {},
	'archive-damaged': {},
	'archive-method': { name: 'BZIP2' },
	'archive-nested': {},
	'archive-too-large': { bytes: 900e6 },
	'pdf-encrypted': {},
	'pdf-damaged': {},
	'pdf-no-picture': {},
	'pdf-several-pictures': {},
	'model-not-offered': { id: 'a-model' },
	'model-manifest-newer': {},
	'model-manifest-invalid': { detail: 'id: is missing' },
	'model-offline': { host: 'example.org' },
	'model-server': { status: 404 },
	'model-damaged': { file: 'shard-1.bin' },
	'model-file-missing': { file: 'shard-1.bin' },
	'model-file-damaged': { file: 'shard-1.bin' },
	'model-file-invalid': { detail: 'totalBytes: is 6' },
	'model-foreign': { detail: 'a name is there twice' },
	'model-parts-lost': {},
	'disk-full': { needed: 22e6, left: 3e6 },
	'storage-refused': { detail: 'SecurityError' },
	'backend-absent': { backend: 'webgpu' },
	'backend-not-for-model': { backend: 'int8' },
	'backend-software': { backend: 'webgl' },
	'backend-wrong': { backend: 'webgl', difference: 0.7 },
	'backend-failed': { backend: 'webgl', detail: 'no context' },
	'not-secure': {},
	'no-webassembly': {},
	'no-workers': {},
	'browser-old': {},
	'no-simd': {},
	'little-memory': {},
	'reading-stopped': { count: 8 },
	'no-engine': { trials: [{ code: 'backend-absent', details: { backend: 'webgl' } }] },
	'nothing-added': {},
	'too-many-files': { count: 100_000 },
	'folder-unreadable': { path: 'ward/night' },
	'storage-locked': {},
	'passphrase-wrong': {},
	'passphrase-elsewhere': {},
	'passphrase-failed': { detail: 'quota' },
	'passphrase-unfinished': { detail: 'quota' },
	'storage-newer': {},
	'share-cut': { count: 500, bytes: 1024 ** 3 },
	'share-nothing': {},
	'share-failed': {},
	'files-changed': { count: 3 },
	'sessions-disk-full': {},
	'sessions-not-kept': { detail: 'InvalidStateError' },
	'session-lost': {},
	'result-lost': {},
	'session-in-use': { name: 'ward/night' },
	'list-elsewhere': {},
	'session-model-gone': { version: '1.2.3' },
	'folder-refused': {},
	'backup-unreadable': { line: 17 },
	'backup-cut-off': {},
	'backup-newer': {},
	'backup-too-large': { bytes: 3e9 },
	'backup-no-room': {},
	'backup-encrypted': {},
	'nothing-copied': {},
	'paste-refused': {},
	'labels-too-large': { bytes: 90e6 },
	'labels-no-columns': { found: ['a', 'b'] },
	'labels-empty': {},
	'labels-damaged': { line: 3 },
	'study-failed': { detail: 'the worker stopped' },
	'point-invalid': { detail: 'threshold: is missing' },
	'point-newer': {},
	'point-other-model': { model: 'a-model' },
	'point-other-version': { name: 'Ward 3', made: '1.0.0', version: '1.1.0' },
	'point-gone': {},
	'point-not-kept': {}
};
const CODES = Object.keys(DETAILS) as ProblemCode[];

const exampleOf = (code: ProblemCode): Problem => ({ code, details: DETAILS[code] });

describe.each(CODES)('the problem %s', (code) => {
	const example = exampleOf(code);

	it('says what happened and what to do, in whole sentences', () => {
		for (const text of [sentenceOf(example), adviceOf(example)]) {
			expect(text).toMatch(/^[A-Z]\S* .*[^.]\.$/s);
			expect(text).not.toMatch(/[{}]| {2}|undefined|null|NaN|\(\)|problems_/);
		}
	});

	it('says every detail that is a text', () => {
		const said = sentenceOf(example) + adviceOf(example);
		for (const name of ['detail', 'path', 'file', 'host', 'name', 'version', 'model', 'id']) {
			const detail = (DETAILS[code] as Record<string, unknown>)[name];
			if (detail !== undefined) expect(said).toContain(detail);
		}
	});

	it('comes whole through storage and backups', () => {
		expect(detailsOf(code, structuredClone(DETAILS[code]))).toEqual(DETAILS[code]);
		const line = resultLine(storedResult('session1', 0, { problem: example }), false);
		expect(parseLine(line)).toMatchObject({ problem: example });
	});
});

describe('problems', () => {
	it('are told apart by what they say', () => {
		const texts = CODES.map((code) => sentenceOf(exampleOf(code)));
		expect(new Set(texts).size).toBe(CODES.length);
	});

	it('do not break where a detail is missing, of another kind or looks like a place', () => {
		expect(sentenceOf({ code: 'model-server' })).toBe('This did not work (model-server).');
		expect(detailsOf('model-server', { status: '404' })).toBeNull();
		expect(detailsOf('image-too-large', { size: { bytes: 1, more: 'x' } })).toBeNull();
		expect(sentenceOf(problem('folder-unreadable', { path: '{path} $& $1' }))).toContain(
			'{path} $& $1'
		);
	});

	it('are English in files, whatever the language of the pages', () => {
		const before = getLocale;
		overwriteGetLocale(() => 'ar');
		try {
			const missing = problem('folder-unreadable', { path: 'ward' });
			expect(sentenceOf(missing)).toContain('\u2068ward\u2069');
			expect(inEnglish(() => sentenceOf(missing))).toBe('The folder ward could not be opened.');
			expect(getLocale()).toBe('ar');
		} finally {
			overwriteGetLocale(before);
		}
	});

	it('are values beside the values that went well', () => {
		expect(succeeded(7)).toEqual({ ok: true, value: 7 });
	});
});

describe('the detail of something thrown', () => {
	it('is its message, else its name, else what it says', () => {
		expect(detailOf(new Error('no memory'))).toBe('no memory');
		expect(detailOf(new TypeError())).toBe('TypeError');
		expect(detailOf(new DOMException('', 'QuotaExceededError'))).toBe('QuotaExceededError');
		expect(detailOf('text')).toBe('text');
		expect(detailOf(undefined)).toBe('undefined');
	});
});
