/** Content items of structured reports (PS3.3, C.17.3), and the codes that they use. */
import type { DataSet, Element } from './elements';

export interface Code {
	readonly value: string;
	readonly scheme: string;
	readonly meaning: string;
}

/** An image as it is referred to. */
export interface ImageReference {
	readonly kind: string;
	readonly image: string;
}

/** How an item stands to the one above it. */
type Relation = 'CONTAINS' | 'HAS OBS CONTEXT' | 'HAS CONCEPT MOD';

/** Codes of this program's own; what it means by them stands in `schemesOf`. */
const OWN_SCHEME = '99FIELDLENS';

/** DICOM's own codes (PS3.16, annex D). */
export const dcm = (value: string, meaning: string): Code => ({ value, scheme: 'DCM', meaning });
export const own = (value: string, meaning: string): Code => ({
	value,
	scheme: OWN_SCHEME,
	meaning
});

/** Says whose the codes of this program are (PS3.3, C.12.1.1.1.1). */
export const CODING_SCHEMES: Element = [
	0x00080110,
	'SQ',
	[
		[
			[0x00080102, 'SH', OWN_SCHEME],
			[0x00080115, 'ST', 'Codes of Fieldlens'],
			[0x00080116, 'ST', 'Fieldlens']
		]
	]
];

/** The macro of PS3.3, 8.8. */
export function codeOf({ value, scheme, meaning }: Code): DataSet {
	return [
		[0x00080100, 'SH', value],
		[0x00080102, 'SH', scheme],
		[0x00080104, 'LO', meaning]
	];
}

export function referenceOf({ kind, image }: ImageReference): DataSet {
	return [
		[0x00081150, 'UI', kind],
		[0x00081155, 'UI', image]
	];
}

function item(relation: Relation, type: string, name: Code | null, rest: DataSet): DataSet {
	return [
		[0x0040a010, 'CS', relation],
		[0x0040a040, 'CS', type],
		[0x0040a043, 'SQ', name && [codeOf(name)]],
		...rest
	];
}

/** @param time when what is in it was seen, as a DT; null where that is not known. */
export function container(name: Code, items: readonly DataSet[], time: string | null = null) {
	return item('CONTAINS', 'CONTAINER', name, [
		[0x0040a032, 'DT', time],
		[0x0040a050, 'CS', 'SEPARATE'],
		[0x0040a730, 'SQ', items]
	]);
}

export function text(name: Code, value: string, relation: Relation = 'CONTAINS'): DataSet {
	return item(relation, 'TEXT', name, [[0x0040a160, 'UT', value]]);
}

export function code(name: Code, value: Code, relation: Relation = 'CONTAINS'): DataSet {
	return item(relation, 'CODE', name, [[0x0040a168, 'SQ', [codeOf(value)]]]);
}

export function uid(name: Code, value: string): DataSet {
	return item('HAS OBS CONTEXT', 'UIDREF', name, [[0x0040a124, 'UI', value]]);
}

export function person(name: Code, value: string): DataSet {
	return item('HAS OBS CONTEXT', 'PNAME', name, [[0x0040a123, 'PN', value]]);
}

export function number(name: Code, value: number, unit: Code): DataSet {
	return item('CONTAINS', 'NUM', name, [
		[
			0x0040a300,
			'SQ',
			[
				[
					[0x004008ea, 'SQ', [codeOf(unit)]],
					[0x0040a30a, 'DS', String(value)]
				]
			]
		]
	]);
}

export function image(name: Code, reference: ImageReference): DataSet {
	return item('CONTAINS', 'IMAGE', name, [[0x00081199, 'SQ', [referenceOf(reference)]]]);
}
