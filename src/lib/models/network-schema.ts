/** The networks of a manifest: what each reads and gives, and which files it is made of. */
import * as v from 'valibot';
import { storage } from './figures-schema';
import { count, fileName, identifier, positiveCount, text } from './schema-parts';

/** Of the package's files, those of one network: its graph first, then its shards in order. */
const files = v.pipe(v.array(fileName), v.minLength(2), v.maxLength(300));

const input = v.strictObject({
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
	/** The colours of a cell are made even first (`pixels/even-colours.ts`); absent: as they are. */
	evenColours: v.optional(
		v.strictObject({
			/** The colour that the middle of the picture gets. */
			target: v.pipe(v.array(v.pipe(count, v.maxValue(255))), v.length(3)),
			/** Of the disc in the middle, hundredths of the side. */
			radius: v.pipe(positiveCount, v.maxValue(50)),
			/** A typical colour counts as at least so bright. */
			least: v.pipe(positiveCount, v.maxValue(255))
		})
	),
	layout: v.literal('NHWC')
});

/** How large the maps of a network become, for the int8 engine; without it, floats are used. */
const activations = v.strictObject({
	/** Images that were measured: training images as they are and changed, reference images. */
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
			int16: v.optional(v.boolean())
		})
	)
});

/** The network that answers. */
export const classifier = v.strictObject({
	files,
	input,
	outputs: v.strictObject({
		/** The graph's output nodes. */
		logits: text,
		/** [batch, 1], how unlike the training images; see `recognition`. */
		distance: v.optional(text),
		/** Ids of the task's classes, in the order of the logits. */
		classes: v.pipe(v.array(identifier), v.minLength(2), v.maxLength(16)),
		positiveClass: count
	}),
	storage: v.optional(storage),
	activations: v.optional(activations)
});

const hundredths = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100));

/**
 * The network that finds what is read, and how its outline becomes the classifier's image.
 * `fieldlens_training/regions/lung_crop.py` has the arithmetic of each step.
 */
export const region = v.strictObject({
	files,
	input,
	output: v.strictObject({
		/** The graph's output node: [batch, height, width, 1], logits: above 0 a place is found. */
		mask: text,
		width: v.pipe(positiveCount, v.maxValue(1024)),
		height: v.pipe(positiveCount, v.maxValue(1024)),
		/** What is outlined, such as `lungs`. */
		finds: identifier,
		/** A piece of fewer hundredths of the largest one's pixels is left out. */
		leastPiece: hundredths
	}),
	crop: v.strictObject({
		/** Side of the squashed picture in which outline and crop are made, pixels. */
		workingSize: v.pipe(positiveCount, v.maxValue(1024)),
		/** Passes of the binomial filter over the film before it is cut; 0 for none. More than 5
		 * would exceed 32 bits. */
		smoothing: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(5)),
		/** Added on each side of the outline's box, hundredths of the box. */
		margin: hundredths,
		/** What is further from the outline is black, hundredths of the box's mean side. */
		dilation: hundredths,
		/** Of the greys inside the outline: what becomes black, and what white. */
		percentiles: v.tuple([hundredths, hundredths]),
		/** Side of the crop, pixels: the classifier's input. */
		size: v.pipe(positiveCount, v.maxValue(1024))
	}),
	activations: v.optional(activations)
});
