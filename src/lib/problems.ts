/**
 * Every error that a user can meet: a code for programs, a sentence that says what
 * happened, and what to do. Thrown exceptions are bugs; these are values.
 */

export interface Problem {
	code: ProblemCode;
	/** What happened, one sentence. */
	sentence: string;
	/** What to do about it, one sentence. */
	advice: string;
}

/** A value, or the problem that stands in its place. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; problem: Problem };

const LIST = {
	// One file
	'empty-file': ['The file is empty.', 'Copy it again from where it came from.'],
	'empty-image': [
		'The file is empty, or it was moved, renamed or unplugged.',
		'Put it back (or plug the stick in again), or copy it again, and add it again.'
	],
	'system-file': ['This file belongs to the computer, it is not an image.', 'Nothing to do.'],
	'not-an-image': ['This is not an image file.', 'Nothing to do, unless it should be one.'],
	'format-not-read': [
		'Fieldlens does not read {format} files yet.',
		'Save or export the image as JPEG or PNG and add it again.'
	],
	'heic-not-read': [
		'This is a HEIC photograph, which this browser does not read.',
		'On the phone choose Settings, Camera, Formats, Most Compatible, or save the photograph as JPEG.'
	],
	'truncated-image': [
		'The end of the image is missing.',
		'Copy it again from where it came from: the copy was cut off.'
	],
	'damaged-image': [
		'The image is damaged and cannot be opened.',
		'Copy it again from where it came from.'
	],
	'image-too-large': [
		'The image is larger than this program opens ({size}).',
		'Save a smaller copy, 4,000 pixels wide or less, and add that.'
	],
	'file-gone': [
		'The file could not be opened: it was moved, renamed or unplugged.',
		'Put it back (or plug the stick in again) and add it again.'
	],
	'image-not-finished': [
		'The computer gave up on this image twice.',
		'Close other programs and add it again; if it fails again, look at it yourself.'
	],
	'image-not-opened': [
		'The computer did not manage to open this image.',
		'Close other programs and try it again; if it fails again, look at it yourself.'
	],
	'not-recognised': [
		'Not recognised as a {image}: check the file.',
		'It is unlike the images that the model knows, so its score means nothing. Look at it yourself.'
	],
	'outside-use': [
		'Outside what the model was made for: {reasons}.',
		'Look at it yourself. Where the file is mistaken, open it here and choose “Read it anyway”.'
	],
	'coding-not-read': [
		'The picture in this file is stored in a way that Fieldlens does not read ({detail}).',
		'Export it again without compression, or as PNG or JPEG, and add that.'
	],
	'dicom-directory': [
		'This file only lists the others of its disc (DICOMDIR).',
		'Nothing to do: the images are read by themselves.'
	],
	'dicom-no-image': [
		'This DICOM file holds no image but {what}.',
		'Nothing to do, unless it should be an image: then export it again.'
	],
	'dicom-encrypted': [
		'This DICOM file is encrypted.',
		'Export it again from where it came from, without a password.'
	],
	'archive-encrypted': [
		'The archive is locked with a password.',
		'Unpack it with the password and add the folder.'
	],
	'archive-damaged': [
		'The archive is damaged and cannot be unpacked.',
		'Copy it again from where it came from, or unpack it and add the folder.'
	],
	'archive-nested': [
		'This is an archive inside an archive, which is not opened.',
		'Unpack both and add the folder.'
	],
	'archive-too-large': [
		'The file in the archive unpacks to more than this program opens ({size}).',
		'Unpack the archive and look at the file before you add it.'
	],
	// A model
	'model-not-offered': ['There is no model named {id}.', 'Choose one on the Models page.'],
	'model-manifest-newer': [
		'This model was made for a newer Fieldlens.',
		'Connect to the network and reload the page to update Fieldlens.'
	],
	'model-manifest-invalid': [
		'The description of this model is not in order ({detail}).',
		'Reload the page with a network; if it stays, tell who gave you Fieldlens.'
	],
	'model-offline': [
		'The model could not be fetched: there is no connection to {host}.',
		'Connect to the network; the download goes on where it stopped.'
	],
	'model-server': [
		'The server did not give a part of the model (answer {status}).',
		'Try again later; what was fetched is kept.'
	],
	'model-damaged': [
		'A part of the model ({file}) arrived damaged three times.',
		'Try again on another connection; the other parts are kept.'
	],
	'model-file-missing': [
		'The model cannot be stored: its file {file} is missing or cannot be opened.',
		'Copy the whole folder of the model again, or the one file that holds it, and add it again.'
	],
	'model-file-damaged': [
		'The model cannot be stored: its file {file} is not as it was made.',
		'Copy it again from where it came from; what was stored before is still there.'
	],
	'model-file-invalid': [
		'The model cannot be stored: its description is not in order ({detail}).',
		'Ask who gave it to you for another copy.'
	],
	'model-foreign': [
		'This model is not one that Fieldlens can run safely ({detail}).',
		'Remove it, and get the model again from who gave you Fieldlens.'
	],
	'model-parts-lost': [
		'Part of the stored model is missing or was changed on this device.',
		'Connect to the network: only the missing parts are fetched again.'
	],
	'disk-full': [
		'There is not enough room on this device: {needed} are needed{left}.',
		'Delete something (old downloads, films) and try again; what was fetched is kept.'
	],
	'storage-refused': [
		'This browser does not let Fieldlens keep anything on this device ({detail}).',
		'Leave private browsing, or allow storage for this page in the browser settings.'
	],
	'not-secure': [
		'This address is not secure (https), so the browser lets Fieldlens keep nothing.',
		'Open it by an address that begins with https:// or with http://localhost.'
	],
	'storage-newer': [
		'What is kept on this device was written by a newer Fieldlens.',
		'Close all its tabs, then open Fieldlens again with a network: it updates itself.'
	],
	// The engine
	'backend-absent': ['{backend} is not there in this browser.', 'Another way of reading is used.'],
	'backend-not-for-model': [
		'{backend} is not possible with this model.',
		'Another way of reading is used.'
	],
	'backend-software': [
		'{backend} runs without a graphics chip here, which is slower than the processor.',
		'Another way of reading is used.'
	],
	'backend-wrong': [
		'{backend} gives wrong figures on this device (off by {difference}).',
		'Another way of reading is used: a wrong answer is worse than a slow one.'
	],
	'backend-failed': ['{backend} could not start ({detail}).', 'Another way of reading is used.'],
	'no-engine': [
		'This device cannot run the model in this browser: {detail}',
		'Update the browser, or use a current Chrome, Edge or Firefox; close other programs and reload the page.'
	],
	'reading-stopped': [
		'Reading stopped: it failed {count} times in a row.',
		'Close other programs and press Try again; what was read is kept.'
	],
	// The list
	'nothing-added': [
		'No files were found in what you added.',
		'Check that it is the right folder and add it again.'
	],
	'too-many-files': [
		'Only the first {count} files were taken.',
		'Add the rest after this list is done.'
	],
	'folder-unreadable': [
		'The folder {path} could not be opened.',
		'Check that the stick is plugged in and add the folder again.'
	],
	'files-changed': [
		'Changed since they were read: {count} of the files.',
		'They are read again; where a person had judged one, that row stays and a new one is added.'
	],
	// Sessions
	'sessions-disk-full': [
		'There is no more room on this device: new results are not kept.',
		'Reading goes on, but save the list before you close this page. Make room and press Try again.'
	],
	'sessions-not-kept': [
		'New results are not kept on this device ({detail}).',
		'Reading goes on, but save the list before you close this page, then reload it.'
	],
	'session-lost': [
		'This session could not be opened: it is not on this device any more.',
		'Open a backup that holds it, or begin a new list.'
	],
	'result-lost': [
		'What was kept of one file is missing.',
		'Add the folder again: the file is read again.'
	],
	'session-in-use': [
		'The session “{name}” is open in another tab.',
		'Close that tab first, then try it again.'
	],
	'list-elsewhere': [
		'This list is being read in another tab.',
		'Add files there, close that tab to go on here, or begin a new list.'
	],
	'session-model-gone': [
		'This list was read with version {version} of its model, which is not on this device.',
		'Its results stay as they are. To read more images begin a new list.'
	],
	'folder-refused': [
		'The browser did not let Fieldlens open the folder again.',
		'Add the same folder by hand: what is done is not read twice.'
	],
	'backup-unreadable': [
		'This file is no backup of Fieldlens, or it is damaged (line {line}).',
		'Choose another copy of it; nothing on this device was changed.'
	],
	'backup-cut-off': [
		'The end of this backup is missing.',
		'Copy it again from where it came from; nothing on this device was changed.'
	],
	'backup-newer': [
		'This backup was made by a newer Fieldlens.',
		'Connect to the network and reload the page to update Fieldlens, then open it again.'
	],
	'backup-too-large': [
		'This file is larger than a backup can be ({size}).',
		'Choose another file; nothing on this device was changed.'
	],
	'backup-no-room': [
		'There is not enough room on this device for this backup.',
		'Delete something and open it again; nothing on this device was changed.'
	],
	// Local calibration
	'labels-too-large': [
		'This file is too large to be a table of labels ({size}).',
		'Save only the columns with the file and the finding, as CSV.'
	],
	'labels-no-columns': [
		'The table has no column for the file, or none for the finding. Its columns: {found}.',
		'Name one column “file” (or “path”) and one “finding” (or “label”, “diagnosis”) and save it as CSV.'
	],
	'labels-empty': [
		'The table names no file.',
		'Check that it is the right one: each line needs a file and what was found.'
	],
	'labels-damaged': [
		'The table cannot be read to its end: a quotation mark in line {line} is not closed.',
		'Open it in a spreadsheet, correct that line and save it as CSV again.'
	],
	'study-failed': [
		'The figures could not be worked out ({detail}).',
		'Close other programs and try again; what you entered is kept.'
	],
	'point-invalid': [
		'This is no local setting of Fieldlens ({detail}).',
		'Ask for the file again from where it was made.'
	],
	'point-newer': [
		'This local setting was saved by a newer Fieldlens.',
		'Connect to the network and reload the page to update Fieldlens.'
	],
	'point-other-model': [
		'This local setting was made for another model, {model}.',
		'Choose that model on the Models page, or make a setting for this one.'
	],
	'point-other-version': [
		'The local setting “{name}” is not in force: it was made with version {made} of the model, and this is version {version}.',
		'Measure again with this version on the page Calibration; until then the list holds to the model’s own setting.'
	],
	'point-gone': [
		'The local setting that you chose is not on this device any more.',
		'Load its file on the page Calibration or measure again; until then the list holds to the model’s own setting.'
	],
	'point-not-kept': [
		'The local setting could not be kept on this device.',
		'Save it as a file now, allow storage for this page in the browser settings, and load the file again.'
	]
} as const satisfies Record<string, readonly [string, string]>;

export type ProblemCode = keyof typeof LIST;

/** Whether a text is the code of a problem, for what comes from a file. */
export function isProblemCode(code: string): code is ProblemCode {
	return Object.hasOwn(LIST, code);
}

/** Build a problem; `{name}` in its sentences is replaced by `details.name`. */
export function problem(code: ProblemCode, details: Record<string, string | number> = {}): Problem {
	const fill = (text: string) =>
		text.replace(/\{(\w+)\}/g, (_, name: string) => String(details[name] ?? ''));
	const [sentence, advice] = LIST[code];
	return { code, sentence: fill(sentence), advice: fill(advice) };
}

/** An `Outcome` that failed. */
export function failed(code: ProblemCode, details: Record<string, string | number> = {}) {
	return { ok: false as const, problem: problem(code, details) };
}

/** An `Outcome` that went well. */
export function succeeded<T>(value: T) {
	return { ok: true as const, value };
}

/** The short text of an unknown thrown value, for a problem's detail. */
export function detailOf(error: unknown): string {
	return error instanceof Error ? error.message || error.name : String(error);
}
