/** Which models this site offers, and their manifests (part of the offline shell). */
import * as v from 'valibot';
import { failed, succeeded, type Outcome } from '../problems';
import { parseManifest, type Manifest, type Task } from './manifest';

const indexSchema = v.strictObject({
	models: v.array(v.pipe(v.string(), v.regex(/^[a-z0-9-]+$/)))
});

/** The order in which tasks are shown. */
const TASKS: readonly Task[] = ['chest-xray-pneumonia', 'malaria-cell'];

/** The models of one task, the recommended one first. */
export interface TaskModels<T> {
	task: Task;
	models: T[];
}

/**
 * Models by their task. The smallest package of a task is the recommended one: it is on the
 * device soonest and reads fastest. What the site no longer offers stands last.
 * @returns tasks that have a model; models without a manifest are in none.
 */
export function byTask<T extends { manifest: Manifest | null; offered: Manifest | null }>(
	models: readonly T[]
): TaskModels<T>[] {
	const rank = ({ manifest, offered }: T) => (offered ?? manifest)?.totalBytes ?? 0;
	return TASKS.map((task) => ({
		task,
		models: models
			.filter(({ manifest }) => manifest?.task === task)
			.sort((a, b) => Number(!a.offered) - Number(!b.offered) || rank(a) - rank(b))
	})).filter((group) => group.models.length > 0);
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

	/** A model's manifest, checked. */
	async manifest(id: string): Promise<Outcome<Manifest>> {
		const json = await this.json(this.address(id, 'manifest.json'));
		if (!json.ok) return json;
		const parsed = parseManifest(json.value);
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
