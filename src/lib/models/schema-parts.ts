/** What the schemas of a manifest are built from. */
import * as v from 'valibot';

/** The largest package that is accepted, bytes: bounds what a foreign manifest can ask for. */
export const MAX_PACKAGE_BYTES = 256 * 1024 * 1024;

export const probability = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
export const count = v.pipe(v.number(), v.integer(), v.minValue(0));
export const positiveCount = v.pipe(v.number(), v.integer(), v.minValue(1));
/** A proper name, a command, a reference: shown as it is in every language. */
export const text = v.pipe(v.string(), v.minLength(1), v.maxLength(1000));
/** What is said in words by whoever shows it. */
export const identifier = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]{0,63}$/));
export const version = v.pipe(v.string(), v.regex(/^\d+\.\d+\.\d+$/));
/** A file name inside the package: no folders, so that it cannot leave the package. */
export const fileName = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/));
export const byteCount = v.pipe(
	v.number(),
	v.integer(),
	v.minValue(1),
	v.maxValue(MAX_PACKAGE_BYTES)
);
