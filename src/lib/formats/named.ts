/** Kinds of files that are not read but called by their names. */
import { failed } from '../problems/problems';
import { ascii } from './bytes';
import { namesImage } from './registry';

interface NamedKind {
	/** What a person knows it by. */
	name: string;
	isArchive: boolean;
	detect(head: Uint8Array): boolean;
}

/** Signatures: the formats' specifications, and the magic file of `file(1)`. */
const NAMED: readonly NamedKind[] = [
	archive('ZIP', /^PK(\x03\x04|\x05\x06)/),
	archive('7-Zip', /^7z\xbc\xaf\x27\x1c/),
	archive('RAR', /^Rar!\x1a\x07/),
	archive('gzip', /^\x1f\x8b/),
	archive('bzip2', /^BZh[1-9]/),
	archive('xz', /^\xfd7zXZ\0/),
	archive('Zstandard', /^\x28\xb5\x2f\xfd/),
	{ name: 'TAR', isArchive: true, detect: (head) => ascii(head, 257, 262) === 'ustar' },
	image('PDF', /^%PDF-/),
	image('JPEG XR', /^II\xbc/),
	image('Photoshop', /^8BPS/),
	image('OpenEXR', /^v\/1\x01/),
	image('NIfTI', /^\x5c\x01\0\0|^\0\0\x01\x5c/),
	image('NRRD', /^NRRD/),
	image('Windows Icon', /^\0\0\x01\0[\x01-\x20]\0/),
	image('PNM', /^P[1-7]\s/)
];

/**
 * Why a file that no format of the registry detects is not read. Under an image's name it may be
 * a film that was destroyed, so it is not said to be no image.
 * @param head its first bytes, `HEAD_BYTES` at most.
 * @param name its name, with its ending.
 */
export function refusalOf(head: Uint8Array, name: string) {
	const kind = NAMED.find((known) => known.detect(head));
	if (!kind) return failed(namesImage(name) ? 'no-image-inside' : 'not-an-image');
	return failed(kind.isArchive ? 'archive-not-read' : 'format-not-read', { format: kind.name });
}

function archive(name: string, signature: RegExp): NamedKind {
	return { ...image(name, signature), isArchive: true };
}

function image(name: string, signature: RegExp): NamedKind {
	return { name, isArchive: false, detect: (head) => signature.test(ascii(head, 0, 32)) };
}
