/** What a clinic writes on its pages for the record: its name and its own next steps. */
import * as v from 'valibot';
import type { Settings } from '../base/settings';
import type { Category } from '../reading/score';
import type { Task } from '../tasks/task';

const SETTING = 'clinic';
export const MAX_CLINIC_CHARS = 120;
/** A next step: some lines, so that the page stays one page. */
export const MAX_STEP_CHARS = 400;

/** Categories that have a next step of their own; all without a score share one. */
export const STEPS = ['likely', 'uncertain', 'not-seen', 'no-score'] as const;
export type Step = (typeof STEPS)[number];
/** The clinic's words for each of them; '' leaves lines to write on. */
export type NextSteps = Readonly<Record<Step, string>>;

const NO_STEPS: NextSteps = { likely: '', uncertain: '', 'not-seen': '', 'no-score': '' };

const stepText = v.optional(v.pipe(v.string(), v.maxLength(MAX_STEP_CHARS)), '');
const schema = v.object({
	name: v.pipe(v.string(), v.maxLength(MAX_CLINIC_CHARS)),
	steps: v.record(
		v.string(),
		v.object({ likely: stepText, uncertain: stepText, 'not-seen': stepText, 'no-score': stepText })
	)
});

export class Clinic {
	#name = $state('');
	#steps: Readonly<Record<Task, NextSteps>> = $state.raw({});

	constructor(private readonly settings: Settings) {}

	get name(): string {
		return this.#name;
	}

	/** Read what was kept on the device. */
	async start(): Promise<void> {
		const kept = parsed(await this.settings.read(SETTING));
		if (!kept) return;
		this.#name = kept.name;
		this.#steps = kept.steps;
	}

	stepsOf(task: Task): NextSteps {
		return this.#steps[task] ?? NO_STEPS;
	}

	/** Keep the clinic's name, and its next steps for a task. */
	use(name: string, task: Task, steps: NextSteps): void {
		this.#name = name.trim().slice(0, MAX_CLINIC_CHARS);
		const bounded = Object.fromEntries(
			STEPS.map((step) => [step, steps[step].trim().slice(0, MAX_STEP_CHARS)])
		) as Record<Step, string>;
		this.#steps = { ...this.#steps, [task]: bounded };
		void this.settings.write(SETTING, JSON.stringify({ name: this.#name, steps: this.#steps }));
	}
}

/** The step that follows from a category. */
export function stepOf(category: Category | null): Step {
	return category === null || category === 'unrecognised' || category === 'outside'
		? 'no-score'
		: category;
}

function parsed(json: string | undefined) {
	try {
		const found = v.safeParse(schema, JSON.parse(json ?? 'null'));
		return found.success ? found.output : null;
	} catch {
		return null;
	}
}
