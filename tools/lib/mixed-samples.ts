import type { Page } from 'playwright';

/**
 * Small JPEGs in class folders. Each is a mixture of a sample with the finding and one
 * without; the more of the former, the more often it lies in `PNEUMONIA`. Some in the middle
 * lie in the wrong folder, as in life.
 * @param page any page of the app
 * @param count of images, half of them in each folder
 * @returns by path
 */
export async function mixedSamples(page: Page, count: number): Promise<Record<string, Uint8Array>> {
	const images = await page.evaluate(async (count) => {
		const open = async (number: number) => {
			const answer = await fetch(`samples/chest/synthetic-${number}.jpg`);
			return createImageBitmap(await answer.blob());
		};
		const sick = [await open(1), await open(3)];
		const well = [await open(2), await open(4)];
		const side = 240;
		const canvas = new OffscreenCanvas(side, side);
		const context = canvas.getContext('2d');
		if (!context) throw new Error('this browser does not draw');
		const made = [];
		for (let i = 0; i < count; i++) {
			const isSick = i % 2 === 0;
			const place = i / count;
			// From 0.35 to 1 and from 0 to 0.65: a third of each overlaps.
			context.globalAlpha = 1;
			context.drawImage(well[(i >> 1) % 2], 0, 0, side, side);
			context.globalAlpha = 0.65 * place + (isSick ? 0.35 : 0);
			context.drawImage(sick[(i >> 2) % 2], 0, 0, side, side);
			const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.92 });
			const bytes = [...new Uint8Array(await blob.arrayBuffer())];
			made.push({ path: `${isSick ? 'PNEUMONIA' : 'NORMAL'}/image ${i + 1}.jpg`, bytes });
		}
		return made;
	}, count);
	return Object.fromEntries(images.map(({ path, bytes }) => [path, Uint8Array.from(bytes)]));
}
