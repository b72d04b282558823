/** What is kept of patients, as it is checked when it is read back from storage or a backup. */
import * as v from 'valibot';
import { MAX_EXAMPLE_CHARS, MAX_PATIENT_CHARS } from '../base/limits';
import { MARKS } from './naming-rule';
import type { Said } from './patient';
import type { PatientRules } from './rules';

const text = v.nullable(v.pipe(v.string(), v.maxLength(MAX_PATIENT_CHARS)));
const day = v.nullable(v.pipe(v.string(), v.isoDate()));

/** What a person typed. */
export const saidSchema: v.GenericSchema<Said> = v.partial(
	v.object({
		name: text,
		number: text,
		birthDate: day,
		age: v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(200))),
		sex: v.nullable(v.picklist(['female', 'male', 'other'])),
		date: day
	})
);

export const rulesSchema: v.GenericSchema<PatientRules> = v.object({
	folders: v.boolean(),
	naming: v.nullable(
		v.object({
			example: v.pipe(v.string(), v.maxLength(MAX_EXAMPLE_CHARS)),
			marks: v.pipe(v.array(v.nullable(v.picklist(MARKS))), v.maxLength(MAX_EXAMPLE_CHARS))
		})
	),
	dates: v.picklist(['dmy', 'mdy'])
});
