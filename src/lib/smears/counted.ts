/** Which cells of a field are counted. */
import type { FoundCell } from '../regions/cells/find';

/** Whether a found cell is one that is counted, and so read. */
export function isCounted({ kind, isCut }: Pick<FoundCell, 'kind' | 'isCut'>): boolean {
	return kind === 'red' && !isCut;
}
