/**
 * The studies that a report becomes, and what all files of one have in common (PS3.3, C.7). An
 * image that came from an archive stays in its study, where the file may say whose it is.
 */
import type { DicomOrigin } from '../../formats/facts';
import type { Slide } from '../../worklist/slides';
import { byPatient, bySlide } from '../by-patient';
import type { Report } from '../export';
import type { WrittenPatient } from '../identity';
import type { ReportRow } from '../report';
import { modelName } from '../../models/card-messages';
import type { DataSet, Element } from './elements';
import { ageOf, dayOf, momentOf, newUid, personName } from './values';

export interface Study {
	readonly uid: string;
	/** Elements of patient, study and equipment that stand in each of its files. */
	readonly common: DataSet;
	readonly rows: readonly ReportRow[];
	/** Whose fields its images are; null of images that are read each by itself. */
	readonly slide: Slide | null;
}

/** A slide, or all of a patient's images of one study; of one day where there is none. */
export function studiesOf(report: Report): Study[] {
	const { slides, others } = bySlide(report.rows, report.slides ?? []);
	return [
		...byPatient(others).flatMap(({ rows }) =>
			byStudy(rows).map((ofStudy) => studyOf(ofStudy, null, report))
		),
		...slides.map(({ slide, rows }) => studyOf(rows, slide, report))
	];
}

function byStudy(rows: readonly ReportRow[]): ReportRow[][] {
	const studies = new Map<string, ReportRow[]>();
	for (const row of rows) {
		const key = row.origin?.study ?? `day ${row.patient?.date ?? ''}`;
		const found = studies.get(key);
		if (found) found.push(row);
		else studies.set(key, [row]);
	}
	return [...studies.values()];
}

function studyOf(rows: readonly ReportRow[], slide: Slide | null, { model, made }: Report): Study {
	const [{ patient = null, origin = null }] = rows;
	const uid = origin?.study ?? newUid();
	const { zone } = momentOf(made);
	return {
		uid,
		rows,
		slide,
		common: [
			[0x00080005, 'CS', 'ISO_IR 192'],
			[0x00080201, 'SH', zone],
			...patientOf(patient, origin),
			[0x0020000d, 'UI', uid],
			[0x00080020, 'DA', origin?.studyDate ?? dayOf(patient?.date)],
			[0x00080030, 'TM', origin?.studyTime ?? ''],
			[0x00080050, 'SH', origin?.accession ?? ''],
			[0x00080090, 'PN', ''],
			[0x00200010, 'SH', origin?.studyId ?? ''],
			[0x00080070, 'LO', 'Fieldlens'],
			[0x00081090, 'LO', model ? modelName(model.manifest) : null],
			[0x00181020, 'LO', model ? `${model.manifest.id} ${model.manifest.version}` : null]
		]
	};
}

const SEXES = { female: 'F', male: 'M', other: 'O' } as const;

/** Name and number as the archive writes them, where the image is from one. */
function patientOf(patient: WrittenPatient | null, origin: DicomOrigin | null): Element[] {
	const number = origin?.patientId ?? patient?.code ?? patient?.number ?? '';
	// Lists of archives show names: the replacement number stands there, too.
	const name = origin?.patientName ?? patient?.code ?? personName(patient?.name ?? '');
	return [
		[0x00100010, 'PN', name],
		[0x00100020, 'LO', number],
		[0x00100030, 'DA', dayOf(patient?.birthDate)],
		[0x00100040, 'CS', patient?.sex ? SEXES[patient.sex] : ''],
		[0x00101010, 'AS', ageOf(patient?.age ?? null)]
	];
}
