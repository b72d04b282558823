/** A PNG of a plain colour with that many pixels. */
export async function pictureOf(width: number, height: number, colour = '#888'): Promise<Blob> {
	const canvas = new OffscreenCanvas(width, height);
	const context = canvas.getContext('2d')!;
	context.fillStyle = colour;
	context.fillRect(0, 0, width, height);
	return canvas.convertToBlob();
}
