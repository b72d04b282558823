/**
 * How sharp a picture is, whatever its light and its contrast.
 *
 * The mean square of the Laplacian (Pech-Pacheco et al. 2000) over the variance of the greys: half
 * the light, or half the contrast, changes nothing.
 * @param pixels RGBA, row by row, 4 bytes a pixel; green counts, of which cameras have the most.
 * @returns 0 (flat, or smaller than 3 pixels) and up; comparable between pictures of one camera.
 */
export function sharpnessOf(pixels: Uint8ClampedArray, width: number, height: number): number {
	const green = (x: number, y: number) => pixels[4 * (y * width + x) + 1];
	let [count, sum, squares, edges] = [0, 0, 0, 0];
	for (let y = 1; y < height - 1; y++) {
		for (let x = 1; x < width - 1; x++) {
			const value = green(x, y);
			const laplacian =
				green(x - 1, y) + green(x + 1, y) + green(x, y - 1) + green(x, y + 1) - 4 * value;
			count++;
			sum += value;
			squares += value * value;
			edges += laplacian * laplacian;
		}
	}
	const variance = count > 0 ? squares / count - (sum / count) ** 2 : 0;
	// Less than a level of grey is the camera's noise.
	return variance < 1 ? 0 : edges / count / variance;
}
