/** What a setting is called where it is shown. */
import { pointName } from '../models/card-messages';
import { m } from '../paraglide/messages.js';
import { LOCAL_PREFIX } from './local-point';

/** The ids of a study's own settings, beside those of the model. */
export const KEPT = 'kept';
export const PROPOSAL = 'proposal';

/**
 * The name of an operating point in the language of the page: one of the model's, a local one
 * (`asOperatingPoint`), or one of a study.
 */
export function settingText({ id, name = '' }: { id: string; name?: string }): string {
	if (id === PROPOSAL) return m.calibration_proposed();
	if (id === KEPT) return m.calibration_here({ name });
	if (id.startsWith(LOCAL_PREFIX)) {
		return m.calibration_here({ name: id.slice(LOCAL_PREFIX.length) });
	}
	return pointName(id);
}
