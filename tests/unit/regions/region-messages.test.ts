import { describe, expect, it } from 'vitest';
import type { Region } from '../../../src/lib/regions/region';
import { LUNG_NOTES } from '../../../src/lib/regions/lungs/quality';
import { regionSentences } from '../../../src/lib/regions/region-messages';

const region = (notes: Region['notes'], turnedBack = 0): Region => ({
	outlines: [],
	notes,
	box: null,
	turnedBack
});

describe('what is said of a region', () => {
	it('is nothing where all is well or nothing was looked for', () => {
		expect(regionSentences(region([]))).toEqual([]);
		expect(regionSentences(null)).toEqual([]);
	});

	it('is a sentence for each note', () => {
		const said = regionSentences(region([...LUNG_NOTES]));
		expect(new Set(said).size).toBe(LUNG_NOTES.length);
	});

	it('says by how much a picture was turned, either way', () => {
		expect(regionSentences(region(['turned'], -17.6))).toEqual([
			'The picture is turned by 18 degrees; it was read turned upright.'
		]);
	});
});
