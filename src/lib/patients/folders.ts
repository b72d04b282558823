/** What a folder that holds one patient's images says in its name. Pure. */
import { findDates, type DateOrder } from './dates';
import type { Said } from './patient';

/** A number as clinics write it: 12, 0012/26, P-0012, person7. */
const NUMBER =
	/(?<![\p{L}\d])(?:\p{Lu}{1,4}[-_.]?|\p{L}*)\d[\p{L}\d]*(?:[-_.]\d[\p{L}\d]*)*(?!\p{L})/u;
const SEPARATORS = /[\s_,;.()[\]-]+/g;

/**
 * The patient and the day of a path of which each folder is a patient's: the innermost folder that
 * is more than a date names the patient, and it or a folder inside it the day.
 * @param path of the image, `/` between folders.
 */
export function saidByFolder(path: string, order: DateOrder): Said {
	let date: string | null = null;
	for (const folder of path.split('/').slice(0, -1).reverse()) {
		const dates = findDates(folder, order);
		date ??= dates.at(0)?.date ?? null;
		const rest = dates.reduceRight(
			(text, { from, to }) => `${text.slice(0, from)} ${text.slice(to)}`,
			folder
		);
		const number = NUMBER.exec(rest)?.[0] ?? null;
		const name =
			(number ? rest.replace(number, ' ') : rest).replace(SEPARATORS, ' ').trim() || null;
		if (number || name) return { number, name, date };
	}
	return { date };
}
