// What the oldest promised browsers mean for the build and the README.
import { OLDEST } from '../../../src/lib/base/oldest-browsers.ts';

export type BrowserId = keyof typeof OLDEST;

/** As Vite's `build.target`: newer syntax is rewritten, in scripts and styles. */
export const BUILD_TARGET = [
	`chrome${OLDEST.chrome}`,
	`edge${OLDEST.edge}`,
	`firefox${OLDEST.firefox}`,
	`safari${OLDEST.safari}`,
	`ios${OLDEST.safari_ios}`
];

/** The README's sentence about them. */
export const README_SENTENCE = `Browsers: Chrome or Edge ${OLDEST.chrome}, Firefox ${OLDEST.firefox}, Safari ${OLDEST.safari}, or newer.`;
