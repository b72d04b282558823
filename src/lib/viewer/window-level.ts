/** Brightness and contrast of the viewer: window and level in plain words. Pure. */

export interface Light {
	/** -100..100; 0 is the image as it is. */
	brightness: number;
	/** -100..100; 0 is the image as it is. */
	contrast: number;
	inverted: boolean;
}

export const PLAIN_LIGHT: Light = { brightness: 0, contrast: 0, inverted: false };

/** Contrast that doubles the slope. */
const DOUBLING = 40;

export function isPlain({ brightness, contrast, inverted }: Light): boolean {
	return brightness === 0 && contrast === 0 && !inverted;
}

/** With other values, kept in range. */
export function withLight(light: Light, brightness: number, contrast: number): Light {
	const within = (value: number) => Math.round(Math.min(100, Math.max(-100, value)));
	return { ...light, brightness: within(brightness), contrast: within(contrast) };
}

/**
 * What is done to a grey value of 0..1: `slope * value + intercept`, cut to 0..1. It is the
 * linear window of DICOM (PS3.3 C.11.2.1.2) on 8 bits: its width is 1 / slope, and its centre,
 * which becomes middle grey, goes from 1 at brightness -100 to 0 at 100.
 */
export function transferOf({ brightness, contrast, inverted }: Light): {
	slope: number;
	intercept: number;
} {
	const slope = 2 ** (contrast / DOUBLING);
	const centre = 0.5 - brightness / 200;
	const intercept = 0.5 - centre * slope;
	return inverted ? { slope: -slope, intercept: 1 - intercept } : { slope, intercept };
}
