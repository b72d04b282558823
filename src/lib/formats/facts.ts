/** What a file says of itself beside its pixels. */

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
	/** Day of the study, `YYYY-MM-DD`. */
	studyDate: string | null;
	/** Pictures in the file; the first is the one that is read. */
	frames: number;
	/** Whether greys are spread over the range of the image itself, not as the file says. */
	ownRange: boolean;
}

/** Facts of a file that says nothing of a patient; null where there is nothing to say. */
export function factsOfImage(said: Pick<ImageFacts, 'frames' | 'ownRange'>): ImageFacts | null {
	if (said.frames < 2 && !said.ownRange) return null;
	return {
		modality: null,
		bodyPart: null,
		view: null,
		age: null,
		patientId: null,
		patientName: null,
		studyDate: null,
		...said
	};
}
