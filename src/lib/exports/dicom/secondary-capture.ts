/** The picture that was read as a Secondary Capture image (PS3.3, A.8.1), packed as JPEG. */
import { jpegFrame } from '../../formats/jpeg/segments';
import type { DicomOrigin } from '../../formats/facts';
import type { ReadPicture } from '../export';
import { codeOf, dcm, referenceOf } from './content';
import { fileOf, JPEG_BASELINE, type DataSet, type Element } from './elements';
import { momentOf } from './values';

export const SECONDARY_CAPTURE = '1.2.840.10008.5.1.4.1.1.7';
/** Behind what machines number; the report comes after it. */
const SERIES_NUMBER = '9001';
const PURPOSE = dcm('121322', 'Source image for image processing operation');
/** Number of the SOF marker of baseline JPEG, the only one that its transfer syntax allows. */
const BASELINE = 0;

export interface Capture {
	readonly uid: string;
	readonly series: string;
	/** Its place in the series, from 1. */
	readonly number: number;
	/** Of its study (`study.ts`). */
	readonly common: DataSet;
	readonly made: Date;
	/** The image that it is made of, where an archive has that. */
	readonly origin: DicomOrigin | null;
}

/** Null where the picture is none that the transfer syntax allows. */
export function secondaryCapture(
	capture: Capture,
	{ jpeg, isSmall }: ReadPicture
): Uint8Array<ArrayBuffer> | null {
	const frame = jpegFrame(jpeg);
	if (frame?.process !== BASELINE || frame.bits !== 8) return null;
	const { uid, series, number, common, made, origin } = capture;
	const { day, time } = momentOf(made);
	const { width, height, channels } = frame;
	const isGrey = channels === 1;
	const planar: Element[] = isGrey ? [] : [[0x00280006, 'US', 0]];
	return fileOf(
		[
			...common,
			[0x00080016, 'UI', SECONDARY_CAPTURE],
			[0x00080018, 'UI', uid],
			[0x00080060, 'CS', 'OT'],
			[0x0020000e, 'UI', series],
			[0x00200011, 'IS', SERIES_NUMBER],
			[0x00200060, 'CS', ''],
			[0x0008103e, 'LO', 'Pictures with the outline of what was read'],
			[0x00080064, 'CS', 'WSD'],
			[0x00200013, 'IS', String(number)],
			[0x00080008, 'CS', 'DERIVED\\SECONDARY'],
			[0x00080012, 'DA', day],
			[0x00080013, 'TM', time],
			[0x00080023, 'DA', day],
			[0x00080033, 'TM', time],
			[0x00181012, 'DA', day],
			[0x00181014, 'TM', time],
			[0x00200020, 'CS', ''],
			[0x00082111, 'ST', derivationOf(isSmall)],
			[0x00082112, 'SQ', origin && [sourceOf(origin)]],
			[0x00280002, 'US', channels],
			[0x00280004, 'CS', isGrey ? 'MONOCHROME2' : 'YBR_FULL_422'],
			...planar,
			[0x00280010, 'US', height],
			[0x00280011, 'US', width],
			[0x00280100, 'US', 8],
			[0x00280101, 'US', 8],
			[0x00280102, 'US', 7],
			[0x00280103, 'US', 0],
			[0x00282110, 'CS', '01'],
			[0x00282112, 'DS', ((width * height * channels) / jpeg.length).toFixed(2)],
			[0x00282114, 'CS', 'ISO_10918_1'],
			[0x7fe00010, 'OB', { frame: jpeg }]
		],
		JPEG_BASELINE
	);
}

function derivationOf(isSmall: boolean): string {
	const said =
		'A copy for looking at: the picture as it was read, with the outline of what was read.';
	return isSmall ? `${said} A small one: the file was not there.` : said;
}

function sourceOf(origin: DicomOrigin): DataSet {
	return [...referenceOf(origin), [0x0040a170, 'SQ', [codeOf(PURPOSE)]]];
}
