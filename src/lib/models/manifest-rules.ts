/** Rules between the fields of a manifest, which the schema alone cannot say. */
import type { TaskData } from '../tasks/task';
import type { Manifest } from './manifest-schema';
import { MAX_PACKAGE_BYTES } from './schema-parts';

interface Fault {
	field: string;
	detail: string;
}

/** The first contradiction in a manifest of the right form, or null. */
export function findContradiction(m: Manifest, tasks: readonly TaskData[]): Fault | null {
	return (
		findPackingFault(m) ??
		findFileFault(m) ??
		findNetworkFault(m) ??
		findTaskFault(m, tasks) ??
		findPointFault(m) ??
		findVectorFault(m)
	);
}

/** Deflate makes at most 1032 bytes of one (RFC 1951: 258 bytes of two bits). */
const MOST_UNPACKED_OF_ONE = 1032;

/** What files say of their size, before a byte is set aside for them. */
function findPackingFault({ files, totalBytes }: Manifest): Fault | null {
	const sum = files.reduce((total, file) => total + file.bytes, 0);
	if (sum !== totalBytes) {
		return { field: 'totalBytes', detail: `is ${totalBytes}, but the files add up to ${sum}` };
	}
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

/** Each file is there once, and belongs to one network. */
function findFileFault({ files, classifier, region }: Manifest): Fault | null {
	const paths = files.map(({ path }) => path);
	if (new Set(paths).size !== paths.length) return { field: 'files', detail: 'names a file twice' };
	if (classifier.files[0] !== 'model.json') {
		return { field: 'classifier.files.0', detail: 'must be model.json' };
	}
	const named = [...classifier.files, ...(region?.files ?? [])];
	const strange = named.find((path) => !paths.includes(path));
	if (strange !== undefined) return { field: 'files', detail: `lacks ${strange}` };
	const uses = new Set(named);
	if (uses.size !== named.length) {
		return { field: 'classifier.files', detail: 'and those of the region name a file twice' };
	}
	const idle = paths.find((path) => !uses.has(path));
	return idle === undefined ? null : { field: 'files', detail: `${idle} is of no network` };
}

function findNetworkFault({ classifier, region, recognition }: Manifest): Fault | null {
	for (const [field, network] of Object.entries({ classifier, region })) {
		const { channels, mean, std } = network?.input ?? { channels: 0, mean: [], std: [] };
		if (mean.length !== channels || std.length !== channels) {
			return { field: `${field}.input.mean`, detail: 'needs one mean and one std a channel' };
		}
	}
	const { input, outputs } = classifier;
	if ((recognition !== null) !== (outputs.distance !== undefined)) {
		return { field: 'recognition', detail: 'goes with outputs.distance: both or neither' };
	}
	if (!region) {
		return recognition?.shape
			? { field: 'recognition.shape', detail: 'goes with region: there is none' }
			: null;
	}
	const { percentiles, size } = region.crop;
	if (percentiles[0] >= percentiles[1]) {
		return { field: 'region.crop.percentiles', detail: 'must rise' };
	}
	return size === input.width && size === input.height
		? null
		: { field: 'region.crop.size', detail: 'is not the side of the classifier’s input' };
}

/** A model answers the question of a task that this program has. */
function findTaskFault({ task: id, classifier }: Manifest, tasks: readonly TaskData[]) {
	const task = tasks.find((known) => known.id === id);
	if (!task) return { field: 'task', detail: `is none of ${tasks.map((t) => t.id).join(', ')}` };
	const { input, outputs } = classifier;
	if (input.channels !== task.channels) {
		return { field: 'classifier.input.channels', detail: `is ${task.channels} for ${task.id}` };
	}
	if (outputs.classes.length !== 2) {
		return { field: 'classifier.outputs.classes', detail: 'needs two, one of them positive' };
	}
	const wanted = task.classes.map((each) => each.id);
	if ([...outputs.classes].sort().join() !== [...wanted].sort().join()) {
		return { field: 'classifier.outputs.classes', detail: `must be ${wanted.join(', ')}` };
	}
	return outputs.classes[outputs.positiveClass] === task.positiveClass
		? null
		: { field: 'classifier.outputs.positiveClass', detail: `must be of ${task.positiveClass}` };
}

function findPointFault({ operatingPoints, defaultOperatingPoint }: Manifest): Fault | null {
	return operatingPoints.some(({ id }) => id === defaultOperatingPoint)
		? null
		: { field: 'defaultOperatingPoint', detail: 'is not one of operatingPoints' };
}

/** A vector tells the result of each step that the package has. */
function findVectorFault({ classifier, region, referenceVectors }: Manifest): Fault | null {
	const steps = {
		distance: classifier.outputs.distance !== undefined,
		film: region !== null,
		crop: region !== null
	};
	for (const [i, vector] of referenceVectors.entries()) {
		for (const step of ['distance', 'film', 'crop'] as const) {
			if ((vector[step] !== undefined) === steps[step]) continue;
			const detail = `goes with ${step === 'distance' ? 'outputs.distance' : 'region'}: in every vector or in none`;
			return { field: `referenceVectors.${i}.${step}`, detail };
		}
	}
	return null;
}
