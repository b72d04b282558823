/**
 * The list as a table for people: what the screen says, in its language and in its figures. Programs
 * are given the JSON file.
 */
import { settingText } from '../calibration/setting-messages';
import { modelName } from '../models/card-messages';
import { m } from '../paraglide/messages.js';
import { sexText } from '../patients/patient-messages';
import { categoryText } from '../reading/category-messages';
import { SCORE_OF, shownDigits } from '../reading/score';
import { taskWords } from '../tasks/task-words';
import type { Report, TextExport } from './export';
import type { WrittenPatient } from './identity';
import type { ReportRow } from './report';
import { decimalText, spreadsheetForm, spreadsheetText, type SpreadsheetForm } from './spreadsheet';

interface Column {
	readonly heading: () => string;
	/** What stands in the cell; '' and null where nothing is known. */
	readonly textOf: (
		row: ReportRow,
		model: Report['model'],
		form: SpreadsheetForm
	) => string | null | undefined;
}

/** In their order. */
const COLUMNS: readonly Column[] = [
	{ heading: m.screen_list_file, textOf: ({ path }) => path },
	{
		heading: m.export_score,
		textOf: ({ score }, _, form) =>
			score === null ? '' : decimalText(SCORE_OF * score, shownDigits(score), form)
	},
	{
		heading: m.screen_list_category,
		textOf: ({ category }, model) =>
			category && model && categoryText(category, model.manifest.task)
	},
	{ heading: m.export_outside, textOf: ({ outside }) => outside.join('; ') },
	{ heading: m.export_overruled, textOf: ({ overruled }) => yesOr(overruled) },
	{ heading: m.export_reason, textOf: ({ reason }) => reason },
	{ heading: m.export_remarks, textOf: ({ remarks }) => remarks.join(' ') },
	{
		heading: m.review_review,
		textOf: ({ review }, model) =>
			review && model && taskWords(model.manifest.task).findings[review.finding]
	},
	{
		heading: m.export_differs,
		textOf: ({ review }) => yesOr(review?.agreement === 'differs')
	},
	{ heading: m.review_why, textOf: ({ review }) => review?.reason },
	{ heading: m.review_note, textOf: ({ review }) => review?.note },
	{ heading: m.record_initials, textOf: ({ review }) => review?.by },
	{ heading: m.export_reviewed, textOf: ({ review }) => review && moment(review.time) },
	{ heading: m.export_read, textOf: ({ time }) => moment(time) },
	{ heading: m.review_setting, textOf: (_, model) => model && settingText(model.point) },
	{
		heading: m.review_model,
		textOf: (_, model) => model && `${modelName(model.manifest)} ${model.manifest.version}`
	}
];

/** Before those, where the file says whose images they are. */
const OF_PATIENTS: readonly Column[] = [
	ofPatient(m.export_replacement, ({ code }) => code),
	ofPatient(m.patients_name, ({ name }) => name),
	ofPatient(m.patients_number, ({ number }) => number),
	ofPatient(m.patients_birth_date, ({ birthDate }) => birthDate),
	ofPatient(m.patients_age_years, ({ age }, form) =>
		age === null ? '' : decimalText(age, AGE_DIGITS, form)
	),
	ofPatient(m.patients_sex, ({ sex }) => sex && sexText(sex)),
	ofPatient(m.patients_date, ({ date }) => date)
];
const AGE_DIGITS = 1;

/** The table, in the language of the page. */
export function csvOf({ rows, model }: Report, form = spreadsheetForm()): string {
	const isNamed = rows.some(({ patient }) => patient);
	const columns = isNamed ? [...OF_PATIENTS, ...COLUMNS] : COLUMNS;
	const head = columns.map(({ heading }) => heading());
	const lines = rows.map((row) => columns.map(({ textOf }) => textOf(row, model, form) || ''));
	return spreadsheetText([head, ...lines], form);
}

export const csv: TextExport = {
	id: 'csv',
	type: 'text/csv;charset=utf-8',
	name: 'CSV',
	language: 'page',
	write: (report) => csvOf(report)
};

function ofPatient(
	heading: () => string,
	particular: (patient: WrittenPatient, form: SpreadsheetForm) => string | null
): Column {
	return {
		heading,
		textOf: ({ patient }, _, form) => patient && particular(patient, form)
	};
}

function yesOr(is: boolean): string {
	return is ? m.export_yes() : '';
}

/** A moment that spreadsheets of every language take for one, by the clock of the device. */
function moment(time: string): string {
	const date = new Date(time);
	if (Number.isNaN(date.getTime())) return '';
	const two = (value: number) => String(value).padStart(2, '0');
	const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
	return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
