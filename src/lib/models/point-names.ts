/** The names of the models' own settings in the language of the pages. */
import { m } from '../paraglide/messages.js';
import type { OperatingPoint } from './manifest';

/** Those of the models that come with Fieldlens, by their English names. */
const NAMES: Readonly<Record<string, () => string>> = {
	'Careful: misses the fewest': m.screen_point_sensitive,
	Balanced: m.screen_point_balanced,
	'Strict: flags the fewest healthy': m.screen_point_specific
};

/** An operating point's name; as its maker wrote it where it is no known one. */
export function pointName({ name }: Pick<OperatingPoint, 'name'>): string {
	return Object.hasOwn(NAMES, name) ? NAMES[name]() : name;
}
