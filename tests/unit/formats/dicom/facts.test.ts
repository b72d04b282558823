import { describe, expect, it } from 'vitest';
import { readDataSet } from '../../../../src/lib/formats/dicom/read-elements';
import { factsOf } from '../../../../src/lib/formats/dicom/facts';

/** A data set of text elements in explicit little endian (PS3.5, 7.1.2). */
function setOf(values: [group: number, element: number, vr: string, value: string][]) {
	const elements = values.map(([group, element, vr, value]) => {
		const text = Buffer.from(value.length % 2 ? `${value} ` : value, 'latin1');
		const head = Buffer.alloc(8);
		head.writeUInt16LE(group, 0);
		head.writeUInt16LE(element, 2);
		head.write(vr, 4, 'latin1');
		head.writeUInt16LE(text.length, 6);
		return Buffer.concat([head, text]);
	});
	const encoding = { isExplicit: true, isLittle: true };
	return readDataSet(new Uint8Array(Buffer.concat(elements)), 0, encoding);
}

const ageOf = (age: string) => factsOf(setOf([[0x0010, 0x1010, 'AS', age]]), 1).age;
const nameOf = (name: string, sets = '') =>
	factsOf(
		setOf([
			[0x0008, 0x0005, 'CS', sets],
			[0x0010, 0x0010, 'PN', name]
		]),
		1
	).patientName;

describe('an age', () => {
	it.each([
		['003Y', 3],
		['003y', 3],
		['42', 42],
		['042 Y', 42],
		['018M', 1.5],
		['6m', 0.5]
	])('%s is %s years', (written, years) => expect(ageOf(written)).toBe(years));

	it.each(['', 'Y', 'unknown', '-3Y', '3.5Y'])('that is none is none: %s', (written) => {
		expect(ageOf(written)).toBeNull();
	});
});

describe('a name', () => {
	it('stands as people write it', () => {
		expect(nameOf('Diallo^Amina^Fatou')).toBe('Amina Fatou Diallo');
		expect(nameOf('Diallo')).toBe('Diallo');
		expect(nameOf('^^^^')).toBeNull();
	});

	it('in ideographs stands behind it, the family name first', () => {
		const name = 'Yamada^Tarou=\u001b$B;3ED\u001b(B^\u001b$BB@O:\u001b(B';
		expect(nameOf(name, '\\ISO 2022 IR 87')).toBe('Tarou Yamada (山田 太郎)');
	});

	it('in ideographs alone stands by itself', () => {
		const name = '=\u001b$B;3ED\u001b(B^\u001b$BB@O:\u001b(B';
		expect(nameOf(name, '\\ISO 2022 IR 87')).toBe('山田 太郎');
	});
});

describe('who the patient is', () => {
	it('has a birth date and a sex, and an age reckoned from them', () => {
		const facts = factsOf(
			setOf([
				[0x0008, 0x0020, 'DA', '20261121'],
				[0x0010, 0x0030, 'DA', '20231121'],
				[0x0010, 0x0040, 'CS', 'f']
			]),
			1
		);
		expect(facts).toMatchObject({ birthDate: '2023-11-21', sex: 'female', age: 3 });
		expect(factsOf(setOf([[0x0010, 0x0040, 'CS', 'X']]), 1)).toMatchObject({
			birthDate: null,
			sex: null
		});
	});
});

describe('where an image stands in its archive', () => {
	const UIDS: [number, number, string, string][] = [
		[0x0008, 0x0016, 'UI', '1.2.840.10008.5.1.4.1.1.1.1'],
		[0x0008, 0x0018, 'UI', '1.2.3.4.5\0'],
		[0x0020, 0x000d, 'UI', '1.2.3'],
		[0x0020, 0x000e, 'UI', '1.2.3.4']
	];
	const originOf = (elements: typeof UIDS) => factsOf(setOf(elements), 1).origin;

	it('is told by its UIDs, and how the archive writes the patient', () => {
		const more: typeof UIDS = [
			[0x0008, 0x0020, 'DA', '20261102'],
			[0x0008, 0x0030, 'TM', '081500.00'],
			[0x0010, 0x0010, 'PN', 'Kato^Amina^^'],
			[0x0010, 0x0020, 'LO', ' 0042']
		];
		expect(originOf([...UIDS, ...more])).toEqual({
			study: '1.2.3',
			series: '1.2.3.4',
			image: '1.2.3.4.5',
			kind: '1.2.840.10008.5.1.4.1.1.1.1',
			patientName: 'Kato^Amina^^',
			patientId: '0042',
			studyDate: '20261102',
			studyTime: '081500.00',
			studyId: '',
			accession: ''
		});
	});

	it('is not known where a UID is missing or none', () => {
		expect(originOf(UIDS.slice(1))).toBeNull();
		for (const wrong of ['1.2.x', '1..2', '01.2', '']) {
			expect(originOf([...UIDS.slice(0, 3), [0x0020, 0x000e, 'UI', wrong]])).toBeNull();
		}
	});
});
