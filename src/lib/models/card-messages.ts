/**
 * What the ids of a manifest say to a person, in the language of the page. The task has the words
 * of what concerns it alone; an id that nobody has words for is shown as it is.
 */
import { listText, numberText, shareText } from '../i18n/format';
import { m } from '../paraglide/messages.js';
import { TASKS } from '../tasks';
import type { TaskRegistry } from '../tasks/registry';
import type { In, Message, Task } from '../tasks/task';
import type { DataSet, Subgroup } from './figures';
import type { Classifier, Manifest } from './manifest';

type Words = Readonly<Record<string, Message>>;
type Recipe = Pick<
	Manifest['card']['training'],
	'network' | 'start' | 'stages' | 'emaDecay' | 'labelSmoothing' | 'mixed' | 'changes'
>;

const POINTS: Words = {
	sensitive: m.models_point_sensitive,
	balanced: m.models_point_balanced,
	specific: m.models_point_specific
};
const SETS: Partial<Record<DataSet['role'], Message>> = {
	validation: m.models_set_name_validation,
	shift: m.models_set_name_shift,
	test: m.models_set_name_test
};
const ABOUT_SETS: Words = {
	validation: m.models_set_about_validation,
	'validation-shift': m.models_set_about_shift
};
const KINDS: Words = {
	'chest-xrays': m.models_kind_chest_xrays,
	'blood-cells': m.models_kind_blood_cells,
	noise: m.models_kind_noise,
	patterns: m.models_kind_patterns,
	photographs: m.models_kind_photographs,
	'text-pages': m.models_kind_text_pages,
	'other-dicom': m.models_kind_other_dicom,
	inverted: m.models_kind_inverted,
	'turned-90': (_, at) => m.models_kind_turned({ degrees: numberText(90) }, at),
	'turned-180': (_, at) => m.models_kind_turned({ degrees: numberText(180) }, at),
	'microscope-fields': m.models_kind_microscope_fields,
	adults: m.models_kind_adults
};
const METHODS: Words = { 'mahalanobis-pca': m.models_method_mahalanobis_pca };
const CHANGES: Words = {
	histogram: m.models_change_histogram,
	spectrum: m.models_change_spectrum,
	tone: m.models_change_tone,
	sharpness: m.models_change_sharpness,
	noise: m.models_change_noise,
	jpeg: m.models_change_jpeg,
	geometry: m.models_change_geometry,
	borders: m.models_change_borders,
	letters: m.models_change_letters,
	outline: m.models_change_outline,
	resolution: m.models_change_resolution,
	light: m.models_change_light,
	patches: m.models_change_patches,
	stain: m.models_change_stain,
	dye: m.models_change_dye,
	surroundings: m.models_change_surroundings,
	colour: m.models_change_colour,
	rotation: m.models_change_rotation,
	mirror: m.models_change_mirror,
	zoom: m.models_change_zoom,
	mixing: m.models_change_mixing,
	darker: m.models_change_darker,
	lighter: m.models_change_lighter,
	'flat-contrast': m.models_change_flat_contrast,
	'another-histogram': m.models_change_other_histogram,
	blurred: m.models_change_blurred,
	'sharpened-and-noisy': m.models_change_sharpened_noisy,
	'black-borders': m.models_change_black_borders,
	'photograph-on-a-light-box': m.models_change_light_box,
	'another-stain': m.models_change_other_stain,
	'another-dye': m.models_change_other_dye,
	'in-a-field': m.models_change_in_field,
	'pale-parasites': m.models_change_pale,
	'another-colour': m.models_change_other_colour,
	'noisy-jpeg': m.models_change_noisy_jpeg
};
/** As their authors spell them, in every language. */
const NETWORKS: Readonly<Record<string, string>> = {
	resnet18: 'ResNet18',
	resnet34: 'ResNet34',
	resnet50: 'ResNet50',
	'efficientnet-lite0': 'EfficientNet-Lite0',
	'efficientnet-lite2': 'EfficientNet-Lite2'
};

/** The words of an id, or null. */
function find(words: Words, id: string, at: In): string | null {
	return Object.hasOwn(words, id) ? words[id]({}, at) : null;
}

const say = (words: Words, id: string, at: In = {}) => find(words, id, at) ?? id;

/** A warning, a limit, an intended use or another text that the task has for its models. */
export function cardText(
	{ task }: Pick<Manifest, 'task'>,
	id: string,
	at: In = {},
	tasks: TaskRegistry = TASKS
): string {
	return say(tasks.of(task).card, id, at);
}

/** Whether everything on the card that must be understood is in words. */
export function hasWords({ task, card }: Manifest, tasks: TaskRegistry = TASKS): boolean {
	return [card.intendedUse, ...card.warnings, ...card.limits].every((id) =>
		Object.hasOwn(tasks.of(task).card, id)
	);
}

/** What a model is called in the language of the page. */
export const modelName = ({ task, id, card }: Pick<Manifest, 'task' | 'id' | 'card'>) =>
	nameOf(task, id, card.training.network);

/** What it looks for, and its network; the model's id where either is foreign. */
export function nameOf(
	task: Task,
	id: string,
	network: string,
	tasks: TaskRegistry = TASKS
): string {
	const definition = tasks.find(task);
	return definition && Object.hasOwn(NETWORKS, network)
		? definition.modelName({ network: NETWORKS[network] }, {})
		: id;
}

const networkName = (id: string) => (Object.hasOwn(NETWORKS, id) ? NETWORKS[id] : id);

/** What an operating point of a model is called. */
export const pointName = (id: string, at: In = {}) => say(POINTS, id, at);

/** What a data set is called: by its part in the making, others by their own name. */
export function setName(
	{ task }: Pick<Manifest, 'task'>,
	{ id, role }: Pick<DataSet, 'id' | 'role'>
): string {
	const own = find(TASKS.of(task).card, `${id}-name`, {});
	return own ?? SETS[role]?.() ?? id;
}

/** What the images of a data set are and how they were read, in sentences. */
export function aboutSet({ task }: Pick<Manifest, 'task'>, set: DataSet): string[] {
	const { id, shifts, measuredWith: version, unreadable, backend } = set;
	const about = find(TASKS.of(task).card, id, {}) ?? find(ABOUT_SETS, id, {});
	const areas = shifts?.map(
		({ id: change, auc }) => `${say(CHANGES, change)} ${numberText(auc, 4)}`
	);
	return [
		...(about === null ? [] : [about]),
		...(areas ? [m.models_set_shifts({ list: listText(areas, 'unit') })] : []),
		...(version ? [m.models_set_measured_with({ version })] : []),
		...(unreadable ? [m.models_set_unreadable({ count: numberText(unreadable) })] : []),
		...(backend ? [m.models_set_run_on({ backend })] : [])
	];
}

/** A subgroup and what was measured in it. */
export function groupText(manifest: Manifest, group: Subgroup): { group: string; measure: string } {
	const set = manifest.metrics.find(({ id }) => id === group.dataSet);
	const name = cardText(manifest, group.id);
	const measured = { setting: pointName(group.operatingPoint) };
	return {
		group: m.models_group_on({
			group: name,
			images: set ? setName(manifest, set) : group.dataSet
		}),
		measure:
			group.measure === 'sensitivity'
				? m.models_measure_sensitivity(measured)
				: m.models_measure_specificity(measured)
	};
}

/** A kind of images or people that the model was tried on. */
export const kindName = (id: string) => say(KINDS, id);

/** How images that are not of its kind are told. */
export const methodText = (id: string) => say(METHODS, id);

/** An SPDX id as it is; the one licence that has none in words. */
export const licenceText = (licence: string) =>
	licence === 'us-government-work' ? m.models_licence_us_government() : licence;

/** The network of a model: `ResNet34, grey input`. */
export function networkText({ input }: Classifier, network: string): string {
	const facts = { network: networkName(network) };
	return input.channels === 1 ? m.models_network_grey(facts) : m.models_network_colour(facts);
}

/** The weights at the start, and whether another network taught them. */
export function startText({ start, teachers }: Manifest['card']['training']): string {
	const words = startWords(start);
	return teachers.length > 0 ? m.models_start_distilled({ start: words }) : words;
}

const STARTS: Readonly<Record<Recipe['start'], () => string>> = {
	random: () => m.models_start_random(),
	imagenet: () => m.models_start_imagenet(),
	'whole-images': () => m.models_start_whole_images(),
	'earlier-version': () => m.models_start_earlier_version()
};
const startWords = (start: Recipe['start']) => STARTS[start]();

/** How a model was trained and chosen, in sentences. */
export function trainingText({ card, task }: Manifest): string[] {
	const { training } = card;
	const { images, patients } = training.validation;
	return [
		...recipeText(training),
		m.models_training_chosen({
			images: numberText(images),
			things: TASKS.words(task).things,
			patients: numberText(patients)
		}),
		m.models_training_bias({ bias: numberText(training.bias, 3) }),
		m.models_training_made(),
		...training.teachers.flatMap((teacher) => [
			m.models_training_teacher({
				name: teacher.id,
				network: networkName(teacher.network),
				start: startWords(teacher.start)
			}),
			...recipeText(teacher)
		])
	];
}

function recipeText({ stages, emaDecay, labelSmoothing, mixed, changes }: Recipe): string[] {
	const each = stages.map(({ epochs, size, taught, lastLayer }) => {
		let stage = m.models_training_stage({ epochs: numberText(epochs), size: numberText(size) });
		if (taught) stage = m.models_training_stage_distilled({ stage, share: shareText(taught, 0) });
		return lastLayer ? m.models_training_stage_last({ stage }) : stage;
	});
	const words = changes.map((change) => say(CHANGES, change));
	return [
		m.models_training_stages({ stages: listText(each, 'unit') }),
		m.models_training_method({
			decay: numberText(emaDecay, 3),
			smoothing: numberText(labelSmoothing, 2)
		}),
		...(mixed ? [m.models_training_mixed({ share: shareText(mixed, 0) })] : []),
		m.models_training_changes({ changes: listText(words, 'unit') })
	];
}
