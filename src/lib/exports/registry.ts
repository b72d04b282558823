/** All exports of a list. A new one is a file and a line here (`export.ts` is the contract). */
import { csv } from './csv';
import { dicom } from './dicom';
import type { ResultExport } from './export';
import { fhir } from './fhir';
import { json } from './json';

/** The first is the one that is wanted most often. */
export const EXPORTS: readonly ResultExport[] = [csv, json, fhir, dicom];
