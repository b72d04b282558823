/** The measured half of a manifest: figures of a model, each with what it was measured on. */
import * as v from 'valibot';
import { count, identifier, positiveCount, probability, text, version } from './schema-parts';

/** A figure with its 95 % interval; `value` null where it cannot be computed. */
export const figure = v.strictObject({
	value: v.nullable(v.number()),
	low: v.nullable(v.number()),
	high: v.nullable(v.number())
});

/** Counts of decisions at one threshold. */
const confusion = v.strictObject({
	truePositive: count,
	falsePositive: count,
	trueNegative: count,
	falseNegative: count
});

/** A rate of the next patient: the beta distribution of this mean and of so many trials. */
const nextRate = v.strictObject({
	/** Who were measured. */
	patients: positiveCount,
	mean: probability,
	trials: v.pipe(v.number(), v.gtValue(0))
});

/** What a model does at one operating point on one data set. */
const pointFigures = v.strictObject({
	accuracy: figure,
	sensitivity: figure,
	specificity: figure,
	precision: figure,
	f1: figure,
	confusion,
	/**
	 * What is to be expected of a patient who was not measured: rates differ between patients
	 * (`fieldlens_training/evaluation/next_patient.py`). Absent where too few were measured.
	 */
	nextPatient: v.optional(v.strictObject({ sensitivity: nextRate, specificity: nextRate }))
});

export const bins = v.pipe(
	v.array(
		v.strictObject({
			/** Mean predicted probability of the bin. */
			predicted: probability,
			/** Share of positives among its images. */
			observed: probability,
			count
		})
	),
	v.maxLength(50)
);

/** How far the int8 engine answers as the exact one does on the same images. */
const int8 = v.strictObject({
	/** That read them, as it names itself. */
	backend: text,
	/** Images with the same category at the default operating point. */
	sameCategory: count,
	/** Images on another side of an operating point's threshold, by the point's id. */
	decisionsChanged: v.record(identifier, count),
	auc: v.strictObject({ exact: probability, int8: probability }),
	/** The command that read them. */
	command: text
});

export const dataSetFigures = v.strictObject({
	/** Of the data set; the task's card has its name and what its images are. */
	id: identifier,
	role: v.picklist(['validation', 'test', 'external', 'shift']),
	n: positiveCount,
	positives: count,
	patients: v.nullable(count),
	/** Files of it that could not be read, not among the n. */
	unreadable: v.optional(positiveCount),
	auc: figure,
	/** AUC of each simulated change, pooled in `auc`. */
	shifts: v.optional(v.array(v.strictObject({ id: identifier, auc: probability }))),
	/** Empty where no thresholded figure was made. Keyed by the operating point's id. */
	operatingPoints: v.record(identifier, pointFigures),
	/** [false positive rate, true positive rate], rising, at most 200 points. */
	roc: v.pipe(v.array(v.tuple([probability, probability])), v.maxLength(200)),
	calibrationBins: bins,
	expectedCalibrationError: v.nullable(probability),
	/** Of the n images; absent where the model has no `recognition`. */
	notRecognised: v.optional(v.strictObject({ count, share: probability })),
	/** Absent where it was not measured, or is not read so. */
	int8: v.optional(int8),
	/** The engine of the browser that read the images; absent where Python did. */
	backend: v.optional(identifier),
	/** The earlier version of the weights that was measured, where it was not this one. */
	measuredWith: v.optional(version),
	/** The command that made the figures. */
	command: text
});

/** A kind of images, and the share of them that is not recognised. */
const flaggedKind = v.strictObject({ id: identifier, n: positiveCount, share: probability });

const difference = v.strictObject({ mean: v.number(), low: v.number(), high: v.number() });

/**
 * What the heat maps of a model are worth: measured on images that it calls likely. A model without
 * it shows none. `fieldlens_training.explanation` says what is measured, and what passes.
 */
export const explanation = v.strictObject({
	method: v.literal('occlusion'),
	dataSet: identifier,
	/** Likely images. */
	n: positiveCount,
	/** Share of them of which blurring the hottest fifth lowers the log-odds, and most: it is shown. */
	hottestFifthFirst: probability,
	/** Mean log-odds along the deletion curve of random places minus that of the map's (Petsiuk 2018). */
	deletionBelowRandom: difference,
	/** Mean log-odds along the insertion curve of the map's places minus that of random ones. */
	insertionAboveRandom: difference,
	/** Mean rank correlation with the map where the last stage has shuffled weights (Adebayo 2018). */
	shuffledCorrelation: v.pipe(v.number(), v.minValue(-1), v.maxValue(1)),
	/** Of n cells with a stained body: hottest points on it, and the share of the cell near it. */
	onBody: v.optional(v.strictObject({ n: positiveCount, share: probability, chance: probability })),
	command: text
});

/** Numbers that describe a region's place and size. */
const REGION_NUMBERS = 6;

/** How the model tells an image that is too unlike those it was trained on. */
export const recognition = v.strictObject({
	/** How the distance is computed. */
	method: identifier,
	/** A distance above it: not recognised. */
	threshold: v.pipe(v.number(), v.gtValue(0)),
	/**
	 * A second distance, of the region's place and size, joined with that of the classifier's maps:
	 * d = sqrt(maps^2 + weight * (v - mean) precision (v - mean)). Of lungs v is the outline's box in
	 * fractions of the working picture (left, top, right, bottom), its width over its height, and
	 * the share of it that is filled.
	 */
	shape: v.optional(
		v.strictObject({
			mean: v.pipe(v.array(v.number()), v.length(REGION_NUMBERS)),
			precision: v.pipe(
				v.array(v.pipe(v.array(v.number()), v.length(REGION_NUMBERS))),
				v.length(REGION_NUMBERS)
			),
			weight: v.pipe(v.number(), v.minValue(0))
		})
	),
	/** The share of its own validation images that is flagged, so in error. */
	validation: v.strictObject({ n: positiveCount, flagged: probability }),
	/** Files that are not of its kind. */
	rejected: v.pipe(v.array(flaggedKind), v.maxLength(40)),
	/** People it was not made for. */
	outside: v.pipe(v.array(flaggedKind), v.maxLength(10)),
	/** What the statistics add to the package. */
	bytes: positiveCount
});

/** What the way of storing the weights cost, on plain validation images. */
export const storage = v.strictObject({
	method: identifier,
	/** As they travel. */
	bitsPerWeight: v.pipe(v.number(), v.gtValue(0), v.maxValue(32)),
	/** Whose answers "before" are: the same weights in `float32`, or an earlier version's. */
	comparedWith: v.union([v.literal('float32'), version]),
	n: positiveCount,
	auc: v.strictObject({ before: probability, after: probability }),
	/** Absolute change of the log-odds. */
	logOddsChange: v.strictObject({
		mean: v.pipe(v.number(), v.minValue(0)),
		largest: v.pipe(v.number(), v.minValue(0))
	}),
	/** Of the n images, by the operating point's id. */
	decisionsChanged: v.record(identifier, count)
});

/** A part of a data set, looked at alone. */
export const subgroup = v.strictObject({
	/** Of the group; the task's card has its name. */
	id: identifier,
	/** The data set that it is a part of. */
	dataSet: identifier,
	n: positiveCount,
	measure: v.picklist(['sensitivity', 'specificity']),
	operatingPoint: identifier,
	figure
});
