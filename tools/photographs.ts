// `npm run photographs`: how well films are found in photographs of them, and read. The
// photographs are drawn from films (`lib/film-photographs.ts`), so it is known where each film
// lies and what its own score is. In Node, with the app's own code in int8.
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { greyOf } from '../src/lib/pixels/channels.ts';
import { findFilm } from '../src/lib/pixels/film/find.ts';
import { rectify } from '../src/lib/pixels/rectify.ts';
import { createRandom } from '../src/lib/statistics/bootstrap.ts';
import { photographOf, SCENES, type Grey } from './lib/film-photographs.ts';
import { openFilmReader, resize, type FilmReading } from './lib/film-reader.ts';
import { listAllFiles, sampleEvenly } from './lib/image-folder.ts';
import { openImageReader } from './lib/node-images.ts';
import { readCount, readOptions } from './lib/options.ts';
import { Problem, runMain } from './lib/problem.ts';

const USAGE =
	'npm run photographs -- --images <folder with JPEG or PNG films> [--model <id>] [--count N] [--seed N]';

/** Of the film's sides. */
const BLACK_EDGE = 0.04;
/** Longest side of a photograph, pixels. */
const SIDE = 1000;
/** A score is the original's where it is no further from it. */
const NEAR = 0.1;

/** What is read of a photograph. */
const WAYS = {
	whole: 'the whole photograph',
	edge: 'cut at the black edge’s own corners',
	content: 'cut at the true corners',
	found: 'cut where the program finds it'
} as const;
type Way = keyof typeof WAYS;

await runMain(async () => {
	const options = readOptions(
		{
			images: { type: 'string' },
			model: { type: 'string', default: 'pneumonia-resnet34' },
			count: { type: 'string' },
			seed: { type: 'string' }
		},
		USAGE
	);
	if (!options.images) throw new Problem(`Use: ${USAGE}`);
	const folder = resolve(options.images);
	const count = readCount(options.count, 'count') ?? 40;
	const all = (await listAllFiles(folder)).filter(({ path }) => /\.(jpe?g|png)$/i.test(path));
	const films = sampleEvenly(all, count);
	const decode = await openImageReader();
	const read = await openFilmReader(options.model ?? '');
	const random = createRandom(readCount(options.seed, 'seed') ?? 5);
	const sums = new Map<Way, { recognised: number; near: number }>();
	let recognised = 0;
	for (const [i, { path }] of films.entries()) {
		const film = greyFilm(decode(await readFile(join(folder, path))));
		const plan = { scene: SCENES[i % SCENES.length], blackEdge: BLACK_EDGE, side: SIDE };
		const { picture, film: edge, content } = photographOf(film, plan, random);
		const corners = findFilm(picture, resize);
		const original = await read(film);
		if (isRecognised(original)) recognised++;
		const readings: Record<Way, FilmReading | null> = {
			whole: await read(picture),
			edge: await read(rectify(picture, edge)),
			content: await read(rectify(picture, content)),
			found: corners && (await read(rectify(picture, corners)))
		};
		for (const way of waysOf(readings)) {
			const reading = readings[way];
			const sum = sums.get(way) ?? { recognised: 0, near: 0 };
			if (reading && isRecognised(reading)) sum.recognised++;
			if (reading && Math.abs(reading.score - original.score) <= NEAR) sum.near++;
			sums.set(way, sum);
		}
		const { found } = readings;
		const said = found ? `${textOf(found.score)}, unlikeness ${textOf(found.unlikeness)}` : 'none';
		console.log(`${path} (${plan.scene}): ${textOf(original.score)}; found: ${said}`);
	}
	console.log(`\n${films.length} films; ${recognised} originals recognised`);
	for (const [way, sum] of sums) {
		console.log(`${WAYS[way]}: ${sum.recognised} recognised, ${sum.near} scores within ${NEAR}`);
	}
});

function greyFilm({
	width,
	height,
	stride,
	data
}: ReturnType<Awaited<ReturnType<typeof openImageReader>>>): Grey {
	return { width, height, stride: 1, data: stride === 1 ? data : greyOf(data, stride) };
}

function isRecognised({ unlikeness }: FilmReading): boolean {
	return unlikeness <= 1;
}

function waysOf(readings: Record<Way, unknown>): Way[] {
	return Object.keys(readings) as Way[];
}

function textOf(value: number): string {
	return value.toFixed(2);
}
