import { describe, expect, it } from 'vitest';
import {
	isPlain,
	PLAIN_WINDOW,
	transferOf,
	withWindow
} from '../../../src/lib/viewer/window-level';

describe('brightness and contrast', () => {
	it('at nought leave the image as it is', () => {
		expect(isPlain(PLAIN_WINDOW)).toBe(true);
		expect(transferOf(PLAIN_WINDOW)).toEqual({ slope: 1, intercept: 0 });
	});

	it('are a linear window: DICOM PS3.3 C.11.2.1.2 on 8 bits', () => {
		// Centre 102 of 255, width 127.5: the standard's y = ((x - c) / w + 0.5) without its halves.
		const windowLevel = withWindow(PLAIN_WINDOW, 20, 40);
		const { slope, intercept } = transferOf(windowLevel);
		const [centre, width] = [102 / 255, 127.5 / 255];
		for (const grey of [0, 60, 102, 150, 255]) {
			const wanted = (grey / 255 - centre) / width + 0.5;
			expect(slope * (grey / 255) + intercept).toBeCloseTo(wanted, 12);
		}
	});

	it('make it brighter, and dark and bright further apart', () => {
		const at = (value: number, brightness: number, contrast: number) => {
			const { slope, intercept } = transferOf(withWindow(PLAIN_WINDOW, brightness, contrast));
			return slope * value + intercept;
		};
		expect(at(0.4, 30, 0)).toBeGreaterThan(at(0.4, 0, 0));
		expect(at(0.6, 0, 50) - at(0.4, 0, 50)).toBeGreaterThan(0.2);
		expect(at(0.5, 0, 50)).toBe(0.5);
	});

	it('inverted give black for white', () => {
		const windowLevel = { ...withWindow(PLAIN_WINDOW, 20, 40), inverted: true };
		const [plain, inverted] = [
			transferOf({ ...windowLevel, inverted: false }),
			transferOf(windowLevel)
		];
		for (const value of [0, 0.3, 1]) {
			const once = plain.slope * value + plain.intercept;
			expect(inverted.slope * value + inverted.intercept).toBeCloseTo(1 - once, 12);
		}
		expect(isPlain({ ...PLAIN_WINDOW, inverted: true })).toBe(false);
	});

	it('stay in their range', () => {
		expect(withWindow(PLAIN_WINDOW, 300, -300)).toMatchObject({ brightness: 100, contrast: -100 });
	});
});
