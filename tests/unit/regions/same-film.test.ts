/** One film in several files: what a file does to the greys must not change the score. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Int8MapNetwork } from '../../../src/lib/engine/int8/map-network';
import { IntegerNetwork } from '../../../src/lib/engine/int8/network';
import { simdResize, type Resize } from '../../../src/lib/pixels/resizer';
import { probabilityOf } from '../../../src/lib/reading/score';
import { findLungs } from '../../../src/lib/regions/lungs/find';
import { FILM_SIZE } from '../../../src/lib/regions/lungs/mask';
import { regionModelOf } from '../../../src/lib/regions/region-model';
import { serveCodecs } from '../helpers/dicom';
import { greysOf } from '../helpers/formats';
import { loadKernel } from '../helpers/kernels';
import { dicomOf, type Made } from '../helpers/made-dicom';
import { shippedPackage } from '../helpers/shipped';

const MOST = 0.02;
/**
 * Where the score is steep the 8 bits that a window leaves count for more: at most 0.06 between the
 * thresholds.
 */
const MOST_LOG_ODDS = 0.3;
const logOdds = (score: number) => Math.log(score / (1 - score));
const { models } = JSON.parse(readFileSync('static/models/index.json', 'utf8')) as {
	models: string[];
};
const lungModels = models.filter((id) => shippedPackage(id).manifest.region !== null);
const samples = [1, 2, 3, 4].map((number) =>
	readFileSync(`static/samples/chest/synthetic-${number}.jpg`)
);

/** A film between two: nearer to the thresholds than either. */
function between(one: Greys, other: Greys, share: number): Greys {
	const data = Uint8Array.from(one.data, (grey, i) =>
		Math.round(grey * share + other.data[i] * (1 - share))
	);
	return { ...one, data };
}

let resize: Resize;
beforeAll(async () => {
	serveCodecs();
	resize = await simdResize(readFileSync('src/lib/pixels/modules/input.wasm'));
});
afterAll(() => vi.unstubAllGlobals());

type Greys = Awaited<ReturnType<typeof greysOf>>;

/** The film as a detector of 12 bits keeps it: its greys take up a part of the 4096 values. */
function dicom(film: Greys, elements: NonNullable<Made['elements']>, isInverted = false) {
	const values = Uint16Array.from(film.data, (grey) => {
		const value = 420 + Math.round(grey * 11.3);
		return isInverted ? 4095 - value : value;
	});
	return dicomOf({
		pixels: new Uint8Array(values.buffer),
		elements: [[0x0028, 0x0010, 'US', film.height], [0x0028, 0x0011, 'US', film.width], ...elements]
	});
}

const window = (centre: string, width: string): NonNullable<Made['elements']> => [
	[0x0028, 0x1050, 'DS', centre],
	[0x0028, 0x1051, 'DS', width]
];

/** Each makes a file of the film. 420 to 3301 are the values that it can have. */
const FILES: [string, (film: Greys) => Uint8Array][] = [
	['a DICOM file whose window is that of the greys', (film) => dicom(film, window('1861', '2882'))],
	['one with the window of all 12 bits', (film) => dicom(film, window('2048', '4096'))],
	['one without a window', (film) => dicom(film, window('', ''))],
	[
		'one in which black is the largest value',
		(film) => dicom(film, [...window('2235', '2882'), [0x0028, 0x0004, 'CS', 'MONOCHROME1']], true)
	]
];

describe.each(lungModels)('%s', (id) => {
	let scoreOf: (film: Greys) => Promise<number>;

	beforeAll(async () => {
		const model = shippedPackage(id);
		const region = regionModelOf(model);
		if (!region.ok || !region.value) throw new Error('no region');
		const { finder, ...rule } = region.value;
		const kernel = await loadKernel('relaxed');
		const outlines = Int8MapNetwork.load(finder, kernel);
		const classifier = IntegerNetwork.load(model, kernel);
		const lungFinder = {
			size: finder.input.width,
			read: (pixels: Uint8Array) => outlines.read(pixels)
		};
		scoreOf = async ({ width, height, data }) => {
			const film = resize({ width, height, stride: 1, data }, 'grey', FILM_SIZE, FILM_SIZE);
			const { pixels } = await findLungs(film, width / height, lungFinder, rule, resize, null);
			return probabilityOf(classifier.read(pixels, 1)[0].logits, model.manifest);
		};
	});

	async function scores(film: Greys, make: (film: Greys) => Uint8Array) {
		const other = await greysOf(make(film));
		expect([other.width, other.height]).toEqual([film.width, film.height]);
		return [await scoreOf(film), await scoreOf(other)];
	}

	it.each(FILES)('gives the score of a JPEG file to %s', async (_, make) => {
		for (const sample of samples) {
			const [expected, found] = await scores(await greysOf(sample), make);
			expect(Math.abs(found - expected)).toBeLessThanOrEqual(MOST);
		}
	});

	it.each(FILES)('and hardly another to a doubtful film in %s', async (_, make) => {
		const [sick, healthy] = await Promise.all([samples[0], samples[3]].map(greysOf));
		for (const share of [0.2, 0.35]) {
			const [expected, found] = await scores(between(sick, healthy, share), make);
			expect(expected).toBeGreaterThan(0.05);
			expect(expected).toBeLessThan(0.95);
			expect(Math.abs(logOdds(found) - logOdds(expected))).toBeLessThanOrEqual(MOST_LOG_ODDS);
		}
	});
});
