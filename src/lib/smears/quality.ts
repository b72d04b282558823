/** How good the photograph of a field is, in words' ids. */

/**
 * `too-thick`: cells overlap too much to be told apart; `thick-smear`: a thick film, whose red
 * cells are dissolved; `not-a-smear`: no picture of stained blood.
 */
export const FIELD_NOTES = [
	'not-a-smear',
	'thick-smear',
	'out-of-focus',
	'too-dark',
	'too-thick',
	'too-few-cells'
] as const;
export type FieldNote = (typeof FIELD_NOTES)[number];

/** Of these nothing can be counted. */
const FATAL: ReadonlySet<FieldNote> = new Set(['not-a-smear', 'thick-smear', 'out-of-focus']);

/** Whether the cells of a field are counted. */
export function isCountable({ notes }: { notes: readonly FieldNote[] }): boolean {
	return !notes.some((note) => FATAL.has(note));
}
