/**
 * The oldest browsers that Fieldlens promises to run in, by their names in MDN's
 * browser-compat-data: for the build, the check of the built site, the README and the page.
 */
export const OLDEST = {
	chrome: 123,
	chrome_android: 123,
	edge: 123,
	firefox: 128,
	firefox_android: 128,
	safari: 17.5,
	safari_ios: 17.5
} as const;
