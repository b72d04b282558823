/** A canvas to be read back; null where the browser gives none of that size. */
export function contextOf(width: number, height: number): OffscreenCanvasRenderingContext2D | null {
	const canvas = new OffscreenCanvas(width, height);
	return canvas.getContext('2d', { willReadFrequently: true });
}
