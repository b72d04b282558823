/** The making of a file with pictures, one at a time: how far it is, and how to give it up. */
import { Pictures } from '../formats/pictures';
import { inEnglish } from '../i18n/in-english';
import type { Row } from '../worklist/row';
import type { PictureExport, Report } from './export';
import { reportFileName } from './file-name';
import { readPictureOf } from './read-picture';

export class FileMaking {
	#done = $state(0);
	/** Null while nothing is made; zero until it is known. */
	#total: number | null = $state(null);
	#stop: AbortController | null = null;

	constructor(private readonly openPictures = () => new Pictures()) {}

	/** Pictures that are in the file, and how many it will have; null while nothing is made. */
	get progress(): { done: number; total: number } | null {
		return this.#total === null ? null : { done: this.#done, total: this.#total };
	}

	/** Give up what is being made. */
	stop(): void {
		this.#stop?.abort();
	}

	/**
	 * Make a file.
	 * @param reportOf makes the report, in the language of the file.
	 * @param rows of the list that it is of.
	 * @returns null where the user gave up, or another file is being made.
	 */
	async make(
		format: PictureExport,
		reportOf: () => Report,
		rows: readonly Row[]
	): Promise<File | null> {
		if (this.#total !== null) return null;
		this.#done = 0;
		this.#total = 0;
		const stop = new AbortController();
		this.#stop = stop;
		const pictures = this.openPictures();
		const byId = new Map(rows.map((row) => [row.id, row]));
		try {
			const write = await format.load();
			const written = () => {
				const report = reportOf();
				const making = {
					signal: stop.signal,
					pictureOf: async ({ id }: { id: number }) => {
						const row = byId.get(id);
						return row ? readPictureOf(row, pictures) : null;
					},
					onPicture: (done: number, of: number) => {
						this.#done = done;
						this.#total = of;
					}
				};
				return { content: write(report, making), at: report.made };
			};
			const { content, at } = format.language === 'english' ? inEnglish(written) : written();
			const name = reportFileName(at, format.ending ?? format.id);
			return new File([await content], name, { type: format.type });
		} catch (error) {
			if (stop.signal.aborted) return null;
			throw error;
		} finally {
			pictures.close();
			this.#stop = null;
			this.#total = null;
		}
	}
}
