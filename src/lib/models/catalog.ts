/** Which models this site offers, and their manifests (part of the offline shell). */
import * as v from 'valibot';
import { failed, succeeded, type Outcome } from '../problems/problems';
import type { Figure } from './figures';
import { parseManifest, parseOffered, type Manifest } from './manifest';
import { REFERENCE_FILE, withVectors } from './reference-file';
import type { Task } from '../tasks/task';
import { TASKS } from '../tasks';
import type { TaskRegistry } from '../tasks/registry';

const indexSchema = v.strictObject({
	models: v.array(v.pipe(v.string(), v.regex(/^[a-z0-9-]+$/)))
});

/** The models of one task, the recommended one first. */
export interface TaskModels<T> {
	task: Task;
	models: T[];
}

/** Standard errors from one bound of a 95 % interval to the other. */
const INTERVAL_ERRORS = 2 * 1.96;

/**
 * Models by their task. A model that reads the part of the image that matters comes before one
 * that reads the whole image: the figures of the latter rest in part on the surroundings, and do
 * not carry to other hospitals. Then the smallest package is the recommended one whose AUC is
 * within one standard error of the best one's (Breiman et al. 1984): it is on the device soonest
 * and reads fastest, and the others' lead may be chance. The AUC is that of validation patients
 * under simulated shift, as the models themselves were chosen, not of the test. What the site no
 * longer offers stands last.
 * @returns tasks that have a model; models without a manifest are in none.
 */
export function byTask<T extends Described>(
	models: readonly T[],
	tasks: TaskRegistry = TASKS
): TaskModels<T>[] {
	return tasks.ids
		.map((task) => {
			const known = models.filter(({ manifest }) => manifest?.task === task);
			const offered = known.filter((model) => model.offered);
			const first = offered.some(readsPart) ? offered.filter(readsPart) : offered;
			const least = Math.max(0, ...first.map(leastOf));
			const falls = (model: T) => Number(aucOf(model) < least);
			const bytes = ({ manifest, offered }: T) => (offered ?? manifest)?.totalBytes ?? 0;
			known.sort(
				(a, b) =>
					Number(!a.offered) - Number(!b.offered) ||
					Number(!readsPart(a)) - Number(!readsPart(b)) ||
					falls(a) - falls(b) ||
					bytes(a) - bytes(b)
			);
			return { task, models: known };
		})
		.filter((group) => group.models.length > 0);
}

interface Described {
	manifest: Manifest | null;
	offered: Manifest | null;
}

/** Whether a model finds the part of the image that it reads. */
const readsPart = ({ manifest, offered }: Described): boolean =>
	(offered ?? manifest)?.region != null;

function shiftedAuc({ manifest, offered }: Described): Figure | undefined {
	return (offered ?? manifest)?.metrics.find(({ role }) => role === 'shift')?.auc;
}

/** AUC under simulated shift; 0 where it was not measured. */
const aucOf = (model: Described): number => shiftedAuc(model)?.value ?? 0;

/** The least AUC that may be as good as a model's: one standard error less. */
function leastOf(model: Described): number {
	const { low, high } = shiftedAuc(model) ?? {};
	return aucOf(model) - ((high ?? 0) - (low ?? 0)) / INTERVAL_ERRORS;
}

/** Fetches from the site; `base` is the site's root path without a slash at its end. */
export class Catalog {
	constructor(
		private readonly base: string,
		private readonly fetcher: typeof fetch = (...given) => fetch(...given)
	) {}

	/** Address of a package's file. */
	address(id: string, file: string): string {
		return `${this.base}/models/${id}/${file}`;
	}

	/** Ids of the models that the site offers. */
	async ids(): Promise<Outcome<string[]>> {
		const json = await this.json(`${this.base}/models/index.json`);
		if (!json.ok) return json;
		const index = v.safeParse(indexSchema, json.value);
		if (!index.success) return failed('model-manifest-invalid', { detail: 'models/index.json' });
		return succeeded(index.output.models);
	}

	/**
	 * A model's manifest, checked, to show the model by. Its reference vectors may be left out: see
	 * `whole`.
	 */
	async manifest(id: string): Promise<Outcome<Manifest>> {
		const json = await this.json(this.address(id, 'manifest.json'));
		return json.ok ? this.checked(parseOffered(json.value)) : json;
	}

	/** A model's manifest with its reference vectors, to store the model by. */
	async whole(offered: Manifest): Promise<Outcome<Manifest>> {
		if (offered.referenceVectors.length > 0) return succeeded(offered);
		const reference = await this.json(this.address(offered.id, REFERENCE_FILE));
		if (!reference.ok) return reference;
		return this.checked(parseManifest(withVectors(offered, reference.value)));
	}

	private checked(parsed: ReturnType<typeof parseManifest>): Outcome<Manifest> {
		if (parsed.ok) return succeeded(parsed.manifest);
		const { reason, field, detail } = parsed.refusal;
		if (reason === 'newer-format') return failed('model-manifest-newer');
		return failed('model-manifest-invalid', { detail: `${field}: ${detail}` });
	}

	private async json(address: string): Promise<Outcome<unknown>> {
		try {
			const response = await this.fetcher(address);
			if (!response.ok) return failed('model-server', { status: response.status });
			return succeeded((await response.json()) as unknown);
		} catch {
			return failed('model-offline', { host: location.host });
		}
	}
}
