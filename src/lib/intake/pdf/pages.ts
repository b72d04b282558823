import type { Outcome } from '../../problems/problems';
import type { PictureFile } from './picture';

/** What opens PDFs: a worker; in tests anything else. */
export interface PdfPages {
	pages(id: number, file: File): Promise<Outcome<readonly boolean[]>>;
	picture(id: number, file: File, index: number): Promise<Outcome<PictureFile>>;
}
