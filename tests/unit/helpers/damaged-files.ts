/** Files that are damaged in the ways in which files are: for tests of everything that reads them. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { FORMATS } from '../../../src/lib/formats/registry';

type Bytes = Uint8Array<ArrayBuffer>;

/** Minutes for all kinds together, as `npm run fuzz` gives them; 0 in the tests of a change. */
const MINUTES = Number(process.env['FUZZ_MINUTES'] ?? 0);
/** The same seed tries the same files, as far as the time reaches. */
const SEED = Number(process.env['FUZZ_SEED'] ?? 15);
/** The formats of the registry, and PDF. */
const KINDS = FORMATS.length + 1;
/** What a file may take in `npm run fuzz`, ms of processor time. */
const LONGEST_MS = 5000;

/** How long a property of one kind is tried, for fast-check. */
const TRIES: fc.Parameters<[Bytes]> =
	MINUTES > 0
		? {
				numRuns: 1_000_000,
				seed: SEED,
				interruptAfterTimeLimit: (MINUTES * 60_000) / KINDS,
				markInterruptAsFailure: false
			}
		: { numRuns: 150, seed: SEED };
/** Time for a test of it, ms. */
export const TIME_OF_TRIES = 600_000 + (MINUTES * 60_000) / KINDS;

/** A file up to each tenth of its length. */
export function cutAtTenths(bytes: Bytes): Bytes[] {
	return Array.from({ length: 10 }, (_, tenth) =>
		bytes.slice(0, Math.floor((bytes.length * tenth) / 10))
	);
}

/**
 * Try whole files with damage: bytes that are other ones, a run of zeros, a cut, a run that is
 * missing or there twice.
 * @param read checks what becomes of a damaged file.
 */
export async function tryDamaged(
	kind: string,
	samples: readonly { bytes: Bytes }[],
	read: (bytes: Bytes) => Promise<void>
): Promise<void> {
	let [tried, longest] = [0, 0];
	await fc.assert(
		fc.asyncProperty(damagedFiles(samples), async (bytes) => {
			const before = process.cpuUsage();
			await read(bytes);
			const { user, system } = process.cpuUsage(before);
			longest = Math.max(longest, (user + system) / 1000);
			tried++;
			if (MINUTES > 0) expect(longest).toBeLessThan(LONGEST_MS);
		}),
		TRIES
	);
	if (MINUTES > 0) {
		console.log(`${kind}: ${tried} damaged files, the longest took ${Math.round(longest)} ms`);
	}
}

type Damage = (bytes: Bytes, places: readonly (readonly [at: number, value: number])[]) => Bytes;

function changed(bytes: Bytes, places: Parameters<Damage>[1]): Bytes {
	const copy = bytes.slice();
	for (const [at, value] of places) copy[at % copy.length] = value;
	return copy;
}

/**
 * Other bytes at some places, as often as all the others together: a run of zeros, the end cut
 * off, a run that is missing, and one that is there twice.
 */
const DAMAGES: readonly Damage[] = [
	changed,
	changed,
	changed,
	changed,
	(bytes, [[at, length]]) => bytes.slice().fill(0, at % bytes.length, (at % bytes.length) + length),
	(bytes, [[at]]) => bytes.slice(0, at % bytes.length),
	(bytes, [[at, length]]) =>
		joined(bytes.subarray(0, at % bytes.length), bytes.subarray((at % bytes.length) + length)),
	(bytes, [[at, length]]) =>
		joined(bytes.subarray(0, (at % bytes.length) + length), bytes.subarray(at % bytes.length))
];

function damagedFiles(samples: readonly { bytes: Bytes }[]): fc.Arbitrary<Bytes> {
	return fc
		.tuple(
			fc.constantFrom(...samples),
			fc.constantFrom(...DAMAGES),
			fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 })
		)
		.map(([{ bytes }, damage, places]) => damage(bytes, places));
}

function joined(before: Bytes, after: Bytes): Bytes {
	const bytes = new Uint8Array(before.length + after.length);
	bytes.set(before);
	bytes.set(after, before.length);
	return bytes;
}
