/**
 * The manifest of a model package: the one description that the app, the tools and the
 * Python exporter share. The TypeScript type, the check at load time and the JSON Schema
 * (`schemas/manifest.schema.json`, written by `npm run schema`) all come from this file.
 */
import * as v from 'valibot';
import { TASK_DATA } from '../tasks/data';
import type { TaskData } from '../tasks/task';

/** The format that this program reads: `major.minor`; a newer one may say what it does not know. */
const SCHEMA_VERSION = { major: 1, minor: 3 } as const;

const probability = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const positiveCount = v.pipe(v.number(), v.integer(), v.minValue(1));
const text = v.pipe(v.string(), v.minLength(1), v.maxLength(4000));
const identifier = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]{0,63}$/));
/** A file name inside the package: no folders, so that it cannot leave the package. */
const fileName = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/));
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
/** The largest package that is accepted, bytes: bounds what a foreign manifest can ask for. */
const MAX_PACKAGE_BYTES = 256 * 1024 * 1024;
const byteCount = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_PACKAGE_BYTES));

/** A file of the package; what `bytes` and `sha256` say is of the file as it travels. */
const packageFile = v.strictObject({
	path: fileName,
	bytes: byteCount,
	sha256,
	/** How it was packed, since format 1.2; absent where it travels as it is used. */
	encoding: v.optional(v.literal('deflate-raw')),
	/** Its bytes when unpacked; there exactly where `encoding` is. */
	unpackedBytes: v.optional(byteCount)
});

/** A figure with its 95 % interval; `value` null where it cannot be computed. */
const figure = v.strictObject({
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

/** What a model does at one operating point on one data set. */
const pointFigures = v.strictObject({
	accuracy: figure,
	sensitivity: figure,
	specificity: figure,
	precision: figure,
	f1: figure,
	confusion
});

const bins = v.pipe(
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

const correlation = v.pipe(v.number(), v.minValue(-1), v.maxValue(1));

/** How far the engine in whole numbers answers as the exact one does on the same images. */
const wholeNumbers = v.strictObject({
	/** That read them, as it names itself. */
	backend: text,
	/** Images with the same category at the default operating point. */
	sameCategory: count,
	/** Images on another side of an operating point's threshold, by the point's id. */
	decisionsChanged: v.record(identifier, count),
	auc: v.strictObject({ exact: probability, wholeNumbers: probability }),
	/** Pearson's, over the cells of a heat map of an image that is flagged; null without any. */
	heatMaps: v.nullable(
		v.strictObject({ n: positiveCount, least: correlation, median: correlation })
	),
	/** The command that read them. */
	command: text
});

const dataSetFigures = v.strictObject({
	name: text,
	/** What the images are, and that the model never saw them (or did). */
	description: text,
	role: v.picklist(['validation', 'test', 'external', 'shift']),
	n: positiveCount,
	positives: count,
	patients: v.nullable(count),
	auc: figure,
	/** Empty where no thresholded figure was made. Keyed by the operating point's id. */
	operatingPoints: v.record(identifier, pointFigures),
	/** [false positive rate, true positive rate], rising, at most 200 points. */
	roc: v.pipe(v.array(v.tuple([probability, probability])), v.maxLength(200)),
	calibrationBins: bins,
	expectedCalibrationError: v.nullable(probability),
	/** Of the n images; absent where the model has no `recognition`. */
	notRecognised: v.optional(v.strictObject({ count, share: probability })),
	/** Since format 1.3; absent where it was not measured, or is not read so. */
	wholeNumbers: v.optional(wholeNumbers),
	/** The command that made the figures. */
	command: text
});

const operatingPoint = v.strictObject({
	id: identifier,
	name: text,
	/** Calibrated probability from which on an image counts as positive. */
	threshold: probability,
	/** How the threshold was chosen, in a sentence. */
	chosen: text,
	/** What it gave on the validation patients that chose it. */
	validation: v.strictObject({ sensitivity: figure, specificity: figure })
});

const referenceVector = v.strictObject({
	name: text,
	/** uint8 pixels, height x width x channels, raw deflate, base64. */
	pixels: v.pipe(v.string(), v.maxLength(400_000)),
	/** Logits that the exporter computed with the dequantised weights in float32. */
	logits: v.pipe(v.array(v.number()), v.minLength(2), v.maxLength(16)),
	/** The distance, likewise; there exactly where `outputs.distance` is. */
	distance: v.optional(v.number())
});

/** A kind of images, and the share of them that is not recognised. */
const flaggedKind = v.strictObject({ name: text, n: positiveCount, share: probability });

/** How the model tells an image that is too unlike those it was trained on. */
const recognition = v.strictObject({
	/** How the distance is computed, in a sentence. */
	method: text,
	/** A distance above it: not recognised. */
	threshold: v.pipe(v.number(), v.gtValue(0)),
	/** The share of its own validation images that is flagged, so in error. */
	validation: v.strictObject({ n: positiveCount, flagged: probability }),
	/** Files that are not of its kind. */
	rejected: v.pipe(v.array(flaggedKind), v.maxLength(40)),
	/** People it was not made for; the card says "of <name>", so in lower case: "adults". */
	outside: v.pipe(v.array(flaggedKind), v.maxLength(10)),
	/** What the statistics add to the package. */
	bytes: positiveCount
});

/** What the way of storing the weights cost, on plain validation images. */
const storage = v.strictObject({
	/** How, in a sentence. */
	method: text,
	/** As they travel. */
	bitsPerWeight: v.pipe(v.number(), v.gtValue(0), v.maxValue(32)),
	/** Whose answers "before" are. */
	comparedWith: text,
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

/** How large the maps of the network become, for the engine that reads in whole numbers. */
const activations = v.strictObject({
	/** Training images that were measured, as they are and under simulated changes. */
	images: positiveCount,
	/** Of each map that a convolution reads, by the name of its node. */
	ranges: v.record(
		v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
		v.strictObject({
			/** The largest value of all channels. */
			largest: v.pipe(v.number(), v.minValue(1e-9), v.maxValue(1e9)),
			/** A byte b a channel, in base64: its largest value is at most largest * 2 ** (-b / 16). */
			channels: v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]+={0,2}$/), v.maxLength(20_000)),
			/** Its rounding to 7 bits would move the answer too far: it is read in 16-bit products. */
			fine: v.optional(v.boolean())
		})
	)
});

export const manifestSchema = v.strictObject({
	$schema: v.optional(v.string()),
	schemaVersion: v.pipe(v.string(), v.regex(/^1\.\d+$/)),
	id: identifier,
	version: v.pipe(v.string(), v.regex(/^\d+\.\d+\.\d+$/)),
	task: identifier,
	name: text,
	architecture: text,
	licence: text,
	/** model.json first, then the shards in order. */
	files: v.pipe(v.array(packageFile), v.minLength(2), v.maxLength(300)),
	/** Of all files as they travel. */
	totalBytes: byteCount,
	/** Since format 1.2. */
	storage: v.optional(storage),
	input: v.strictObject({
		/** The graph's input node. */
		name: text,
		width: v.pipe(positiveCount, v.maxValue(1024)),
		height: v.pipe(positiveCount, v.maxValue(1024)),
		channels: v.picklist([1, 3]),
		resize: v.literal('squash'),
		filter: v.literal('pillow-bicubic'),
		/** Input value = (pixel / 255 - mean) / std, one of each a channel. */
		mean: v.pipe(v.array(v.number()), v.minLength(1), v.maxLength(3)),
		std: v.pipe(v.array(v.pipe(v.number(), v.minValue(1e-6))), v.minLength(1), v.maxLength(3)),
		layout: v.literal('NHWC')
	}),
	outputs: v.strictObject({
		/** The graph's output nodes. */
		logits: text,
		/** [batch, 1], how unlike the training images; since format 1.1, see `recognition`. */
		distance: v.optional(text),
		/** [batch, gridHeight, gridWidth, featureCount], after the last ReLU. */
		features: text,
		gridHeight: v.pipe(positiveCount, v.maxValue(128)),
		gridWidth: v.pipe(positiveCount, v.maxValue(128)),
		featureCount: v.pipe(positiveCount, v.maxValue(8192)),
		/** Class weights of the CAM (Zhou et al. 2016): positive minus negative, one a feature. */
		camWeights: v.pipe(v.array(v.number()), v.minLength(1), v.maxLength(8192)),
		/** A CAM value drawn as the strongest heat: the 99th percentile on validation positives. */
		camScale: v.pipe(v.number(), v.minValue(1e-9)),
		classes: v.pipe(
			v.array(v.strictObject({ id: identifier, name: text })),
			v.minLength(2),
			v.maxLength(16)
		),
		positiveClass: count
	}),
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
	/** Without it the model is read in floats. */
	activations: v.optional(activations),
	referenceVectors: v.pipe(v.array(referenceVector), v.minLength(3), v.maxLength(8)),
	card: v.strictObject({
		intendedUse: text,
		limits: v.pipe(v.array(text), v.minLength(1), v.maxLength(30)),
		/** Shown in front of everything else on the card. */
		warning: text,
		trainingData: v.strictObject({
			name: text,
			licence: text,
			citation: text,
			images: positiveCount,
			patients: positiveCount
		}),
		initialisation: text,
		training: text,
		runsTried: positiveCount,
		subgroups: v.pipe(
			v.array(v.strictObject({ name: text, n: positiveCount, measure: text, figure })),
			v.maxLength(40)
		),
		energy: v.optional(text)
	})
});

/** A model package's description, checked. */
export type Manifest = v.InferOutput<typeof manifestSchema>;
export type OperatingPoint = Manifest['operatingPoints'][number];
export type Recognition = NonNullable<Manifest['recognition']>;

/** Why a manifest was refused; `field` is the dotted path of the first wrong value. */
export interface ManifestRefusal {
	reason: 'newer-format' | 'invalid';
	field: string;
	detail: string;
}

/**
 * Check unknown JSON against the format.
 * @returns the manifest, or why it is refused; never throws.
 */
export function parseManifest(
	json: unknown,
	tasks: readonly TaskData[] = TASK_DATA
): { ok: true; manifest: Manifest } | { ok: false; refusal: ManifestRefusal } {
	const version =
		typeof json === 'object' && json !== null && 'schemaVersion' in json
			? String(json.schemaVersion)
			: '';
	const [major = NaN, minor = NaN] = version.split('.').map(Number);
	const isNewer =
		major > SCHEMA_VERSION.major ||
		(major === SCHEMA_VERSION.major && minor > SCHEMA_VERSION.minor);
	if (isNewer) return refuse('newer-format', 'schemaVersion', version);
	const result = v.safeParse(manifestSchema, json);
	if (!result.success) {
		const issue = result.issues[0];
		return refuse('invalid', v.getDotPath(issue) ?? '', issue.message);
	}
	const fault = findContradiction(result.output, tasks);
	return fault
		? refuse('invalid', fault.field, fault.detail)
		: { ok: true, manifest: result.output };
}

/** Rules between fields, which the schema alone cannot say. */
function findContradiction(
	m: Manifest,
	tasks: readonly TaskData[]
): { field: string; detail: string } | null {
	const task = tasks.find(({ id }) => id === m.task);
	if (!task) {
		return { field: 'task', detail: `is none of ${tasks.map(({ id }) => id).join(', ')}` };
	}
	const sum = m.files.reduce((total, file) => total + file.bytes, 0);
	if (sum !== m.totalBytes) {
		return { field: 'totalBytes', detail: `is ${m.totalBytes}, but the files add up to ${sum}` };
	}
	const fault = findPackingFault(m.files);
	if (fault) return fault;
	if (m.files[0]?.path !== 'model.json') {
		return { field: 'files.0.path', detail: 'must be model.json' };
	}
	if (new Set(m.files.map((file) => file.path)).size !== m.files.length) {
		return { field: 'files', detail: 'names a file twice' };
	}
	if (m.input.mean.length !== m.input.channels || m.input.std.length !== m.input.channels) {
		return { field: 'input.mean', detail: 'needs one mean and one std a channel' };
	}
	if (m.input.channels !== task.channels) {
		return { field: 'input.channels', detail: `is ${task.channels} for ${task.id}` };
	}
	if (m.outputs.camWeights.length !== m.outputs.featureCount) {
		return { field: 'outputs.camWeights', detail: 'needs one weight a feature' };
	}
	if (m.outputs.classes.length !== 2 || m.outputs.positiveClass > 1) {
		return { field: 'outputs.classes', detail: 'needs two classes, one of them positive' };
	}
	if (!m.operatingPoints.some((point) => point.id === m.defaultOperatingPoint)) {
		return { field: 'defaultOperatingPoint', detail: 'is not one of operatingPoints' };
	}
	const hasDistance = m.outputs.distance !== undefined;
	if ((m.recognition !== null) !== hasDistance) {
		return { field: 'recognition', detail: 'goes with outputs.distance: both or neither' };
	}
	const odd = m.referenceVectors.findIndex(
		(vector) => (vector.distance !== undefined) !== hasDistance
	);
	if (odd >= 0) {
		const detail = 'goes with outputs.distance: in every vector or in none';
		return { field: `referenceVectors.${odd}.distance`, detail };
	}
	return null;
}

/** Deflate makes at most 1032 bytes of one (RFC 1951: 258 bytes of two bits). */
const MOST_UNPACKED_OF_ONE = 1032;

/** What files say of their packing, before a byte is set aside for them. */
function findPackingFault(files: Manifest['files']): { field: string; detail: string } | null {
	let total = 0;
	for (const [i, { bytes, encoding, unpackedBytes }] of files.entries()) {
		const field = `files.${i}.unpackedBytes`;
		if ((encoding === undefined) !== (unpackedBytes === undefined)) {
			return { field, detail: 'goes with encoding: both or neither' };
		}
		if (unpackedBytes !== undefined && unpackedBytes > MOST_UNPACKED_OF_ONE * bytes) {
			return { field, detail: `is more than ${bytes} bytes can hold` };
		}
		total += unpackedBytes ?? bytes;
	}
	return total > MAX_PACKAGE_BYTES
		? { field: 'files', detail: `unpack to more than ${MAX_PACKAGE_BYTES} bytes` }
		: null;
}

function refuse(reason: ManifestRefusal['reason'], field: string, detail: string) {
	return { ok: false as const, refusal: { reason, field, detail } };
}
