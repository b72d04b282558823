/** Brightness and contrast of the viewer: window and level in plain words. Pure. */

export interface WindowLevel {
	/** -100..100; 0 is the image as it is. */
	brightness: number;
	/** -100..100; 0 is the image as it is. */
	contrast: number;
	inverted: boolean;
}

export const PLAIN_WINDOW: WindowLevel = { brightness: 0, contrast: 0, inverted: false };

/** Contrast that doubles the slope. */
const DOUBLING = 40;

export function isPlain({ brightness, contrast, inverted }: WindowLevel): boolean {
	return brightness === 0 && contrast === 0 && !inverted;
}

/** With other values, kept in range. */
export function withWindow(
	windowLevel: WindowLevel,
	brightness: number,
	contrast: number
): WindowLevel {
	const within = (value: number) => Math.round(Math.min(100, Math.max(-100, value)));
	return { ...windowLevel, brightness: within(brightness), contrast: within(contrast) };
}

/**
 * What is done to a grey value of 0..1: `slope * value + intercept`, cut to 0..1. It is the
 * linear window of DICOM (PS3.3 C.11.2.1.2) on 8 bits: its width is 1 / slope, and its centre,
 * which becomes middle grey, goes from 1 at brightness -100 to 0 at 100.
 */
export function transferOf({ brightness, contrast, inverted }: WindowLevel): {
	slope: number;
	intercept: number;
} {
	const slope = 2 ** (contrast / DOUBLING);
	const centre = 0.5 - brightness / 200;
	const intercept = 0.5 - centre * slope;
	return inverted ? { slope: -slope, intercept: 1 - intercept } : { slope, intercept };
}
