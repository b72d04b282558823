/** Where a map of what was read lies on the picture, in words of CSS. */
import type { Region } from '../regions/region';

/**
 * @param region what was read; null where all of the picture was.
 * @returns of an element in the place of the picture: how it is `turn`ed about its middle, and
 * where in it the `box` is.
 */
export function mapPlace(region: Region | null): { turn: string; box: string } {
	const [x, y, width, height] = (region?.box ?? [0, 0, 1, 1]).map((share) => `${share * 100}%`);
	return {
		// The map is of the picture turned back: it lies askew as the picture does, clockwise.
		turn: `rotate(${region?.turnedBack ?? 0}deg)`,
		box: `left: ${x}; top: ${y}; width: ${width}; height: ${height};`
	};
}
