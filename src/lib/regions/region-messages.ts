/** What is said of a region, in words. */
import { numberText } from '../i18n/format';
import { m } from '../paraglide/messages.js';
import type { LungNote } from './lungs/quality';
import type { Region } from './region';

const SENTENCES: Record<LungNote, (region: Region) => string> = {
	'no-lungs': () => m.regions_no_lungs(),
	'several-films': () => m.regions_several_films(),
	'cut-off': () => m.regions_cut_off(),
	'one-lung': () => m.regions_one_lung(),
	turned: ({ turnedBack }) =>
		m.regions_turned({ degrees: numberText(Math.round(Math.abs(turnedBack))) }),
	'upside-down': () => m.regions_upside_down(),
	mirrored: () => m.regions_mirrored()
};

/** A sentence for each note; none where all is well or nothing was looked for. */
export function regionSentences(region: Region | null): string[] {
	return region?.notes.map((note) => SENTENCES[note](region)) ?? [];
}
