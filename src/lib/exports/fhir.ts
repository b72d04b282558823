/**
 * The list for record systems: a FHIR R4 Bundle (HL7, 4.0.1) with a DiagnosticReport a patient,
 * and for each image a Media, an Observation of the program and one of the person who looked.
 */
import type {
	Bundle,
	CodeableConcept,
	Device,
	DiagnosticReport,
	FhirResource,
	Media,
	Observation,
	Patient,
	Reference
} from 'fhir/r4';
import { settingText } from '../calibration/setting-messages';
import { cardText, modelName } from '../models/card-messages';
import { promiseOf } from '../models/figures';
import { m } from '../paraglide/messages.js';
import { categoryText } from '../reading/category-messages';
import { isScoreMeant } from '../reading/score';
import { TASKS } from '../tasks';
import { taskWords } from '../tasks/task-words';
import type { Report, ResultExport } from './export';
import type { WrittenPatient } from './identity';
import type { ReportRow } from './report';

export const fhir: ResultExport = {
	id: 'fhir',
	ending: 'fhir.json',
	type: 'application/fhir+json',
	name: 'FHIR',
	language: 'english',
	says: () => m.record_fhir_says(),
	write: (report) => `${JSON.stringify(bundleOf(report), null, '\t')}\n`
};

const NOTICE = 'A help for sorting, not a diagnosis. A person decides.';
const HL7 = 'http://terminology.hl7.org/CodeSystem';

/**
 * A collection: what takes it decides which of its own patients they are. Files that are no images
 * are left out. Arrays are never empty: FHIR forbids it.
 */
export function bundleOf(report: Report): Bundle {
	const entries = new Entries();
	const device = report.model && entries.add(deviceOf(report.model));
	for (const { patient, rows } of byPatient(report.rows)) {
		addReport(entries, rows, patient, device, report);
	}
	return {
		resourceType: 'Bundle',
		type: 'collection',
		timestamp: report.made.toISOString(),
		...(entries.all.length > 0 && { entry: entries.all })
	};
}

/** The resources of a bundle, which name each other by their full addresses. */
class Entries {
	readonly all: { fullUrl: string; resource: FhirResource }[] = [];

	add(resource: FhirResource): Reference {
		const fullUrl = `urn:uuid:${uuid()}`;
		this.all.push({ fullUrl, resource });
		return { reference: fullUrl };
	}
}

/** A random UUID (RFC 9562, version 4); `randomUUID` is not there on an address without https. */
function uuid(): string {
	const bytes = crypto.getRandomValues(new Uint8Array(16));
	bytes[6] = (bytes[6] & 0x0f) | 0x40;
	bytes[8] = (bytes[8] & 0x3f) | 0x80;
	const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
	return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

interface OfPatient {
	readonly patient: WrittenPatient | null;
	readonly rows: ReportRow[];
}

/** The images of each patient; an image of which nobody knows the patient stands alone. */
function byPatient(rows: readonly ReportRow[]): OfPatient[] {
	const groups = new Map<string, OfPatient>();
	for (const row of rows) {
		if (row.leftOut) continue;
		const key = keyOf(row.patient) ?? `image ${row.path}`;
		const group = groups.get(key);
		if (group) group.rows.push(row);
		else groups.set(key, { patient: row.patient ?? null, rows: [row] });
	}
	return [...groups.values()];
}

/** As `patients/patient.ts` tells patients apart, of what the file says. */
function keyOf(patient: WrittenPatient | undefined): string | null {
	if (!patient) return null;
	const { code, number, name, birthDate } = patient;
	if (code ?? number) return `number ${code ?? number}`;
	return name ? `name ${name} ${birthDate ?? ''}` : null;
}

function addReport(
	entries: Entries,
	rows: readonly ReportRow[],
	patient: WrittenPatient | null,
	device: Reference | null,
	{ model, made }: Report
): void {
	const subject = patient && isKnown(patient) ? entries.add(patientOf(patient)) : null;
	const ofPatient = subject ? { subject } : {};
	const task = model && TASKS.of(model.manifest.task);
	const category = task && coded(`${HL7}/observation-category`, task.inRecords.category);
	const media: Reference[] = [];
	const result: Reference[] = [];
	for (const row of rows) {
		const picture = entries.add({ ...mediaOf(row), ...ofPatient });
		media.push(picture);
		const common = {
			...ofPatient,
			...(category && { category: [category] }),
			...timeOf(row),
			derivedFrom: [picture]
		};
		const measured = { ...byProgram(row, model), ...common, ...(device && { device }) };
		result.push(entries.add(measured));
		if (row.review) result.push(entries.add({ ...byPerson(row.review, model), ...common }));
	}
	const report: DiagnosticReport = {
		resourceType: 'DiagnosticReport',
		// Final is what a person signs, in the system that takes it.
		status: 'preliminary',
		...(task && { category: [coded(`${HL7}/v2-0074`, task.inRecords.section)] }),
		code: task?.inRecords.loinc
			? coded('http://loinc.org', task.inRecords.loinc.code, task.inRecords.loinc.display)
			: { text: model ? taskWords(model.manifest.task).title : 'Image' },
		...ofPatient,
		issued: made.toISOString(),
		result,
		media: media.map((link) => ({ link })),
		conclusion: [NOTICE, ...(model ? limitsOf(model) : [])].join(' ')
	};
	entries.add(report);
}

function limitsOf({ manifest }: NonNullable<Report['model']>): string[] {
	return [
		...manifest.card.warnings.map((id) => cardText(manifest, id)),
		...taskWords(manifest.task).limits
	];
}

function deviceOf({ manifest }: NonNullable<Report['model']>): Device {
	return {
		resourceType: 'Device',
		deviceName: [{ name: modelName(manifest), type: 'model-name' }],
		modelNumber: manifest.id,
		version: [{ value: manifest.version }],
		note: [{ text: cardText(manifest, manifest.card.intendedUse) }]
	};
}

function isKnown({ code, name, number, birthDate, sex }: WrittenPatient): boolean {
	return [code, name, number, birthDate, sex].some((one) => one !== null);
}

function patientOf({ code, name, number, birthDate, sex }: WrittenPatient): Patient {
	return {
		resourceType: 'Patient',
		...(code && { identifier: [{ type: { text: 'Replacement number' }, value: code }] }),
		...(number && { identifier: [{ type: { text: 'Number in the clinic' }, value: number }] }),
		...(name && { name: [{ text: name }] }),
		...(sex && { gender: sex }),
		...(birthDate && { birthDate })
	};
}

/** The image stays on the device: the file's name says which it is. */
function mediaOf({ path, patient }: ReportRow): Media {
	return {
		resourceType: 'Media',
		status: 'completed',
		type: coded(`${HL7}/media-type`, 'image', 'Image'),
		...(patient?.date && { createdDateTime: patient.date }),
		content: { title: path }
	};
}

/** When the image was taken; where nobody knows, when it was read. */
function timeOf({ patient, time }: ReportRow): Pick<Observation, 'effectiveDateTime'> {
	const when = patient?.date ?? time;
	return when ? { effectiveDateTime: when } : {};
}

/** What the program says; a score only where it means something. */
function byProgram(row: ReportRow, model: Report['model']): Observation {
	const { score, category, reason, outside, overruled, region, cropped, filmFound, time } = row;
	const means = score !== null && isScoreMeant(category);
	const said = category && model && categoryText(category, model.manifest.task);
	const remarks = [
		outside.length > 0 &&
			`Outside the intended use: ${outside.join('; ')}.` +
				(overruled ? ' Read all the same, as a person wished.' : ''),
		cropped &&
			(filmFound
				? 'The program found the film in the picture; nobody confirmed it.'
				: 'A person marked the film in the picture.'),
		region?.outline !== 'found' && region && `Outline of what was read: ${region.outline}.`,
		...(region?.notes ?? []),
		NOTICE
	].filter((text): text is string => typeof text === 'string');
	return {
		resourceType: 'Observation',
		// Nobody has to agree with it.
		status: means ? 'preliminary' : 'cancelled',
		code: { text: 'Suspicion by the program, for sorting' },
		...(means
			? { valueQuantity: scoreQuantity(score) }
			: { dataAbsentReason: { text: reason || said || 'not read' } }),
		...(said && { interpretation: [{ text: said }] }),
		...(model && {
			method: { text: `${settingText(model.point)}. ${promiseOf(model.manifest, model.point)}` }
		}),
		...(time && { issued: time }),
		note: remarks.map((text) => ({ text }))
	};
}

/** 0 to 100 as on the page; UCUM has an annotation for what is no unit. */
function scoreQuantity(score: number): Observation['valueQuantity'] {
	return {
		value: Math.round(score * 1000) / 10,
		unit: 'of 100',
		system: 'http://unitsofmeasure.org',
		code: '{score}'
	};
}

function byPerson(review: NonNullable<ReportRow['review']>, model: Report['model']): Observation {
	const { finding, reason, note, by, time } = review;
	const remarks = [reason, note].filter((text) => text !== '');
	return {
		resourceType: 'Observation',
		status: 'final',
		code: { text: 'What the person sees who looked at the image' },
		valueCodeableConcept: {
			text: model ? taskWords(model.manifest.task).findings[finding] : finding
		},
		...(by && { performer: [{ display: by }] }),
		issued: time,
		...(remarks.length > 0 && { note: remarks.map((text) => ({ text })) })
	};
}

function coded(system: string, code: string, display?: string): CodeableConcept {
	return { coding: [{ system, code, ...(display && { display }) }] };
}
