// The oldest browsers that Fieldlens promises to run in: one place, for the build, the check
// and the README.

/** Oldest promised version, by its name in MDN's browser-compat-data. */
export const OLDEST = {
	chrome: 123,
	chrome_android: 123,
	edge: 123,
	firefox: 128,
	firefox_android: 128,
	safari: 17.5,
	safari_ios: 17.5
} as const;

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
