/** What a DICOM file says of its picture, checked before anything is allocated. */
import { MAX_FILE_BYTES, MAX_IMAGE_PIXELS, MAX_IMAGE_SIDE } from '../../base/limits';
import { failed, succeeded, type Details, type Outcome } from '../../problems/problems';
import { packingOfFrame } from '../codecs/codestream';
import { PIXEL_DATA, type DataSet, type OpenFile } from './data-set';
import type { Element } from './elements';
import { readFragments } from './read-elements';
import { packingOf, unreadSyntax, type Packing } from './syntax';

type Photometric = 'grey' | 'grey-inverted' | 'palette' | 'rgb' | 'ybr' | 'ybr-422';

export interface DicomImage {
	width: number;
	height: number;
	frames: number;
	channels: 1 | 3;
	photometric: Photometric;
	/** Whether the channels stand one plane after the other (plain pixels only). */
	planar: boolean;
	/** The element that holds the pixels. */
	pixels: Element;
	/** 1 and 32 are grey and plain only; 32 and 64 bits of floating point too. */
	bitsAllocated: 1 | 8 | 16 | 32 | 64;
	isFloat: boolean;
	/** Bits of a sample that count, and where the highest of them stands. */
	bitsStored: number;
	highBit: number;
	signed: boolean;
	bigEndian: boolean;
	packing: Packing;
	/** Packed pixels: the offset table, then the fragments. Empty where they are plain. */
	fragments: readonly Fragment[];
}

/** A part of the packed pixels, bytes from the start of the data set's bytes. */
export interface Fragment {
	offset: number;
	length: number;
}

/** Pixels in floating point, of 32 and of 64 bits (PS3.3, C.7.6.24 and C.7.6.25). */
const FLOAT_PIXELS = [
	['x7fe00008', 32],
	['x7fe00009', 64]
] as const;
const DIRECTORY_CLASS = '1.2.840.10008.1.3.10';
const PHOTOMETRICS: Record<string, Photometric> = {
	MONOCHROME1: 'grey-inverted',
	MONOCHROME2: 'grey',
	'PALETTE COLOR': 'palette',
	RGB: 'rgb',
	// JPEG 2000 turns these back into RGB by itself.
	YBR_RCT: 'rgb',
	YBR_ICT: 'rgb',
	YBR_FULL: 'ybr',
	YBR_FULL_422: 'ybr-422'
};
/** What a file without an image holds, by its modality (PS3.3, C.7.3.1.1.1). */
const CONTENTS: Record<string, Details['dicom-no-image']['what']> = {
	SR: 'report',
	DOC: 'document',
	PR: 'display',
	KO: 'files',
	ECG: 'ecg',
	RTPLAN: 'plan',
	RTSTRUCT: 'outlines'
};

/** Read and check; what cannot be read gets its reason. */
export function imageOf({ set, syntax, meta }: OpenFile): Outcome<DicomImage> {
	if (isDirectory(set, meta)) return failed('dicom-directory');
	const float = floatPixels(set);
	const element = float?.element ?? set.elements[PIXEL_DATA];
	if (!element) return whyNoPixels(set);
	const fragments = float ? null : fragmentsOf(set, syntax);
	const packing = fragments ? packedWay(set, fragments, syntax) : plainWay(element, syntax);
	if (!packing) return failed('coding-not-read', { coding: unreadSyntax(syntax) });

	const height = set.uint16('x00280010') ?? 0;
	const width = set.uint16('x00280011') ?? 0;
	if (!(width > 0 && height > 0)) return failed('damaged-image');
	const frames = Math.max(1, numberOf(set.intString('x00280008'), 1));
	const channels = set.uint16('x00280002') ?? 1;
	const bitsAllocated = float?.bits ?? set.uint16('x00280100') ?? 0;
	const spelled = (set.string('x00280004') ?? 'MONOCHROME2').trim();
	const photometric = PHOTOMETRICS[spelled];
	const isColour = photometric?.startsWith('ybr') || photometric === 'rgb';
	if (!photometric || channels !== (isColour ? 3 : 1)) {
		const coding = { kind: 'channels', name: spelled.slice(0, 64), number: channels } as const;
		return failed('coding-not-read', { coding });
	}
	const isGrey = photometric === 'grey' || photometric === 'grey-inverted';
	if (!isRead(bitsAllocated, packing === 'plain' && isGrey, float !== null)) {
		return failed('coding-not-read', { coding: { kind: 'bits', number: bitsAllocated } });
	}
	const bitsStored = float?.bits ?? set.uint16('x00280101') ?? bitsAllocated;
	if (bitsStored < 1 || bitsStored > bitsAllocated) return failed('damaged-image');
	// It says nothing but that the bits stand high; another place than these there is not.
	const saidHigh = set.uint16('x00280102') ?? 0;
	const isPlace = saidHigh >= bitsStored && saidHigh < bitsAllocated;
	const highBit = isPlace ? saidHigh : bitsStored - 1;
	if (width * height > MAX_IMAGE_PIXELS || Math.max(width, height) > MAX_IMAGE_SIDE) {
		return failed('image-too-large', { size: { width, height } });
	}
	const image: DicomImage = {
		width,
		height,
		frames,
		channels: isColour ? 3 : 1,
		photometric: holdsThreeBytes(photometric, packing, element.length, width * height * frames)
			? 'ybr'
			: photometric,
		planar: set.uint16('x00280006') === 1,
		pixels: element,
		bitsAllocated,
		isFloat: float !== null,
		bitsStored,
		highBit,
		signed: set.uint16('x00280103') === 1,
		bigEndian: !set.encoding.isLittle,
		packing,
		fragments: fragments ?? []
	};
	if (packing === 'plain') {
		// Frames of 1 bit follow one another without padding.
		const needed = Math.ceil((samplesOf(image) * bitsAllocated * frames) / 8);
		if (needed > MAX_FILE_BYTES) {
			return failed('image-too-large', { size: { bytes: needed } });
		}
		if (needed > element.length) return failed('truncated-image');
	} else if (image.fragments.length < 2) {
		return failed('truncated-image');
	}
	return succeeded(image);
}

/** Bytes of one unpacked frame. */
export function frameBytes(image: DicomImage): number {
	return Math.ceil((samplesOf(image) * image.bitsAllocated) / 8);
}

/** Stored samples of a frame; two pixels share their colour in YBR_FULL_422. */
function samplesOf({ photometric, packing, channels, width, height }: DicomImage): number {
	return width * height * (photometric === 'ybr-422' && packing === 'plain' ? 2 : channels);
}

/** Whether samples of so many bits are read. @param isPlainGrey neither packed nor coloured. */
function isRead(
	bits: number,
	isPlainGrey: boolean,
	isFloat: boolean
): bits is DicomImage['bitsAllocated'] {
	if (isFloat) return isPlainGrey;
	return bits === 8 || bits === 16 || (isPlainGrey && (bits === 1 || bits === 32));
}

function floatPixels(set: DataSet): { element: Element; bits: 32 | 64 } | null {
	for (const [tag, bits] of FLOAT_PIXELS) {
		const element = set.elements[tag];
		if (element) return { element, bits };
	}
	return null;
}

/** YBR_FULL_422 that has Y, Cb and Cr of every pixel: the length tells. */
function holdsThreeBytes(
	photometric: Photometric,
	packing: Packing,
	length: number,
	pixels: number
): boolean {
	return photometric === 'ybr-422' && packing === 'plain' && length >= 3 * pixels;
}

/**
 * The fragments of packed pixels; null where the pixels are plain. Some write packed pixels with
 * a known length.
 */
function fragmentsOf(set: DataSet, syntax: string): readonly Fragment[] | null {
	const element = set.elements[PIXEL_DATA];
	if (element.fragments) return element.fragments;
	const isPlain = packingOf(syntax) === 'plain';
	if (isPlain || element.length < 16) return null;
	const { fragments, end } = readFragments(set, element.offset, element.offset + element.length);
	return end > element.offset && fragments.length > 1 ? fragments : null;
}

/** The markers of the first frame tell more surely than the syntax how it is packed. */
function packedWay(set: DataSet, fragments: readonly Fragment[], syntax: string): Packing | null {
	const [, first] = fragments;
	const said = packingOf(syntax);
	const frame = first && set.byteArray.subarray(first.offset, first.offset + first.length);
	const found = frame ? packingOfFrame(frame) : null;
	if (found) return found;
	// Run lengths have no marker but the number of their segments.
	const segments = frame && frame.length >= 64 ? frame[0] : 0;
	const isRle = (said === 'plain' || said === 'rle') && segments > 0 && segments <= 15;
	return isRle ? 'rle' : said === 'plain' ? null : said;
}

/** Pixels that are not packed, though the syntax may say so. */
function plainWay(element: Element, syntax: string): Packing | null {
	return packingOf(syntax) === null && element.length === 0 ? null : 'plain';
}

function isDirectory(set: DataSet, meta: DataSet): boolean {
	const kind = meta.string('x00020002') ?? set.string('x00080016');
	return kind === DIRECTORY_CLASS || 'x00041220' in set.elements;
}

function whyNoPixels(set: DataSet) {
	const isEncrypted = 'x04000500' in set.elements;
	if (isEncrypted) return failed('dicom-encrypted');
	const modality = set.string('x00080060') ?? '';
	const isImage = 'x00280010' in set.elements;
	if (isImage) return failed('truncated-image');
	const what = Object.hasOwn(CONTENTS, modality) ? CONTENTS[modality] : 'other';
	return failed('dicom-no-image', { what });
}

function numberOf(value: number | undefined, otherwise: number): number {
	return value !== undefined && Number.isFinite(value) ? value : otherwise;
}
