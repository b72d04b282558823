/** What Python makes of drawn films (`fieldlens_training.regions.reference_crops`). */
import { readFileSync } from 'node:fs';
import type { Box, Mask } from '../../../src/lib/regions/lungs/mask';
import type { Axis, Edge, LungNote } from '../../../src/lib/regions/lungs/quality';

interface StoredCase {
	name: string;
	film: { low: number; high: number };
	levels: string;
	mask: string;
	box: Box;
	reach: number;
	greys: [number, number];
	crop: string;
	aspect: number;
	quality: { notes: LungNote[]; turn: number; sides: Edge[] };
	/** Score of the heart's side. */
	heart: number;
	shape: number[];
	/** Null where there is none: of more than one film. */
	axis: Axis | null;
	turnedBack?: string;
}

const stored = JSON.parse(readFileSync('tests/unit/fixtures/lungs.json', 'utf8')) as {
	sizes: { film: number; map: number; crop: number };
	cases: StoredCase[];
};

export const { sizes } = stored;

const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'base64'));

/** The greys of a drawn film, by the formula of the script. */
function drawnFilm({ low, high }: { low: number; high: number }): Uint8Array {
	return Uint8Array.from({ length: sizes.film ** 2 }, (_, i) => {
		const [x, y] = [i % sizes.film, Math.floor(i / sizes.film)];
		return low + (((3 * x * x + 5 * y * y + 7 * x * y) >> 7) % (high - low + 1));
	});
}

function maskFrom(text: string): Mask {
	const packed = bytes(text);
	return Uint8Array.from(
		{ length: sizes.film ** 2 },
		(_, i) => (packed[i >> 3] >> (7 - (i & 7))) & 1
	);
}

export const lungCases = stored.cases.map((each) => ({
	...each,
	film: drawnFilm(each.film),
	levels: new Int8Array(bytes(each.levels).buffer),
	mask: maskFrom(each.mask),
	crop: bytes(each.crop),
	turnedBack: each.turnedBack === undefined ? null : bytes(each.turnedBack)
}));
