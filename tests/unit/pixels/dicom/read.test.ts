import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readDicom } from '../../../../src/lib/pixels/dicom/read';
import {
	copied,
	GRID,
	KNOWN,
	MADE,
	madeNamed,
	PYDICOM_FILES,
	serveCodecs
} from '../../helpers/dicom';

beforeAll(serveCodecs);
afterAll(() => {
	vi.unstubAllGlobals();
});

async function pictureOf(bytes: Uint8Array) {
	const outcome = await readDicom(bytes);
	if (!outcome.ok) throw new Error(outcome.problem.sentence);
	return outcome.value;
}

async function fateOf(bytes: Uint8Array): Promise<string> {
	const outcome = await readDicom(bytes);
	return outcome.ok ? 'read' : outcome.problem.code;
}

function gridOf({ width, height, data }: { width: number; height: number; data: Uint8Array }) {
	const at = (i: number, size: number) => Math.floor(((i + 0.5) * size) / GRID);
	return Array.from(
		{ length: GRID * GRID },
		(_, i) => data[at(Math.floor(i / GRID), height) * width + at(i % GRID, width)]
	);
}

/** Largest difference of two lists of greys. */
function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
	expect(a.length).toBe(b.length);
	return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}

/** Written with bits that are no pictures of a clinic's: named, not read. */
const OTHER_BITS = /liver|rtdose|32bit/;
/** Its elements are not written in the way that its header says. */
const CONTRADICTS_ITSELF = 'SC_rgb_jpeg.dcm';
/** libjpeg rounds 12 bits otherwise by one: two or three greys, the film having but 112 levels. */
const COARSE: Record<string, number> = { 'JPGExtended.dcm': 3 };

describe('a DICOM file has the greys that pydicom gives it', () => {
	it.each(MADE)('$name', async ({ bytes, width, height, expected }) => {
		const picture = await pictureOf(bytes);
		expect(picture).toMatchObject({ width, height });
		expect(difference(picture.data, expected)).toBeLessThanOrEqual(1);
	});

	const files = KNOWN.filter(({ path }) => !OTHER_BITS.test(path) && path !== CONTRADICTS_ITSELF);
	it.each(files)('$path', async ({ path, copy, width, height, mean, grid }) => {
		const file = copy ? `tests/unit/fixtures/dicom/${copy}` : `${PYDICOM_FILES ?? ''}/${path}`;
		if (!existsSync(file)) return;
		const picture = await pictureOf(new Uint8Array(readFileSync(file)));
		expect(picture).toMatchObject({ width, height });
		const sum = picture.data.reduce((total, value) => total + value, 0);
		expect(Math.abs(sum / picture.data.length - mean)).toBeLessThan(0.5);
		expect(difference(gridOf(picture), grid)).toBeLessThanOrEqual(COARSE[path] ?? 1);
	});

	it('but those of 1 and of 32 bits are named', async () => {
		for (const { copy } of KNOWN.filter(({ path }) => OTHER_BITS.test(path))) {
			if (copy) expect(await fateOf(copied(copy))).toBe('coding-not-read');
		}
	});

	it('but one that contradicts itself is named', async () => {
		expect(await fateOf(copied(CONTRADICTS_ITSELF))).toBe('damaged-image');
	});
});

describe('what the header says', () => {
	it('is carried along', async () => {
		expect((await pictureOf(madeNamed('window').bytes)).facts).toEqual({
			modality: 'CR',
			bodyPart: 'CHEST',
			view: 'AP',
			age: 3,
			patientId: '0042',
			patientName: 'Child Test',
			studyDate: '2026-11-21',
			frames: 1
		});
	});
});
