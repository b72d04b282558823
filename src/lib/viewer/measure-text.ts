/** Lengths in the language of the page. */
import { numberText } from '../i18n/format';
import { m } from '../paraglide/messages.js';
import type { Length } from './measure';

export function lengthText({ value, unit }: Length): string {
	return unit === 'mm'
		? m.measure_mm({ length: numberText(value, 1) })
		: m.measure_pixels({ length: numberText(value) });
}
