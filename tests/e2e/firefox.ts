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
	'files of all kinds dropped together are read, without a network',
	'with the server gone a reload and a new batch work',
	'a folder is read, sorted by urgency and saved, on the processor',
	'bad files are named and the rest goes on',
	'filters, search and sorting change what is shown',
	'a second tab shows the list live, and takes it over when the first closes',
	'the viewer shows what browsers do not draw, and says when a file is gone',
	'a shard that arrives damaged is fetched again',
	'without storage the page says what to do',
	'a language that was chosen is kept, without a network, too',
	'a new version waits until the user agrees, then it is in use'
];
