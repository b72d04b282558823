/** A third task: broken bones on films of wrists. Nothing else in the program knows it. */
import type { Message, TaskDefinition, TaskTexts } from '../../../src/lib/tasks/task';

const say =
	(text: string): Message =>
	() =>
		text;

const texts: TaskTexts<Message> = {
	title: say('Wrists: fractures'),
	takes: say('Films of one wrist.'),
	question: say('Which wrists should be looked at first?'),
	reads: say('It reads a folder of wrists.'),
	looksFor: say('It looks for fractures.'),
	drop: say('Drop a folder of wrists here'),
	downloadFirst: say('First, download the model for wrists'),
	image: say('wrist'),
	images: say('wrists'),
	things: say('wrists'),
	positive: say('broken wrists'),
	negative: say('whole wrists'),
	truth: { positive: say('Broken'), negative: say('Whole') },
	withFinding: say('with a fracture'),
	elsewhere: say('In your clinic it may be different.'),
	categories: {
		likely: say('Fracture likely'),
		uncertain: say('Uncertain'),
		'not-seen': say('No fracture seen')
	},
	meaning: { likely: say('likely'), uncertain: say('may be'), 'not-seen': say('below the line') },
	ask: say('Do you see a fracture?'),
	findings: {
		present: say('Fracture seen'),
		absent: say('No fracture'),
		unsure: say('Cannot tell')
	},
	reasonsSeen: [{ id: 'hairline', words: say('A hairline') }],
	reasonsNotSeen: [{ id: 'growth-plate', words: say('A growth plate') }],
	samples: say('They are drawn.'),
	limits: [say('It knows wrists only.')],
	notRecognised: say('Not recognised as a wrist: check the file.')
};

export const TOY: TaskDefinition = {
	id: 'wrist-fracture',
	channels: 1,
	classes: [
		{ id: 'whole', folder: 'WHOLE', labels: ['whole'] },
		{ id: 'broken', folder: 'BROKEN', labels: ['fracture'] }
	],
	positiveClass: 'broken',
	patients: [{ pattern: '^(wrist)-(\\d+)', patient: '$1-$2', series: '$1' }],
	samples: [],
	intendedUse: {
		modalities: ['CR'],
		bodyPart: /wrist/i,
		otherView: null,
		ages: null,
		isOnFilm: true
	},
	inRecords: { category: 'imaging', section: 'RAD', loinc: null },
	readsFields: false,
	texts,
	promise: ({ found, flagged }) => `Finds ${found} of 100; flags ${flagged} of 100 whole ones.`,
	modelName: ({ network }) => `Fractures of the wrist (${network})`,
	card: { 'triage-wrists': say('Sorting wrists.'), 'wrists-only': say('Wrists only.') },
	outside: { 'body-part': (part) => `not a wrist but ${part}` }
};
