/** What a file says of itself beside its pixels. */

export type Sex = 'female' | 'male' | 'other';

/**
 * Where a DICOM image stands in its archive, and how its header names the patient: what is made of
 * it can stand beside it.
 */
export interface DicomOrigin {
	/** UIDs of study, series and image, and of the kind of image (SOP class). */
	readonly study: string;
	readonly series: string;
	readonly image: string;
	readonly kind: string;
	/** As the header writes them: `Family^Given`, `YYYYMMDD`, `HHMMSS`; '' where it does not say. */
	readonly patientName: string;
	readonly patientId: string;
	readonly studyDate: string;
	readonly studyTime: string;
	readonly studyId: string;
	readonly accession: string;
}

/** How large a pixel is, and which of the two sizes that a header knows that is. */
export interface PixelSpacing {
	/** From one row to the next, mm. */
	down: number;
	/** From one column to the next, mm. */
	across: number;
	/** `imager`: at the detector, where the body looks larger than it is. */
	source: 'pixel' | 'imager';
}

export interface ImageFacts {
	/** DICOM's code of the machine: CR, DX, CT, MR ... */
	modality: string | null;
	/** Body part examined, as the file spells it. */
	bodyPart: string | null;
	/** How the patient stood to the film, or another word for it: AP, PA, LL, LATERAL ... */
	view: string | null;
	/** Age when the image was taken, years (a fraction below two or so). */
	age: number | null;
	patientId: string | null;
	patientName: string | null;
	/** `YYYY-MM-DD`. */
	birthDate: string | null;
	sex: Sex | null;
	/** Day of the study, `YYYY-MM-DD`. */
	studyDate: string | null;
	/** Null where the file does not say it. */
	spacing: PixelSpacing | null;
	/** Pictures in the file; the first is the one that is read. */
	frames: number;
	/** Whether greys are spread over the range of the image itself, not as the file says. */
	ownRange: boolean;
	/** Null of other files, and of DICOM files without their UIDs. */
	origin: DicomOrigin | null;
}

/** What a file says that says nothing. */
export const NO_FACTS: ImageFacts = {
	modality: null,
	bodyPart: null,
	view: null,
	age: null,
	patientId: null,
	patientName: null,
	birthDate: null,
	sex: null,
	studyDate: null,
	spacing: null,
	frames: 1,
	ownRange: false,
	origin: null
};

/** Facts of a file that says nothing of a patient; null where there is nothing to say. */
export function factsOfImage(said: Pick<ImageFacts, 'frames' | 'ownRange'>): ImageFacts | null {
	return said.frames < 2 && !said.ownRange ? null : { ...NO_FACTS, ...said };
}

/** Of the longest month: what is left of one is less than a month. */
const DAYS_PER_MONTH = 31;

/**
 * Years from one day to another (`YYYY-MM-DD`), whole months with the days of the next; null where
 * a day is unknown or the first is the later one.
 */
export function yearsBetween(from: string | null, to: string | null): number | null {
	if (!from || !to || from > to) return null;
	const [start, end] = [new Date(`${from}T00:00Z`), new Date(`${to}T00:00Z`)];
	const months =
		12 * (end.getUTCFullYear() - start.getUTCFullYear()) +
		(end.getUTCMonth() - start.getUTCMonth()) -
		(end.getUTCDate() < start.getUTCDate() ? 1 : 0);
	const reached = new Date(start);
	reached.setUTCMonth(start.getUTCMonth() + months);
	const days = Math.max(0, (end.getTime() - reached.getTime()) / 86_400_000);
	return (months + Math.min(days, DAYS_PER_MONTH - 1) / DAYS_PER_MONTH) / 12;
}
