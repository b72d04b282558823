/** Opens files as pictures that a page can show; the decode workers help where it must. */
import type { Corners } from '../intake/corners';
import { openEntry, type Entry } from '../intake/entries';
import { PICTURE_SIDE } from '../base/limits';
import { failed, type Outcome } from '../problems/problems';
import { Decoders } from './decoders';
import { formatOf, HEAD_BYTES } from './registry';

/** One full-size picture at a time: a tablet holds no more beside the lanes. */
const WORKERS = 1;

/** What copies are asked of. */
type PictureDecoders = Pick<Decoders, 'picture' | 'filmIn' | 'close'>;

export class Pictures {
	private decoders: PictureDecoders | null = null;
	private ahead: { entry: Entry; picture: Promise<Outcome<Blob>> } | null = null;

	constructor(private readonly openDecoders: () => PictureDecoders = () => new Decoders(WORKERS)) {}

	/** A file as it is where browsers draw it as the model saw it, else a copy that they draw. */
	open(entry: Entry): Promise<Outcome<Blob>> {
		const { ahead } = this;
		this.ahead = null;
		return ahead?.entry === entry ? ahead.picture : this.read(entry);
	}

	/**
	 * A copy made by the decode worker: small ones for paper, and for a file that the browser
	 * did not draw after all.
	 * @param side its longest side at most, pixels.
	 */
	async copy(entry: Entry, side = PICTURE_SIDE): Promise<Outcome<Blob>> {
		const file = await openEntry(entry);
		return file.ok ? this.copyOf(file.value, side, entry) : file;
	}

	/** Where the film lies in an entry's whole picture; null where none is found. */
	async filmIn(entry: Entry): Promise<Outcome<Corners | null>> {
		const file = await openEntry(entry);
		if (!file.ok) return file;
		this.decoders ??= this.openDecoders();
		return this.decoders.filmIn(file.value);
	}

	/** Open a file ahead of its turn; the one before it is let go. */
	prepare(entry: Entry): void {
		if (this.ahead?.entry !== entry) this.ahead = { entry, picture: this.read(entry) };
	}

	/** Let everything go. */
	close(): void {
		this.ahead = null;
		this.decoders?.close();
		this.decoders = null;
	}

	private async read(entry: Entry): Promise<Outcome<Blob>> {
		const file = await openEntry(entry);
		if (!file.ok) return file;
		try {
			const head = new Uint8Array(await file.value.slice(0, HEAD_BYTES).arrayBuffer());
			return isDrawnByBrowsers(head) && !entry.corners
				? file
				: await this.copyOf(file.value, PICTURE_SIDE, entry);
		} catch {
			// The stick was pulled out between the two.
			return failed('file-gone');
		}
	}

	private copyOf(file: File, side: number, { corners }: Entry): Promise<Outcome<Blob>> {
		this.decoders ??= this.openDecoders();
		return this.decoders.picture(file, side, corners ?? null);
	}
}

/**
 * Whether a browser's own picture of a file shows what the model was given.
 * @param head the file's first bytes (`HEAD_BYTES`).
 */
export function isDrawnByBrowsers(head: Uint8Array): boolean {
	return formatOf(head)?.isDrawnByBrowsers(head) ?? false;
}
