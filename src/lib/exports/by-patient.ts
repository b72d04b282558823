/** The images of a report, patient by patient. */
import type { Slide } from '../worklist/slides';
import type { WrittenPatient } from './identity';
import type { ReportRow } from './report';

interface OfPatient {
	/** As the first of the images says; null where the file says nothing of patients. */
	readonly patient: WrittenPatient | null;
	readonly rows: ReportRow[];
}

/**
 * The images of each patient; an image of which nobody knows the patient stands alone. Files that
 * are no images are left out.
 */
export function byPatient(rows: readonly ReportRow[]): OfPatient[] {
	const groups = new Map<string, OfPatient>();
	for (const row of rows) {
		if (row.leftOut) continue;
		const key = keyOf(row.patient) ?? `image ${row.id}`;
		const group = groups.get(key);
		if (group) group.rows.push(row);
		else groups.set(key, { patient: row.patient ?? null, rows: [row] });
	}
	return [...groups.values()];
}

/** As `patients/patient.ts` tells patients apart, of what the file says. */
export function keyOf(patient: WrittenPatient | undefined): string | null {
	if (!patient) return null;
	const { code, number, name, birthDate } = patient;
	if (code ?? number) return `number ${code ?? number}`;
	return name ? `name ${name} ${birthDate ?? ''}` : null;
}

/** The fields of each slide, and the rows that belong to none. */
export function bySlide(rows: readonly ReportRow[], slides: readonly Slide[]) {
	const slideOf = new Map(slides.flatMap((slide) => slide.rows.map(({ id }) => [id, slide])));
	const fields = new Map<Slide, ReportRow[]>();
	const others: ReportRow[] = [];
	for (const row of rows) {
		const slide = slideOf.get(row.id);
		if (!slide) others.push(row);
		else fields.set(slide, [...(fields.get(slide) ?? []), row]);
	}
	return {
		slides: [...fields].map(([slide, ofSlide]) => ({
			slide,
			rows: ofSlide,
			/** As the first of its fields says that says anything. */
			patient: ofSlide.find(({ patient }) => keyOf(patient))?.patient ?? null
		})),
		others
	};
}
