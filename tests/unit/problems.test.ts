import { describe, expect, it } from 'vitest';
import { detailOf, failed, problem, succeeded, type ProblemCode } from '../../src/lib/problems';

/** Every problem with what its sentences need to know; TypeScript sees to it that none is missing. */
const DETAILS: Record<ProblemCode, Record<string, string | number>> = {
	'empty-file': {},
	'empty-image': {},
	'system-file': {},
	'not-an-image': {},
	'format-not-read': { format: 'GIF' },
	'heic-not-read': {},
	'truncated-image': {},
	'damaged-image': {},
	'image-too-large': { size: '300 MB' },
	'file-gone': {},
	'image-not-finished': {},
	'image-not-opened': {},
	'not-recognised': { image: 'chest X-ray' },
	'outside-use': { reasons: 'an adult (34 years)' },
	'coding-not-read': { detail: 'a film in MPEG' },
	'dicom-directory': {},
	'dicom-no-image': { what: 'a report' },
	'dicom-encrypted': {},
	'archive-encrypted': {},
	'archive-damaged': {},
	'archive-nested': {},
	'archive-too-large': { size: '900 MB' },
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
	'disk-full': { needed: '22 MB', left: ', 3 MB are left' },
	'storage-refused': { detail: 'SecurityError' },
	'backend-absent': { backend: 'WebGPU' },
	'backend-not-for-model': { backend: 'WebGL' },
	'backend-software': { backend: 'WebGL' },
	'backend-wrong': { backend: 'WebGL', difference: 0.7 },
	'backend-failed': { backend: 'WebGL', detail: 'no context' },
	'not-secure': {},
	'reading-stopped': { count: 8 },
	'no-engine': { detail: 'WebGL is not there.' },
	'nothing-added': {},
	'too-many-files': { count: 100_000 },
	'folder-unreadable': { path: 'ward/night' },
	'storage-newer': {},
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
	'backup-too-large': { size: '3000 MB' },
	'backup-no-room': {},
	'labels-too-large': { size: '90 MB' },
	'labels-no-columns': { found: 'a, b' },
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

describe.each(CODES)('the problem %s', (code) => {
	const { sentence, advice } = problem(code, DETAILS[code]);

	it('says what happened and what to do, in whole sentences', () => {
		for (const text of [sentence, advice]) {
			expect(text).toMatch(/^[A-Z]\S* .*[^.]\.$/s);
			expect(text).not.toMatch(/[{}]| {2}|undefined|null|NaN|\(\)/);
		}
	});

	it('says every detail that it is given, and asks for no other', () => {
		const asked = new Set<string>();
		const watched = new Proxy(DETAILS[code], {
			get: (details, name: string) => {
				asked.add(name);
				return details[name];
			}
		});
		problem(code, watched);
		expect([...asked].sort()).toEqual(Object.keys(DETAILS[code]).sort());
		for (const detail of Object.values(DETAILS[code])) {
			expect(sentence + advice).toContain(String(detail));
		}
	});

	it('keeps its code, for programs', () => {
		expect(failed(code, DETAILS[code])).toEqual({ ok: false, problem: { code, sentence, advice } });
	});
});

describe('problems', () => {
	it('are told apart by what they say', () => {
		const texts = CODES.map((code) => problem(code, DETAILS[code]).sentence);
		expect(new Set(texts).size).toBe(CODES.length);
	});

	it('do not break where a detail is missing or looks like a placeholder', () => {
		expect(problem('model-server').sentence).not.toMatch(/[{}]|undefined/);
		expect(problem('folder-unreadable', { path: '{path} $& $1' }).sentence).toContain(
			'{path} $& $1'
		);
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
