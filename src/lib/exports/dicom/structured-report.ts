/**
 * What the program and a person say of the images of a study, as a Comprehensive SR (PS3.3,
 * A.35.3) by the template Measurement Report (PS3.16, TID 1500). It is not verified: a person
 * signs in the system that takes it.
 */
import { modelName } from '../../models/card-messages';
import { TASKS } from '../../tasks';
import { taskWords } from '../../tasks/task-words';
import type { Report } from '../export';
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
import { fileOf, type DataSet, type Element } from './elements';
import { SECONDARY_CAPTURE, type Capture } from './secondary-capture';
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

/** An image of the study, and what is said of it. */
export interface ReportedImage {
	readonly row: ReportRow;
	/** Each is given the images by which it can be seen: the source, the picture made of it. */
	readonly groups: readonly ((seen: readonly ImageReference[]) => DataSet)[];
}

/**
 * What is said of an image, by the program and by a person, each in a group of its own. All words
 * are taken now; the groups are made when it is known which pictures there are.
 */
export function reportedImage(row: ReportRow, model: Report['model']): ReportedImage {
	const tracking = newUid();
	const groups = [groupOf(row, tracking, byProgram(row, model), row.time)];
	const { review } = row;
	if (review) groups.push(groupOf(row, tracking, byPerson(review, model), review.time));
	return { row, groups };
}

/** TID 1501. */
function groupOf({ path }: ReportRow, tracking: string, said: readonly DataSet[], time: string) {
	return (seen: readonly ImageReference[]) =>
		container(
			GROUP,
			[
				text(dcm('112039', 'Tracking Identifier'), path, 'HAS OBS CONTEXT'),
				uid(dcm('112040', 'Tracking Unique Identifier'), tracking),
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

/** The person is the observer of this group alone (TID 1003). */
function byPerson(review: NonNullable<ReportRow['review']>, model: Report['model']): DataSet[] {
	const { finding, reason, note, by } = review;
	const words = model ? taskWords(model.manifest.task).findings[finding] : finding;
	return [
		code(OBSERVER_TYPE, dcm('121006', 'Person'), 'HAS OBS CONTEXT'),
		person(dcm('121008', 'Person Observer Name'), by ? personName(by) : 'Not named'),
		code(dcm('121071', 'Finding'), own(finding, words)),
		...[reason, note].filter((said) => said !== '').map((said) => text(COMMENT, said))
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
	images: readonly ReportedImage[],
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
	const groups = images.flatMap((one) => one.groups.map((made) => made(seenOf(one.row))));
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

type Evidence = ImageReference & { readonly series: string };

/** All images that the report is of, by study and series (PS3.3, C.17.2). */
function evidenceOf({ uid: study, rows }: Study, captures: ReadonlyMap<ReportRow, Capture>) {
	const all: Evidence[] = [
		...rows.flatMap(({ origin }) => (origin ? [origin] : [])),
		...[...captures.values()].map(({ uid: image, series }) => ({
			kind: SECONDARY_CAPTURE,
			image,
			series
		}))
	];
	const series = new Map<string, Evidence[]>();
	for (const one of all) series.set(one.series, [...(series.get(one.series) ?? []), one]);
	const ofSeries = [...series].map(([uid, images]): DataSet => [
		[0x0020000e, 'UI', uid],
		[0x00081199, 'SQ', images.map(referenceOf)]
	]);
	const ofStudy: Element[] = [
		[0x0020000d, 'UI', study],
		[0x00081115, 'SQ', ofSeries]
	];
	return all.length > 0 ? [ofStudy] : [];
}
