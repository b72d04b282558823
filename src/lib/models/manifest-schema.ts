/**
 * The manifest of a model package: the one description that the app, the tools and the
 * Python exporter share. The TypeScript type, the check at load time and the JSON Schema
 * (`schemas/manifest.schema.json`, written by `npm run schema`) all come from here.
 *
 * A package is a small pipeline: `region` finds the part of the image that is read (null where
 * all of it is), `classifier` reads it. The manifest holds ids, numbers and lists; the words
 * for the ids stand in `messages/`.
 */
import * as v from 'valibot';
import { bins, dataSetFigures, explanation, figure, recognition, subgroup } from './figures-schema';
import { classifier, region } from './network-schema';
import {
	byteCount,
	fileName,
	identifier,
	positiveCount,
	probability,
	text,
	version
} from './schema-parts';

/** A file of the package; what `bytes` and `sha256` say is of the file as it travels. */
const packageFile = v.strictObject({
	path: fileName,
	bytes: byteCount,
	/** Files of the same sum are the same file: it is stored once for all models. */
	sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
	/** How it was packed; absent where it travels as it is used. */
	encoding: v.optional(v.literal('deflate-raw')),
	/** Its bytes when unpacked; there exactly where `encoding` is. */
	unpackedBytes: v.optional(byteCount)
});

const operatingPoint = v.strictObject({
	id: identifier,
	/** Calibrated probability from which on an image counts as positive. */
	threshold: probability,
	/**
	 * How the threshold was chosen, on validation images as they are and under simulated shift:
	 * the highest one of at least this sensitivity, the lowest one of at least this specificity,
	 * or the largest sum of both (Youden's index).
	 */
	chosen: v.variant('rule', [
		v.strictObject({ rule: v.picklist(['sensitivity', 'specificity']), atLeast: probability }),
		v.strictObject({ rule: v.literal('youden') })
	]),
	/** What it gave on the validation patients that chose it. */
	validation: v.strictObject({ sensitivity: figure, specificity: figure })
});

const referenceVector = v.strictObject({
	id: identifier,
	/** uint8 pixels of the classifier's input, height x width x channels, raw deflate, base64. */
	pixels: v.pipe(v.string(), v.maxLength(400_000)),
	/**
	 * The region's working picture, likewise, whose crop `pixels` is, and the crop's box in pixels
	 * of it: both exactly where `region` is.
	 */
	film: v.optional(v.pipe(v.string(), v.maxLength(400_000))),
	crop: v.optional(
		v.strictObject({ x: v.number(), y: v.number(), width: v.number(), height: v.number() })
	),
	/** Logits that the exporter computed with the dequantised weights in float32. */
	logits: v.pipe(v.array(v.number()), v.minLength(2), v.maxLength(16)),
	/** The distance, likewise; there exactly where `outputs.distance` is. */
	distance: v.optional(v.number())
});

/** How weights came about, of the network or of one that taught it. */
const recipe = {
	network: identifier,
	/**
	 * Weights at the start; `whole-images`: of a network of this task that read whole images,
	 * `earlier-version`: of this model's version before.
	 */
	start: v.picklist(['random', 'imagenet', 'whole-images', 'earlier-version']),
	stages: v.pipe(
		v.array(
			v.strictObject({
				epochs: positiveCount,
				/** Side of the images, pixels. */
				size: positiveCount,
				/** Share of the aim that the teacher gives, where there is one. */
				taught: v.optional(probability),
				/** Only the last layer learns. */
				lastLayer: v.optional(v.boolean())
			})
		),
		v.minLength(1),
		v.maxLength(20)
	),
	/** Of the averaged weights. */
	emaDecay: probability,
	labelSmoothing: probability,
	/** Share of the batches of mixed images; absent where none is. */
	mixed: v.optional(probability),
	/** Random changes of the images. */
	changes: v.pipe(v.array(identifier), v.maxLength(40))
};

const training = v.strictObject({
	...recipe,
	/** What chose the epoch, the temperature and the thresholds. */
	validation: v.strictObject({ images: positiveCount, patients: positiveCount }),
	/** Added to the log-odds in the last layer. */
	bias: v.number(),
	teachers: v.pipe(v.array(v.strictObject({ id: identifier, ...recipe })), v.maxLength(4)),
	runsTried: positiveCount
});

/** Who may rely on what; the task has the words of the ids. */
const card = v.strictObject({
	intendedUse: identifier,
	/** Shown in front of everything else on the card. */
	warnings: v.pipe(v.array(identifier), v.minLength(1), v.maxLength(10)),
	limits: v.pipe(v.array(identifier), v.minLength(1), v.maxLength(30)),
	trainingData: v.strictObject({
		/** As its publisher calls it. */
		name: text,
		/** SPDX id, or `us-government-work`. */
		licence: text,
		citation: text,
		images: positiveCount,
		patients: positiveCount
	}),
	training,
	subgroups: v.pipe(v.array(subgroup), v.maxLength(40))
});

export const manifestSchema = v.strictObject({
	$schema: v.optional(v.string()),
	schemaVersion: v.pipe(v.string(), v.regex(/^2\.\d+$/)),
	id: identifier,
	version,
	task: identifier,
	/** Of the weights: SPDX id. */
	licence: text,
	/** Of both networks, each file once. */
	files: v.pipe(v.array(packageFile), v.minLength(2), v.maxLength(300)),
	/** Of all files as they travel. */
	totalBytes: byteCount,
	/** Null where the classifier reads the whole image. */
	region: v.nullable(region),
	classifier,
	calibration: v.strictObject({
		method: v.literal('temperature'),
		temperature: v.pipe(v.number(), v.minValue(0.01), v.maxValue(100)),
		expectedCalibrationErrorBefore: probability,
		expectedCalibrationErrorAfter: probability,
		bins
	}),
	operatingPoints: v.pipe(v.array(operatingPoint), v.minLength(2), v.maxLength(8)),
	defaultOperatingPoint: identifier,
	metrics: v.pipe(v.array(dataSetFigures), v.maxLength(40)),
	/** Null while the model has no rule for images that are not of its kind. */
	recognition: v.nullable(recognition),
	/** Absent where no kind of heat map passed its tests: none is shown then. */
	explanation: v.optional(explanation),
	referenceVectors: v.pipe(v.array(referenceVector), v.minLength(3), v.maxLength(8)),
	card
});

/** As the site gives it: the reference vectors are in a file of their own (`reference-file.ts`). */
export const summarySchema = v.strictObject({
	...manifestSchema.entries,
	referenceVectors: v.optional(v.pipe(v.array(referenceVector), v.maxLength(0)), [])
});

/** A model package's description, checked. */
export type Manifest = v.InferOutput<typeof manifestSchema>;
export type Classifier = Manifest['classifier'];
export type OperatingPoint = Manifest['operatingPoints'][number];
export type Recognition = NonNullable<Manifest['recognition']>;
