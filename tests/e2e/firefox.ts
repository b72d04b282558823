/**
 * Which of the end-to-end tests run in Firefox, too (`npm run test:firefox`): docs/browsers.md says
 * why the others do not. Playwright drives the system's own Firefox by WebDriver BiDi.
 */

/** Titles, or their beginnings. */
export const IN_FIREFOX: readonly string[] = [
	'images that are shared are read, with the server gone, too',
	'a share without a file gets a sentence, once',
	'files that are opened with it go into the list, whatever page it shows',
	'everything that is pressed is at least 44 pixels high',
	'a shard that arrives damaged is fetched again',
	'without storage the page says what to do',
	'a language that was chosen is kept, without a network, too'
];
