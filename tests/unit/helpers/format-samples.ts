/** Small whole files of formats that no other fixture holds, by the id of their format. */

interface Sample {
	name: string;
	width: number;
	height: number;
	bytes: Uint8Array<ArrayBuffer>;
}

export const SAMPLES_OF_FORMATS: Record<string, readonly Sample[]> = {
	heic: [
		{
			name: 'HEIC without a picture',
			width: 0,
			height: 0,
			bytes: Uint8Array.from([0, 0, 0, 16, ...Buffer.from('ftypheic'), 0, 0, 0, 0])
		}
	]
};
