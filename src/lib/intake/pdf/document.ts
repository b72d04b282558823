/**
 * The pages of a PDF (ISO 32000-1) and the picture on each: a scanned film stands in its PDF as
 * the scanner made it. Pages are not drawn: a picture that was drawn anew has other pixels, and
 * what draws pages fills up what is missing of damaged pictures.
 */
import {
	PDFArray,
	PDFDict,
	PDFName,
	PDFNumber,
	PDFParser,
	PDFRawStream,
	PDFRef,
	type PDFContext,
	type PDFObject
} from '@cantoo/pdf-lib';
import { MAX_FILES } from '../../base/limits';
import { failed, succeeded, type Outcome } from '../../problems/problems';
import { drawnOn, times, type Drawn, type Matrix } from './drawn';
import { pictureFile, type PictureFile } from './picture';
import { unpackedStream } from './samples';

/** Of a page's area: a smaller picture is a logo or a stamp. */
const LEAST_SHARE = 0.1;
/** Of the largest picture's area: a smaller one beside it is no second film. */
const SECOND_SHARE = 0.25;
/** Page trees are two or three deep. */
const MAX_DEPTH = 50;
/** Bytes of a page's instructions, unpacked. */
const MAX_CONTENT = 32 * 1024 * 1024;
const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];

/** What a page takes over from the nodes above it (7.7.3.4). */
interface Inherited {
	resources: PDFDict | null;
	rotate: number;
	box: readonly number[] | null;
}

interface Page extends Inherited {
	/** Null where the page tree leads to nothing. */
	dict: PDFDict | null;
}

export interface PdfDocument {
	/** Whether each page holds a picture that may be a film. */
	readonly pages: readonly boolean[];
	/** The picture of a page as a file of its own. @param index from 0. */
	picture(index: number): Promise<Outcome<PictureFile>>;
}

/** Open a PDF; only its structure is read. */
export async function openPdf(bytes: Uint8Array): Promise<Outcome<PdfDocument>> {
	try {
		const context = await contextOf(bytes);
		if (!context) return failed('pdf-encrypted');
		const root = context.lookup(context.trailerInfo.Root);
		const pages = root instanceof PDFDict ? pagesOf(root.lookup(name('Pages')), context) : [];
		if (pages.length === 0) return failed('pdf-damaged');
		const found = await Promise.all(pages.map((page) => drawnOf(page).catch(() => null)));
		return succeeded({
			pages: found.map((drawn) => drawn === null || drawn.length > 0),
			picture: (index) => pictureOn(found[index])
		});
	} catch {
		return failed('pdf-damaged');
	}
}

/** The objects of a PDF; null where they need a password. */
async function contextOf(bytes: Uint8Array): Promise<PDFContext | null> {
	const context = await PDFParser.forBytesWithOptions(bytes).parseDocument();
	if (!context.lookup(context.trailerInfo.Encrypt)) return context;
	return (await import('./decrypted')).decrypted(bytes);
}

async function pictureOn(drawn: readonly Drawn[] | null): Promise<Outcome<PictureFile>> {
	if (!drawn) return failed('pdf-damaged');
	if (drawn.length === 0) return failed('pdf-no-picture');
	if (drawn.length > 1) return failed('pdf-several-pictures');
	try {
		return await pictureFile(drawn[0]);
	} catch (error) {
		return failed(error instanceof RangeError ? 'damaged-image' : 'pdf-damaged');
	}
}

/** The leaves of a page tree in order; a node that is not there is a page that is not there. */
function pagesOf(tree: PDFObject | undefined, context: PDFContext): Page[] {
	const pages: Page[] = [];
	const seen = new Set<PDFObject>();
	const visit = (node: PDFObject | undefined, above: Inherited, depth: number) => {
		if (pages.length >= MAX_FILES) return;
		if (!(node instanceof PDFDict) || seen.has(node) || depth > MAX_DEPTH) {
			pages.push({ ...above, dict: null });
			return;
		}
		seen.add(node);
		const own = inheritedBy(node, above);
		const kids = node.lookup(name('Kids'));
		if (!(kids instanceof PDFArray)) {
			pages.push({ ...own, dict: node });
			return;
		}
		for (const kid of kids.asArray()) visit(context.lookup(kid), own, depth + 1);
	};
	visit(tree, { resources: null, rotate: 0, box: null }, 0);
	return pages;
}

function inheritedBy(node: PDFDict, above: Inherited): Inherited {
	const resources = node.lookup(name('Resources'));
	const rotate = node.lookup(name('Rotate'));
	return {
		resources: resources instanceof PDFDict ? resources : above.resources,
		rotate: rotate instanceof PDFNumber ? rotate.asNumber() : above.rotate,
		box:
			numbers(node.lookup(name('CropBox'))) ?? numbers(node.lookup(name('MediaBox'))) ?? above.box
	};
}

/** The pictures of a page that may be films; one, where the page is a scan. */
async function drawnOf({ dict, resources, rotate, box }: Page): Promise<Drawn[]> {
	if (!dict) throw new Error('the page is not there');
	const turned = turn(rotate);
	const drawn: Drawn[] = [];
	await drawForm(await contentOf(dict), resources, turned, drawn, new Set());
	const [left, bottom, right, top] = box ?? [0, 0, 612, 792];
	const page = Math.abs((right - left) * (top - bottom));
	const largest = Math.max(...drawn.map(areaOf));
	if (drawn.length === 0 || largest < LEAST_SHARE * page) return [];
	return drawn.filter((one) => areaOf(one) >= SECOND_SHARE * largest);
}

/** Follow instructions into forms (8.10), which are pages within a page. */
async function drawForm(
	content: Uint8Array,
	resources: PDFDict | null,
	matrix: Matrix,
	drawn: Drawn[],
	inside: ReadonlySet<PDFObject>
): Promise<void> {
	const objects = resources?.lookup(name('XObject'));
	for (const { key, at } of drawnOn(content, matrix)) {
		const object = objects instanceof PDFDict ? objects.lookup(name(key)) : undefined;
		if (!(object instanceof PDFRawStream)) continue;
		const kind = object.dict.lookup(name('Subtype'));
		if (kind === name('Image')) drawn.push({ image: object, at });
		if (kind !== name('Form') || inside.has(object) || inside.size > MAX_DEPTH) continue;
		const own = object.dict.lookup(name('Resources'));
		await drawForm(
			await unpackedStream(object, MAX_CONTENT),
			own instanceof PDFDict ? own : resources,
			times(matrixOf(numbers(object.dict.lookup(name('Matrix')))), at),
			drawn,
			new Set([...inside, object])
		);
	}
}

/** A page's instructions: one stream, or several that are read as one. */
async function contentOf(page: PDFDict): Promise<Uint8Array> {
	const contents = page.lookup(name('Contents'));
	const parts = contents instanceof PDFArray ? contents.asArray() : contents ? [contents] : [];
	const streams = parts.map((part) => (part instanceof PDFRef ? page.context.lookup(part) : part));
	const unpacked: Uint8Array[] = [];
	for (const stream of streams) {
		if (!(stream instanceof PDFRawStream)) throw new Error('instructions are missing');
		unpacked.push(await unpackedStream(stream, MAX_CONTENT), Uint8Array.of(10));
	}
	const whole = new Uint8Array(unpacked.reduce((sum, { length }) => sum + length, 0));
	let to = 0;
	for (const part of unpacked) {
		whole.set(part, to);
		to += part.length;
	}
	return whole;
}

/** Area on the page, in the page's own units. */
function areaOf({ at: [a, b, c, d] }: Drawn): number {
	return Math.abs(a * d - b * c);
}

/** Degrees clockwise, as pages are turned when they are shown (table 30). */
function turn(degrees: number): Matrix {
	const turns: Record<number, Matrix> = {
		90: [0, -1, 1, 0, 0, 0],
		180: [-1, 0, 0, -1, 0, 0],
		270: [0, 1, -1, 0, 0, 0]
	};
	return turns[((degrees % 360) + 360) % 360] ?? IDENTITY;
}

function matrixOf(values: readonly number[] | null): Matrix {
	if (values?.length !== 6) return IDENTITY;
	const [a, b, c, d, e, f] = values;
	return [a, b, c, d, e, f];
}

function numbers(value: PDFObject | undefined): number[] | null {
	if (!(value instanceof PDFArray)) return null;
	const found = value.asArray().map((_, i) => value.lookup(i));
	return found.every((one) => one instanceof PDFNumber) ? found.map((one) => one.asNumber()) : null;
}

function name(text: string): PDFName {
	return PDFName.of(text);
}
