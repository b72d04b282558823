/** Parts that the schemas of a backup's lines are made of. */
import * as v from 'valibot';
import { fromBase64 } from './base64';

/** Base64 of at most so many bytes. */
export const bytes = (count: number) =>
	v.pipe(
		v.string(),
		v.maxLength(Math.ceil(count / 3) * 4),
		v.regex(/^[A-Za-z0-9+/]*={0,2}$/),
		v.check((text) => text.length % 4 === 0),
		v.transform(fromBase64)
	);
export const text = (length: number) => v.pipe(v.string(), v.maxLength(length));
export const count = v.pipe(
	v.number(),
	v.integer(),
	v.minValue(0),
	v.maxValue(Number.MAX_SAFE_INTEGER)
);
export const time = v.pipe(v.string(), v.maxLength(40), v.isoTimestamp());
