/**
 * What the program and a person say of the images of a study, as a Comprehensive SR (PS3.3,
 * A.35.3) by the template Measurement Report (PS3.16, TID 1500). It is not verified: a person
 * signs in the system that takes it.
 */
import { modelName } from '../../models/card-messages';
import { TASKS } from '../../tasks';
import { taskWords } from '../../tasks/task-words';
import type { Report } from '../export';
import type { Slide } from '../../worklist/slides';
import type { ReportRow } from '../report';
import {
	categorySaid,
	limitsOf,
	methodSaid,
	noScoreReason,
	NOTICE,
	remarksOfImage,
	scoreOf100
} from '../said';
import { judgesOf } from '../slide-figures';
import {
	code,
	codeOf,
	CODING_SCHEMES,
	container,
	dcm,
	image,
	number,
	own,
	person,
	referenceOf,
	text,
	uid,
	type Code,
	type ImageReference
} from './content';
import { fileOf, type DataSet } from './elements';
import { SECONDARY_CAPTURE, type Capture } from './secondary-capture';
import { slideByPerson, slideByProgram } from './slide-items';
import type { Study } from './study';
import { dateTimeOf, momentOf, newUid, personName } from './values';

const COMPREHENSIVE_SR = '1.2.840.10008.5.1.4.1.1.88.33';
const SERIES_NUMBER = '9002';
/** Names this program as an observer; made once from a random UUID. */
const OBSERVER_UID = '2.25.181922209309111858604141169352057621446';

const COMMENT = dcm('121106', 'Comment');
const GROUP = dcm('125007', 'Measurement Group');
const OBSERVER_TYPE = dcm('121005', 'Observer Type');
const OF_100: Code = { value: '{score}', scheme: 'UCUM', meaning: 'of 100' };

/** One group of what is said (TID 1501), by the program or by a person. */
export interface Said {
	/** The images that it is of. */
	readonly rows: readonly ReportRow[];
	/** Is given the images by which they can be seen: sources, pictures made of them. */
	readonly group: (seen: readonly ImageReference[]) => DataSet;
}

/**
 * What is said of an image, by the program and by a person, each in a group of its own. All words
 * are taken now; a group is made when it is known which pictures there are.
 */
export function saidOfImage(row: ReportRow, model: Report['model']): Said[] {
	const tracking = { name: row.path, uid: newUid() };
	const { review, time } = row;
	const rows = [row];
	return [
		{ rows, group: groupOf(tracking, byProgram(row, model), time) },
		...(review ? [{ rows, group: groupOf(tracking, byPerson(review, model), review.time) }] : [])
	];
}

/** The same of a slide: what its fields add up to. */
export function saidOfSlide(
	slide: Slide,
	rows: readonly ReportRow[],
	model: Report['model']
): Said[] {
	const [{ path, time }] = rows;
	const tracking = {
		name: path.slice(0, Math.max(0, path.lastIndexOf('/'))) || path,
		uid: newUid()
	};
	const program = [...(model ? algorithmOf(model) : []), ...slideByProgram(slide, model)];
	const person = slideByPerson(slide);
	const judged = judgesOf(slide);
	return [
		{ rows, group: groupOf(tracking, program, time) },
		...(person
			? [
					{
						rows,
						group: groupOf(
							tracking,
							[...observerOf(judged.names.join(', ')), ...person],
							judged.time
						)
					}
				]
			: [])
	];
}

interface Tracking {
	readonly name: string;
	readonly uid: string;
}

/** TID 1501. */
function groupOf(tracking: Tracking, said: readonly DataSet[], time: string): Said['group'] {
	return (seen) =>
		container(
			GROUP,
			[
				text(dcm('112039', 'Tracking Identifier'), tracking.name, 'HAS OBS CONTEXT'),
				uid(dcm('112040', 'Tracking Unique Identifier'), tracking.uid),
				...said,
				...seen.map((one) => image(dcm('121112', 'Source of Measurement'), one))
			],
			dateTimeOf(time)
		);
}

function byProgram(row: ReportRow, model: Report['model']): DataSet[] {
	const score = scoreOf100(row);
	const category = categorySaid(row, model);
	return [
		...(model ? algorithmOf(model) : []),
		score === null
			? text(own('no-score', 'Why there is no score'), noScoreReason(row, model))
			: number(own('suspicion', 'Suspicion by the program, for sorting'), score, OF_100),
		...(row.category && category
			? [code(own('category', 'Category by the program'), own(row.category, category))]
			: []),
		...remarksOfImage(row).map((remark) => text(COMMENT, remark))
	];
}

/** TID 4019. */
function algorithmOf(model: NonNullable<Report['model']>): DataSet[] {
	const { manifest } = model;
	return [
		text(dcm('111001', 'Algorithm Name'), modelName(manifest), 'HAS CONCEPT MOD'),
		text(dcm('111003', 'Algorithm Version'), manifest.version, 'HAS CONCEPT MOD'),
		text(dcm('111002', 'Algorithm Parameters'), methodSaid(model), 'HAS CONCEPT MOD')
	];
}

function byPerson(review: NonNullable<ReportRow['review']>, model: Report['model']): DataSet[] {
	const { finding, reason, note, by } = review;
	const words = model ? taskWords(model.manifest.task).findings[finding] : finding;
	return [
		...observerOf(by),
		code(dcm('121071', 'Finding'), own(finding, words)),
		...[reason, note].filter((said) => said !== '').map((said) => text(COMMENT, said))
	];
}

/** The person is the observer of their group alone (TID 1003). */
function observerOf(by: string): DataSet[] {
	return [
		code(OBSERVER_TYPE, dcm('121006', 'Person'), 'HAS OBS CONTEXT'),
		person(dcm('121008', 'Person Observer Name'), by ? personName(by) : 'Not named')
	];
}

/** What a report of any study says: which examination, how far the program can be trusted. */
export interface ReportWords {
	readonly procedure: Code;
	readonly limits: readonly string[];
	readonly modelName: string | null;
}

export function reportWords(model: Report['model']): ReportWords {
	const loinc = model && TASKS.of(model.manifest.task)?.inRecords.loinc;
	return {
		procedure: loinc
			? { value: loinc.code, scheme: 'LN', meaning: loinc.display }
			: own('image', model ? taskWords(model.manifest.task).title : 'Image'),
		limits: [NOTICE, ...(model ? limitsOf(model.manifest) : [])],
		modelName: model && modelName(model.manifest)
	};
}

/** @param captures of the pictures that were made. */
export function structuredReport(
	study: Study,
	said: readonly Said[],
	captures: ReadonlyMap<ReportRow, Capture>,
	words: ReportWords,
	made: Date
): Uint8Array<ArrayBuffer> {
	const { day, time } = momentOf(made);
	const seenOf = (row: ReportRow) => {
		const capture = captures.get(row);
		return [
			...(row.origin ? [row.origin] : []),
			...(capture ? [{ kind: SECONDARY_CAPTURE, image: capture.uid }] : [])
		];
	};
	const groups = said.map(({ rows, group }) => group(rows.flatMap(seenOf)));
	const evidence = evidenceOf(study, captures);
	return fileOf([
		...study.common,
		[0x00080016, 'UI', COMPREHENSIVE_SR],
		[0x00080018, 'UI', newUid()],
		CODING_SCHEMES,
		[0x00080060, 'CS', 'SR'],
		[0x0020000e, 'UI', newUid()],
		[0x00200011, 'IS', SERIES_NUMBER],
		[0x0008103e, 'LO', 'Sorting by suspicion, and what a person saw'],
		[0x00081111, 'SQ', []],
		[0x00200013, 'IS', '1'],
		[0x00080012, 'DA', day],
		[0x00080013, 'TM', time],
		[0x00080023, 'DA', day],
		[0x00080033, 'TM', time],
		// Final is what a person signs, in the system that takes it.
		[0x0040a496, 'CS', 'PRELIMINARY'],
		[0x0040a491, 'CS', 'COMPLETE'],
		[0x0040a493, 'CS', 'UNVERIFIED'],
		[0x0040a372, 'SQ', []],
		[0x0040a375, 'SQ', evidence.length > 0 ? evidence : null],
		...contentOf(groups, words)
	]);
}

/** TID 1500. */
function contentOf(groups: readonly DataSet[], words: ReportWords): DataSet {
	const language: Code = { value: 'en', scheme: 'RFC5646', meaning: 'English' };
	const template: DataSet = [
		[0x00080105, 'CS', 'DCMR'],
		[0x0040db00, 'CS', '1500']
	];
	return [
		[0x0040a040, 'CS', 'CONTAINER'],
		[0x0040a043, 'SQ', [codeOf(dcm('126000', 'Imaging Measurement Report'))]],
		[0x0040a050, 'CS', 'SEPARATE'],
		[0x0040a504, 'SQ', [template]],
		[
			0x0040a730,
			'SQ',
			[
				code(
					dcm('121049', 'Language of Content Item and Descendants'),
					language,
					'HAS CONCEPT MOD'
				),
				code(OBSERVER_TYPE, dcm('121007', 'Device'), 'HAS OBS CONTEXT'),
				uid(dcm('121012', 'Device Observer UID'), OBSERVER_UID),
				text(dcm('121013', 'Device Observer Name'), 'Fieldlens', 'HAS OBS CONTEXT'),
				...(words.modelName
					? [text(dcm('121015', 'Device Observer Model Name'), words.modelName, 'HAS OBS CONTEXT')]
					: []),
				code(dcm('121058', 'Procedure reported'), words.procedure, 'HAS CONCEPT MOD'),
				container(dcm('126010', 'Imaging Measurements'), groups),
				container(
					{ value: 'C0034375', scheme: 'UMLS', meaning: 'Qualitative Evaluations' },
					words.limits.map((limit) => text(COMMENT, limit))
				)
			]
		]
	];
}

type Evidence = ImageReference & { readonly series: string; readonly study: string };

/** All images that the report is of, by study and series (PS3.3, C.17.2). */
function evidenceOf({ uid: study, rows }: Study, captures: ReadonlyMap<ReportRow, Capture>) {
	const all: Evidence[] = [
		...rows.flatMap(({ origin }) => (origin ? [origin] : [])),
		...[...captures.values()].map(({ uid: image, series }) => ({
			kind: SECONDARY_CAPTURE,
			image,
			series,
			study
		}))
	];
	return grouped(all, (one) => one.study).map(([uid, ofStudy]): DataSet => [
		[0x0020000d, 'UI', uid],
		[
			0x00081115,
			'SQ',
			grouped(ofStudy, (one) => one.series).map(([series, images]): DataSet => [
				[0x0020000e, 'UI', series],
				[0x00081199, 'SQ', images.map(referenceOf)]
			])
		]
	]);
}

function grouped<T>(all: readonly T[], keyOf: (one: T) => string): [string, T[]][] {
	const groups = new Map<string, T[]>();
	for (const one of all) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
	return [...groups];
}
