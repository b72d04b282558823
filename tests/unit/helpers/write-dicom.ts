/**
 * Writes what a list becomes as DICOM, for the Python tests to read it back by pydicom:
 * `tsx tests/unit/helpers/write-dicom.ts PICTURE.jpg OUT.zip NAMING`.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { writeDicom } from '../../../src/lib/exports/dicom/write';
import type { Naming } from '../../../src/lib/exports/identity';
import { reportOf } from '../../../src/lib/exports/report';
import { inEnglish } from '../../../src/lib/i18n/in-english';
import { patientsBy } from '../../../src/lib/patients/rules';
import { dicomRows } from './dicom-rows';
import { exampleManifest } from './manifest';

const [picture, out, naming] = process.argv.slice(2);
const manifest = exampleManifest();
const point = manifest.operatingPoints[0];
const jpeg = new Uint8Array(await readFile(picture));
const rows = dicomRows();
const patientOf = patientsBy({ folders: false, naming: null, dates: 'dmy' });
const keys = rows.flatMap((row) => patientOf(row).key ?? []);
const codes = new Map(keys.map((key, i) => [key, `P-7K3M-Q2X${i}`]));
const making = {
	signal: new AbortController().signal,
	onPicture: () => undefined,
	// The last has no picture, and the one before it only the list's small one.
	pictureOf: ({ id }: { id: number }) =>
		Promise.resolve(id === rows.length - 1 ? null : { jpeg, isSmall: id === rows.length - 2 })
};
const zip = await inEnglish(() =>
	writeDicom(
		{
			rows: reportOf(rows, point, manifest, { naming: naming as Naming, patientOf, codes }),
			model: { manifest, point },
			made: new Date('2026-11-21T09:30:00Z')
		},
		making
	)
);
await writeFile(out, new Uint8Array(await zip.arrayBuffer()));
