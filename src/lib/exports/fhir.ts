/**
 * The list for record systems: a FHIR R4 Bundle (HL7, 4.0.1) with a DiagnosticReport a patient,
 * and for each image a Media, an Observation of the program and one of the person who looked; of
 * smears a DiagnosticReport a slide.
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
import { cardText, modelName } from '../models/card-messages';
import { m } from '../paraglide/messages.js';
import { TASKS } from '../tasks';
import { taskWords } from '../tasks/task-words';
import type { Slide } from '../worklist/slides';
import { byPatient, bySlide, keyOf } from './by-patient';
import type { Report, TextExport } from './export';
import type { WrittenPatient } from './identity';
import type { ReportRow } from './report';
import {
	categorySaid,
	limitsOf,
	methodSaid,
	noScoreReason,
	NOTICE,
	remarksOfImage,
	scoreOf100
} from './said';
import { slideByPerson, slideByProgram } from './fhir-slide';
import { newUuid } from './uuid';

export const fhir: TextExport = {
	id: 'fhir',
	ending: 'fhir.json',
	type: 'application/fhir+json',
	name: 'FHIR',
	language: 'english',
	says: () => m.record_fhir_says(),
	write: (report) => `${JSON.stringify(bundleOf(report), null, '\t')}\n`
};

const HL7 = 'http://terminology.hl7.org/CodeSystem';

/**
 * A collection: what takes it decides which of its own patients they are. Files that are no images
 * are left out. Arrays are never empty: FHIR forbids it.
 */
export function bundleOf(report: Report): Bundle {
	const entries = new Entries();
	const device = report.model && entries.add(deviceOf(report.model));
	const { slides, others } = bySlide(report.rows, report.slides ?? []);
	for (const one of byPatient(others)) addReport(entries, one, null, device, report);
	for (const one of slides) addReport(entries, one, one.slide, device, report);
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
	readonly #patients = new Map<string, Reference>();

	add(resource: FhirResource): Reference {
		const fullUrl = `urn:uuid:${newUuid()}`;
		this.all.push({ fullUrl, resource });
		return { reference: fullUrl };
	}

	/** Who a report is of, once for all reports; null where nothing is known. */
	patient(patient: WrittenPatient | null): Reference | null {
		if (!patient || !isKnown(patient)) return null;
		const key = keyOf(patient);
		const known = key === null ? null : this.#patients.get(key);
		if (known) return known;
		const added = this.add(patientOf(patient));
		if (key !== null) this.#patients.set(key, added);
		return added;
	}
}

/** @param slide whose fields the rows are; null of images that are read each by itself. */
function addReport(
	entries: Entries,
	{ rows, patient }: { rows: readonly ReportRow[]; patient: WrittenPatient | null },
	slide: Slide | null,
	device: Reference | null,
	{ model, made }: Report
): void {
	const subject = entries.patient(patient);
	const ofPatient = subject ? { subject } : {};
	const task = model && TASKS.of(model.manifest.task);
	const category = task && coded(`${HL7}/observation-category`, task.inRecords.category);
	const media = rows.map((row) => entries.add({ ...mediaOf(row), ...ofPatient }));
	const common = { ...ofPatient, ...(category && { category: [category] }) };
	const byDevice = device ? { device } : {};
	const observations: Observation[] = slide
		? [{ ...slideByProgram(slide, model), ...byDevice }, slideByPerson(slide)]
				.filter((one) => one !== null)
				.map((one) => ({ ...one, ...common, ...timeOf(rows[0]), derivedFrom: media }))
		: rows.flatMap((row, i) => {
				const ofImage = { ...common, ...timeOf(row), derivedFrom: [media[i]] };
				return [
					{ ...byProgram(row, model), ...ofImage, ...byDevice },
					...(row.review ? [{ ...byPerson(row.review, model), ...ofImage }] : [])
				];
			});
	const result = observations.map((one) => entries.add(one));
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
		conclusion: [NOTICE, ...(model ? limitsOf(model.manifest) : [])].join(' ')
	};
	entries.add(report);
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
	const value = scoreOf100(row);
	const said = categorySaid(row, model);
	const { time } = row;
	const remarks = [...remarksOfImage(row), NOTICE];
	return {
		resourceType: 'Observation',
		// Nobody has to agree with it.
		status: value !== null ? 'preliminary' : 'cancelled',
		code: { text: 'Suspicion by the program, for sorting' },
		...(value !== null
			? { valueQuantity: scoreQuantity(value) }
			: { dataAbsentReason: { text: noScoreReason(row, model) } }),
		...(said && { interpretation: [{ text: said }] }),
		...(model && { method: { text: methodSaid(model) } }),
		...(time && { issued: time }),
		note: remarks.map((text) => ({ text }))
	};
}

/** 0 to 100 as on the page; UCUM has an annotation for what is no unit. */
function scoreQuantity(value: number): Observation['valueQuantity'] {
	return {
		value,
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
