/** What a problem says, and what to do about it, in the language of the pages. */
import { OLDEST } from '../base/oldest-browsers';
import { m } from '../paraglide/messages.js';
import { detailsOf, type Details, type Outside, type Problem, type ProblemCode } from './problems';
import {
	apart,
	backendName,
	codingWords,
	diskFull,
	NO_IMAGE,
	noColumns,
	sizeText,
	tooLarge
} from './detail-messages';
import { listText, numberText, roughText } from '../i18n/format';

/** What the words of a problem ask of the tasks, whose room stands above this one. */
export interface TaskSentences {
	notRecognised(task: string): string;
	/** Reasons in words that follow a colon. */
	outside(task: string, reasons: readonly Outside[]): string;
}

let ofTasks: TaskSentences = {
	notRecognised: () => m.problems_not_recognised(),
	outside: (_, reasons) =>
		listText(
			reasons.map((reason) =>
				reason.what === 'age' ? numberText(reason.years) : apart(reason.value)
			)
		)
};

/** The tasks give their sentences when they are loaded; until then a plain one stands for them. */
export function speakOfTasks(sentences: TaskSentences): void {
	ofTasks = sentences;
}

type Words = {
	[C in ProblemCode]: readonly [(details: Details[C]) => string, () => string];
};

/** What happened, and what to do: one sentence each. */
const WORDS: Words = {
	'empty-file': [m.problems_empty_file, m.problems_empty_file_advice],
	'empty-image': [m.problems_empty_image, m.problems_empty_image_advice],
	'system-file': [m.problems_system_file, m.problems_system_file_advice],
	'not-an-image': [m.problems_not_an_image, m.problems_not_an_image_advice],
	'no-image-inside': [m.problems_no_image_inside, m.problems_no_image_inside_advice],
	'format-not-read': [
		(d) => m.problems_format_not_read({ format: d.format }),
		m.problems_format_not_read_advice
	],
	'archive-not-read': [
		(d) => m.problems_archive_not_read({ format: d.format }),
		m.problems_archive_not_read_advice
	],
	'no-colours': [m.problems_no_colours, m.problems_no_colours_advice],
	'heic-not-read': [m.problems_heic_not_read, m.problems_heic_not_read_advice],
	'truncated-image': [m.problems_truncated_image, m.problems_truncated_image_advice],
	'damaged-image': [m.problems_damaged_image, m.problems_damaged_image_advice],
	'image-too-large': [(d) => tooLarge(d.size), m.problems_image_too_large_advice],
	'file-absent': [m.problems_file_absent, m.problems_file_absent_advice],
	'file-gone': [m.problems_file_gone, m.problems_file_gone_advice],
	'image-not-finished': [m.problems_image_not_finished, m.problems_image_not_finished_advice],
	'image-not-opened': [m.problems_image_not_opened, m.problems_image_not_opened_advice],
	'not-recognised': [({ task }) => ofTasks.notRecognised(task), m.problems_not_recognised_advice],
	'outside-use': [
		({ task, reasons }) => m.problems_outside_use({ reasons: ofTasks.outside(task, reasons) }),
		m.problems_outside_use_advice
	],
	'coding-not-read': [
		(d) => m.problems_coding_not_read({ coding: codingWords(d.coding) }),
		m.problems_coding_not_read_advice
	],
	'dicom-directory': [m.problems_dicom_directory, m.problems_dicom_directory_advice],
	'dicom-no-image': [({ what }) => NO_IMAGE[what](), m.problems_dicom_no_image_advice],
	'dicom-encrypted': [m.problems_dicom_encrypted, m.problems_dicom_encrypted_advice],
	'archive-encrypted': [m.problems_archive_encrypted, m.problems_archive_encrypted_advice],
	'archive-cut-off': [m.problems_archive_cut_off, m.problems_archive_cut_off_advice],
	'archive-damaged': [m.problems_archive_damaged, m.problems_archive_damaged_advice],
	'archive-method': [
		(d) => m.problems_archive_method({ name: apart(d.name) }),
		m.problems_archive_method_advice
	],
	'archive-nested': [m.problems_archive_nested, m.problems_archive_nested_advice],
	'archive-too-large': [
		(d) => m.problems_archive_too_large({ size: sizeText(d.bytes) }),
		m.problems_archive_too_large_advice
	],
	'pdf-encrypted': [m.problems_pdf_encrypted, m.problems_pdf_encrypted_advice],
	'pdf-damaged': [m.problems_pdf_damaged, m.problems_pdf_damaged_advice],
	'pdf-no-picture': [m.problems_pdf_no_picture, m.problems_pdf_no_picture_advice],
	'pdf-several-pictures': [m.problems_pdf_several_pictures, m.problems_pdf_several_pictures_advice],
	'model-not-offered': [
		(d) => m.problems_model_not_offered({ id: apart(d.id) }),
		m.problems_model_not_offered_advice
	],
	'model-manifest-newer': [m.problems_model_manifest_newer, m.problems_model_manifest_newer_advice],
	'model-manifest-invalid': [
		(d) => m.problems_model_manifest_invalid({ detail: apart(d.detail) }),
		m.problems_model_manifest_invalid_advice
	],
	'model-offline': [
		(d) => m.problems_model_offline({ host: apart(d.host) }),
		m.problems_model_offline_advice
	],
	'model-server': [
		(d) => m.problems_model_server({ status: String(d.status) }),
		m.problems_model_server_advice
	],
	'model-damaged': [
		(d) => m.problems_model_damaged({ file: apart(d.file) }),
		m.problems_model_damaged_advice
	],
	'model-file-missing': [
		(d) => m.problems_model_file_missing({ file: apart(d.file) }),
		m.problems_model_file_missing_advice
	],
	'model-file-damaged': [
		(d) => m.problems_model_file_damaged({ file: apart(d.file) }),
		m.problems_model_file_damaged_advice
	],
	'model-file-invalid': [
		(d) => m.problems_model_file_invalid({ detail: apart(d.detail) }),
		m.problems_model_file_invalid_advice
	],
	'model-foreign': [
		(d) => m.problems_model_foreign({ detail: apart(d.detail) }),
		m.problems_model_foreign_advice
	],
	'model-parts-lost': [m.problems_model_parts_lost, m.problems_model_parts_lost_advice],
	'disk-full': [(d) => diskFull(d), m.problems_disk_full_advice],
	'storage-refused': [
		(d) => m.problems_storage_refused({ detail: apart(d.detail) }),
		m.problems_storage_refused_advice
	],
	'not-secure': [m.problems_not_secure, m.problems_not_secure_advice],
	'no-webassembly': [m.problems_no_webassembly, m.problems_no_webassembly_advice],
	'no-workers': [m.problems_no_workers, m.problems_no_workers_advice],
	'browser-old': [() => m.problems_browser_old(OLDEST), m.problems_browser_old_advice],
	'no-simd': [m.problems_no_simd, m.problems_no_simd_advice],
	'little-memory': [m.problems_little_memory, m.problems_little_memory_advice],
	'storage-newer': [m.problems_storage_newer, m.problems_storage_newer_advice],
	'backend-absent': [
		(d) => m.problems_backend_absent({ backend: backendName(d.backend) }),
		m.problems_backend_absent_advice
	],
	'backend-not-for-model': [
		(d) => m.problems_backend_not_for_model({ backend: backendName(d.backend) }),
		m.problems_backend_not_for_model_advice
	],
	'backend-software': [
		(d) => m.problems_backend_software({ backend: backendName(d.backend) }),
		m.problems_backend_software_advice
	],
	'backend-wrong': [
		(d) =>
			m.problems_backend_wrong({
				backend: backendName(d.backend),
				difference: roughText(d.difference)
			}),
		m.problems_backend_wrong_advice
	],
	'backend-failed': [
		(d) => m.problems_backend_failed({ backend: backendName(d.backend), detail: apart(d.detail) }),
		m.problems_backend_failed_advice
	],
	'no-engine': [
		(d) => m.problems_no_engine({ reasons: trialWords(d.trials) }),
		m.problems_no_engine_advice
	],
	'reading-stopped': [
		({ count }) => m.problems_reading_stopped({ count, shown: numberText(count) }),
		m.problems_reading_stopped_advice
	],
	'nothing-added': [m.problems_nothing_added, m.problems_nothing_added_advice],
	'too-many-files': [
		({ count }) => m.problems_too_many_files({ count, shown: numberText(count) }),
		m.problems_too_many_files_advice
	],
	'folder-unreadable': [
		(d) => m.problems_folder_unreadable({ path: apart(d.path) }),
		m.problems_folder_unreadable_advice
	],
	'share-cut': [
		({ count, bytes }) => m.problems_share_cut({ shown: numberText(count), size: sizeText(bytes) }),
		m.problems_share_cut_advice
	],
	'share-nothing': [m.problems_share_nothing, m.problems_share_nothing_advice],
	'share-failed': [m.problems_share_failed, m.problems_share_failed_advice],
	'files-changed': [
		({ count }) => m.problems_files_changed({ count, shown: numberText(count) }),
		m.problems_files_changed_advice
	],
	'sessions-disk-full': [m.problems_sessions_disk_full, m.problems_sessions_disk_full_advice],
	'sessions-not-kept': [
		(d) => m.problems_sessions_not_kept({ detail: apart(d.detail) }),
		m.problems_sessions_not_kept_advice
	],
	'session-lost': [m.problems_session_lost, m.problems_session_lost_advice],
	'result-lost': [m.problems_result_lost, m.problems_result_lost_advice],
	'session-in-use': [
		(d) => m.problems_session_in_use({ name: apart(d.name) }),
		m.problems_session_in_use_advice
	],
	'list-elsewhere': [m.problems_list_elsewhere, m.problems_list_elsewhere_advice],
	'session-model-gone': [
		(d) => m.problems_session_model_gone({ version: apart(d.version) }),
		m.problems_session_model_gone_advice
	],
	'folder-refused': [m.problems_folder_refused, m.problems_folder_refused_advice],
	'backup-unreadable': [
		(d) => m.problems_backup_unreadable({ line: numberText(d.line) }),
		m.problems_backup_unreadable_advice
	],
	'backup-cut-off': [m.problems_backup_cut_off, m.problems_backup_cut_off_advice],
	'backup-newer': [m.problems_backup_newer, m.problems_backup_newer_advice],
	'backup-too-large': [
		(d) => m.problems_backup_too_large({ size: sizeText(d.bytes) }),
		m.problems_backup_too_large_advice
	],
	'backup-no-room': [m.problems_backup_no_room, m.problems_backup_no_room_advice],
	'nothing-copied': [m.problems_nothing_copied, m.problems_nothing_copied_advice],
	'paste-refused': [m.problems_paste_refused, m.problems_paste_refused_advice],
	'backup-encrypted': [m.problems_backup_encrypted, m.problems_backup_encrypted_advice],
	'storage-locked': [m.problems_storage_locked, m.problems_storage_locked_advice],
	'passphrase-wrong': [m.problems_passphrase_wrong, m.problems_passphrase_wrong_advice],
	'passphrase-elsewhere': [m.problems_passphrase_elsewhere, m.problems_passphrase_elsewhere_advice],
	'passphrase-failed': [
		(d) => m.problems_passphrase_failed({ detail: apart(d.detail) }),
		m.problems_passphrase_failed_advice
	],
	'passphrase-unfinished': [
		(d) => m.problems_passphrase_unfinished({ detail: apart(d.detail) }),
		m.problems_passphrase_unfinished_advice
	],
	'labels-too-large': [
		(d) => m.problems_labels_too_large({ size: sizeText(d.bytes) }),
		m.problems_labels_too_large_advice
	],
	'labels-no-columns': [(d) => noColumns(d.found), m.problems_labels_no_columns_advice],
	'labels-empty': [m.problems_labels_empty, m.problems_labels_empty_advice],
	'labels-damaged': [
		(d) => m.problems_labels_damaged({ line: numberText(d.line) }),
		m.problems_labels_damaged_advice
	],
	'study-failed': [
		(d) => m.problems_study_failed({ detail: apart(d.detail) }),
		m.problems_study_failed_advice
	],
	'point-invalid': [
		(d) => m.problems_point_invalid({ detail: apart(d.detail) }),
		m.problems_point_invalid_advice
	],
	'point-newer': [m.problems_point_newer, m.problems_point_newer_advice],
	'point-other-model': [
		(d) => m.problems_point_other_model({ model: apart(d.model) }),
		m.problems_point_other_model_advice
	],
	'point-other-version': [
		(d) =>
			m.problems_point_other_version({
				name: apart(d.name),
				made: apart(d.made),
				version: apart(d.version)
			}),
		m.problems_point_other_version_advice
	],
	'point-gone': [m.problems_point_gone, m.problems_point_gone_advice],
	'point-not-kept': [m.problems_point_not_kept, m.problems_point_not_kept_advice]
};

/** What happened, one sentence. */
export function sentenceOf({ code, details }: Problem): string {
	return sayWith(code, details) ?? m.problems_other({ code });
}

/** What to do about it, one sentence. */
export function adviceOf({ code }: Problem): string {
	return Object.hasOwn(WORDS, code) ? WORDS[code][1]() : m.problems_other_advice();
}

/** Null where the details do not fit: another program wrote them. */
function sayWith<C extends ProblemCode>(code: C, given: unknown): string | null {
	const details = detailsOf(code, given);
	return details && WORDS[code][0](details);
}

/** What came of every backend, one sentence after the other. */
function trialWords(trials: Details['no-engine']['trials']): string {
	return trials.map((trial) => sentenceOf(trial as Problem)).join(' ');
}
