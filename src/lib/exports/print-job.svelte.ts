/** Makes the pictures of a print: one after the other, so that a tablet's memory holds. */
import { PRINT_SIDE } from '../base/limits';
import type { Pictures } from '../formats/pictures';
import type { Problem } from '../problems/problems';
import { paintMap } from '../reading/heat-map';
import { MAP_CELLS } from '../reading/occlusion';
import type { Showable } from '../viewer/shown-picture.svelte';

/** An image with its heat map, where a person asked for it. */
export interface Printable extends Showable {
	readonly map: Uint8Array | null;
}

/** What stands on a page beside the words. */
export interface PrintedPicture {
	/** Address of the picture; null where there is none. */
	address: string | null;
	/** Address of the heat map, to lie over it. */
	heat: string | null;
	/** Why the picture is the list's small one. */
	problem: Problem | null;
}

/** Longest side of a printed heat map, pixels: it is coarse. */
const HEAT_SIDE = 240;

export class PrintJob {
	/** One a page, in the order of the pages; they grow while the job is prepared. */
	pictures: readonly PrintedPicture[] = $state.raw([]);
	isReady = $state(false);
	private isStopped = false;
	private readonly addresses: string[] = [];

	constructor(private readonly source: Pick<Pictures, 'copy' | 'close'>) {}

	/** Make the pictures of all pages. */
	async prepare(rows: readonly Printable[]): Promise<void> {
		for (const row of rows) {
			if (this.isStopped) return;
			const picture = await this.pictureOf(row);
			if (!this.isStopped) this.pictures = [...this.pictures, picture];
		}
		this.isReady = !this.isStopped;
	}

	/** Let go of all pictures; what is under way ends without a trace. */
	close(): void {
		this.isStopped = true;
		this.source.close();
		for (const address of this.addresses.splice(0)) URL.revokeObjectURL(address);
		this.pictures = [];
	}

	private async pictureOf({ entry, thumbnail, map }: Printable): Promise<PrintedPicture> {
		const made = await this.source.copy(entry, PRINT_SIDE);
		const small = thumbnail?.size ? thumbnail : null;
		return {
			address: this.addressOf(made.ok ? made.value : small),
			heat: this.addressOf(map && (await heatOf(map))),
			problem: made.ok ? null : made.problem
		};
	}

	private addressOf(picture: Blob | null): string | null {
		if (!picture || this.isStopped) return null;
		const address = URL.createObjectURL(picture);
		this.addresses.push(address);
		return address;
	}
}

/** A heat map as a PNG, see-through where there is no heat; it is stretched to what was read. */
async function heatOf(map: Uint8Array): Promise<Blob | null> {
	const canvas = new OffscreenCanvas(HEAT_SIDE, HEAT_SIDE);
	const context = canvas.getContext('2d');
	if (!context) return null;
	const pixels = paintMap(map, MAP_CELLS, MAP_CELLS, HEAT_SIDE, HEAT_SIDE);
	context.putImageData(new ImageData(pixels, HEAT_SIDE, HEAT_SIDE), 0, 0);
	return canvas.convertToBlob({ type: 'image/png' });
}
