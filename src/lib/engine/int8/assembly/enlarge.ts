/**
 * Copy a map into some channels of another that is one or two times as large: each pixel of
 * the output is the nearest one of the input.
 * @param input its first pixel, within its border.
 * @param inputRow bytes from a row of the input to the next.
 * @param height, width of the input, pixels.
 * @param pixelBytes bytes of a pixel of the input, a multiple of 8; pixels follow each other.
 * @param factor 1 or 2.
 * @param output where the first pixel's channels go.
 * @param outputRow, outputPixel bytes from a row and from a pixel of the output to the next.
 */
export function enlarge(
	input: usize,
	inputRow: usize,
	height: i32,
	width: i32,
	pixelBytes: usize,
	factor: i32,
	output: usize,
	outputRow: usize,
	outputPixel: usize
): void {
	const columns = width * factor;
	for (let row = 0; row < height * factor; row++) {
		let from = input + inputRow * (row / factor);
		let to = output + outputRow * row;
		for (let column = 0; column < columns; column++) {
			for (let at: usize = 0; at < pixelBytes; at += 8) {
				store<u64>(to + at, load<u64>(from + at));
			}
			to += outputPixel;
			if (factor == 1 || (column & 1) == 1) from += pixelBytes;
		}
	}
}
