/** A list with all that a DICOM export has to tell apart. */
import { NO_FACTS, type DicomOrigin } from '../../../src/lib/formats/facts';
import type { Row } from '../../../src/lib/worklist/row';
import { readRow, reviewOf, rowAt } from './rows';

/** Where the first two images stand in an archive. */
export const ORIGIN: DicomOrigin = {
	study: '1.2.840.99.1',
	series: '1.2.840.99.1.1',
	image: '1.2.840.99.1.1.1',
	kind: '1.2.840.10008.5.1.4.1.1.1.1',
	patientName: 'Müller^Zoë^^^',
	patientId: 'KC-0042',
	studyDate: '20261102',
	studyTime: '081500',
	studyId: 'ST7',
	accession: 'A-1'
};

const FACTS = {
	...NO_FACTS,
	modality: 'DX',
	patientName: 'Zoë Müller',
	patientId: 'KC-0042',
	birthDate: '2023-05-02',
	age: 3.5,
	sex: 'female' as const,
	studyDate: '2026-11-02',
	origin: ORIGIN
};

const time = '2026-11-21T09:29:00.000Z';

/** Two of one study, one of an adult, one by a typed name, one cut off, one outline marked wrong. */
export function dicomRows(): Row[] {
	return [
		{
			...readRow(0, 0.873, 'Zoë Müller/front.dcm'),
			time,
			facts: FACTS,
			review: reviewOf('present', { note: 'left base\\\nsee again', by: 'AB' })
		},
		{
			...readRow(1, 0.11, 'Zoë Müller/again.dcm'),
			time,
			facts: { ...FACTS, origin: { ...ORIGIN, image: '1.2.840.99.1.1.2' } }
		},
		{
			...readRow(2, 0.99, 'adult.dcm'),
			time,
			facts: { ...NO_FACTS, patientId: '77', age: 34, studyDate: '2026-11-03' }
		},
		{
			...readRow(3, 0.4, 'typed.jpg'),
			time,
			typed: { name: 'أمينة كاتو', birthDate: '2025-04-01', date: '2026-11-04' },
			review: reviewOf('absent', { by: '' })
		},
		{ ...readRow(4, 0.6, 'wrong outline.jpg'), time, outlineWrong: true },
		rowAt(5, 'cut.jpg', { status: 'stopped', time })
	];
}
