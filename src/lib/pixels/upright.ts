/** Turning images upright. */
import type { Raster } from './resizer';

/**
 * Turn by an orientation as EXIF and TIFF count it (TIFF 6.0, section 8: the place of each row
 * and column).
 * @param orientation 1 to 8; any other number leaves the image as it is.
 */
export function upright(raster: Raster, orientation: number): Raster {
	const { width, height, stride, data } = raster;
	if (!(orientation > 1 && orientation <= 8)) return raster;
	const isTurned = orientation >= 5;
	const [outWidth, outHeight] = isTurned ? [height, width] : [width, height];
	const isMirroredAcross = [2, 3, 7, 8].includes(orientation);
	const isMirroredDown = [3, 4, 6, 7].includes(orientation);
	const result = new Uint8Array(width * height * stride);
	for (let y = 0; y < outHeight; y++) {
		for (let x = 0; x < outWidth; x++) {
			const [across, down] = isTurned ? [y, x] : [x, y];
			const column = isMirroredAcross ? width - 1 - across : across;
			const row = isMirroredDown ? height - 1 - down : down;
			const from = (row * width + column) * stride;
			const to = (y * outWidth + x) * stride;
			for (let c = 0; c < stride; c++) result[to + c] = data[from + c];
		}
	}
	return { width: outWidth, height: outHeight, stride, data: result };
}
