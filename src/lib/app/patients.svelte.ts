/**
 * The only writer of what people say of patients: what they type of an image goes into the list and
 * to the disk at once, and so do the rules by which a list's patients are found.
 */
import * as v from 'valibot';
import { MAX_PATIENT_CHARS } from '../base/limits';
import type { Settings } from '../base/settings';
import type { Patient, Said } from '../patients/patient';
import { NO_RULES, type PatientRules } from '../patients/rules';
import { canReplace, newSecret, replacementsOf } from '../patients/replacement';
import { rulesSchema } from '../patients/schemas';
import { fromBase64, toBase64 } from '../sessions/base64';
import type { Recorder } from '../sessions/recorder.svelte';
import { PATIENT_SECRET } from '../sessions/secret-settings';
import type { Worklist } from '../worklist/list.svelte';

const SETTING = 'patient rules';

export class Patients {
	/** The rules that were used last: a clinic names its files the same way the next time. */
	#usual: PatientRules = NO_RULES;

	constructor(
		private readonly worklist: Worklist,
		private readonly recorder: Pick<Recorder, 'commit' | 'touch'>,
		private readonly settings: Settings,
		/** For what is as secret as the sessions. */
		private readonly secrets: Settings
	) {}

	/** Read the rules of last time. */
	async start(): Promise<void> {
		this.#usual = parsedRules(await this.settings.read(SETTING)) ?? NO_RULES;
		if (this.worklist.total === 0) this.forget();
	}

	/** Another list: it begins with the usual rules. */
	forget(): void {
		this.worklist.usePatientRules(this.#usual);
	}

	/** Find the patients of this list so, and those of the next. */
	useRules(rules: PatientRules): void {
		if (this.worklist.isFollowing) return;
		this.#usual = rules;
		this.worklist.usePatientRules(rules);
		this.recorder.touch();
		void this.settings.write(SETTING, JSON.stringify(rules));
	}

	/**
	 * Replacement numbers by the patients' keys, under this device's secret, which is made when it
	 * is first wanted; none where the browser cannot make them.
	 */
	async replacements(patients: readonly Patient[]): Promise<Map<string, string>> {
		if (!canReplace()) return new Map();
		const keys = patients.flatMap(({ key }) => (key === null ? [] : [key]));
		return replacementsOf(await this.#secret(), keys);
	}

	async #secret(): Promise<Uint8Array<ArrayBuffer>> {
		const kept = await this.secrets.read(PATIENT_SECRET);
		if (kept) return fromBase64(kept);
		const secret = newSecret();
		await this.secrets.write(PATIENT_SECRET, toBase64(secret));
		return secret;
	}

	/**
	 * Keep what a person typed of some images; what is left out stays as it was typed before, null
	 * takes it back.
	 */
	type(ids: readonly number[], said: Said): void {
		if (this.worklist.isFollowing) return;
		const rows = ids.flatMap((id) => {
			const row = this.worklist.rows[id];
			return row ? [{ ...row, typed: togetherOrNull({ ...row.typed, ...bounded(said) }) }] : [];
		});
		for (const row of rows) this.worklist.put(row, true);
		void this.recorder.commit(rows);
	}
}

function bounded(said: Said): Said {
	const entries = Object.entries(said).map(([particular, value]) => [
		particular,
		typeof value === 'string' ? value.trim().slice(0, MAX_PATIENT_CHARS).trim() || null : value
	]);
	return Object.fromEntries(entries) as Said;
}

function togetherOrNull(said: Said): Said | null {
	const known = Object.entries(said).filter(([, value]) => value !== null && value !== undefined);
	return known.length > 0 ? Object.fromEntries(known) : null;
}

function parsedRules(json: string | undefined): PatientRules | null {
	try {
		const parsed = v.safeParse(rulesSchema, JSON.parse(json ?? 'null'));
		return parsed.success ? parsed.output : null;
	} catch {
		return null;
	}
}
