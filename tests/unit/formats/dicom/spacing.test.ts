import { describe, expect, it } from 'vitest';
import { spacingOf } from '../../../../src/lib/formats/dicom/spacing';

const PIXEL = 'x00280030';
const IMAGER = 'x00181164';
const CALIBRATION = 'x00280a02';

const said = (texts: Record<string, string>) => spacingOf({ string: (tag) => texts[tag] });

describe('the size of a pixel', () => {
	it('is that between rows, then that between columns', () => {
		expect(said({ [PIXEL]: '0.2\\0.1' })).toEqual({ down: 0.2, across: 0.1, source: 'pixel' });
	});

	it('is the detector’s where only that is known', () => {
		const imager = { down: 0.139, across: 0.139, source: 'imager' };
		expect(said({ [IMAGER]: '0.139\\0.139' })).toEqual(imager);
	});

	it('is the patient’s where it was calibrated, or differs from the detector’s', () => {
		const differs = said({ [PIXEL]: '0.12\\0.12', [IMAGER]: '0.139\\0.139' });
		expect(differs).toEqual({ down: 0.12, across: 0.12, source: 'pixel' });
		const same = { [PIXEL]: '0.139\\0.139', [IMAGER]: '0.1390\\0.1390' };
		expect(said({ ...same, [CALIBRATION]: 'FIDUCIAL' })?.source).toBe('pixel');
		expect(said(same)?.source).toBe('imager');
	});

	it.each(['', '0.2', '0\\0', '-0.1\\0.1', 'a\\b', 'Infinity\\1'])('is unknown: %j', (text) => {
		expect(said({ [PIXEL]: text })).toBeNull();
	});
});
