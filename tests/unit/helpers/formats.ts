/** Files through the registry of formats, and a browser's decoder that stands in for a real one. */
import { vi } from 'vitest';
import type { Picture, Size } from '../../../src/lib/formats/format';
import { refusalOf } from '../../../src/lib/formats/named';
import { formatOf, HEAD_BYTES } from '../../../src/lib/formats/registry';
import { sentenceOf } from '../../../src/lib/problems/messages';
import type { Outcome } from '../../../src/lib/problems/problems';
import { greyOf } from '../../../src/lib/pixels/channels';

/** Decode a file of any kind. */
export async function readImage(bytes: Uint8Array): Promise<Outcome<Picture>> {
	const format = formatOf(bytes.subarray(0, HEAD_BYTES));
	return format ? (await format.load()).open(bytes) : refusalOf(bytes.subarray(0, HEAD_BYTES), '');
}

/** What its header says. */
export async function headerOf(bytes: Uint8Array): Promise<Outcome<Size>> {
	const format = formatOf(bytes.subarray(0, HEAD_BYTES));
	return format
		? (await format.load()).checkHeader(bytes)
		: refusalOf(bytes.subarray(0, HEAD_BYTES), '');
}

/** The id of a file's format. */
export function kindOf(bytes: Uint8Array): string | undefined {
	return formatOf(bytes.subarray(0, HEAD_BYTES))?.id;
}

/** The picture of a file that must be read. */
export async function pictureOf(bytes: Uint8Array): Promise<Picture> {
	const outcome = await readImage(bytes);
	if (!outcome.ok) throw new Error(sentenceOf(outcome.problem));
	return outcome.value;
}

/** Its greys, those of colours as Pillow makes them. */
export async function greysOf(bytes: Uint8Array) {
	const { raster, facts } = await pictureOf(bytes);
	const { width, height, stride } = raster;
	const data = stride === 1 ? raster.data : greyOf(raster.data, stride);
	return { width, height, data, facts };
}

/** `read`, or the code of the problem. */
export async function fateOf(bytes: Uint8Array): Promise<string> {
	const outcome = await readImage(bytes);
	return outcome.ok ? 'read' : outcome.problem.code;
}

/**
 * A browser whose decoder gives an image of the size that the file's own header says, in one
 * colour; it believes every file, so what is refused is refused by the program.
 */
export function stubBrowser(
	colour: readonly [number, number, number, number] = [200, 100, 50, 255]
) {
	const decoded = vi.fn(async (blob: Blob) => {
		const bytes = new Uint8Array(await blob.arrayBuffer());
		const header = await headerOf(bytes);
		if (!header.ok) throw new DOMException('no image', 'InvalidStateError');
		const { width, height } = header.value;
		return { width, height, close: () => undefined };
	});
	vi.stubGlobal('createImageBitmap', decoded);
	vi.stubGlobal(
		'OffscreenCanvas',
		class {
			constructor(
				readonly width: number,
				readonly height: number
			) {}
			getContext() {
				return {
					drawImage: () => undefined,
					getImageData: (_x: number, _y: number, width: number, height: number) => ({
						data: Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) => colour[i % 4])
					})
				};
			}
		}
	);
	return decoded;
}
