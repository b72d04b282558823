/** What a person says of an image after looking at it. */
import type { Category } from '../reading/score';

/** What the person sees: signs of the finding, none, or they cannot tell. */
export type Finding = 'present' | 'absent' | 'unsure';

export interface Review {
	finding: Finding;
	/** Why it differs from the program: the id of an offered reason (`reasons.ts`) or own words. */
	reason: string;
	note: string;
	/** Initials. */
	by: string;
	/** ISO 8601. */
	time: string;
	/** The category that the list showed then, and the operating point it held at. */
	category: Category | null;
	point: string;
}
