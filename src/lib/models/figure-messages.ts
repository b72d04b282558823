/** A card's figures with the range that holds the true one, as a page writes them. */
import { numberText, shareText } from '../i18n/format';
import { m } from '../paraglide/messages.js';
import type { Figure } from './figures';

/** `94.6% (92.1–96.7)`; a dash where it was not computed. */
export function shareWithRange({ value, low, high }: Figure): string {
	const share = value === null ? '–' : shareText(value);
	if (low === null || high === null) return share;
	return m.models_interval({
		value: share,
		low: numberText(low * 100, 1),
		high: numberText(high * 100, 1)
	});
}

/** `0.974 (0.953–0.991)`; a dash where it was not computed. */
export function numberWithRange({ value, low, high }: Figure): string {
	if (value === null) return '–';
	if (low === null || high === null) return numberText(value, 3);
	return m.models_interval({
		value: numberText(value, 3),
		low: numberText(low, 3),
		high: numberText(high, 3)
	});
}
