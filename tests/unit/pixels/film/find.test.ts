/** Films in photographs that are drawn from the sample films: where they lie is known. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Corners } from '../../../../src/lib/intake/corners';
import { greyOf } from '../../../../src/lib/pixels/channels';
import { findFilm } from '../../../../src/lib/pixels/film/find';
import { resizePlain } from '../../../../src/lib/pixels/resizer';
import { createRandom } from '../../../../src/lib/statistics/bootstrap';
import {
	photographOf,
	SCENES,
	type Grey,
	type PhotographPlan
} from '../../../../tools/lib/film-photographs';
import { openImageReader } from '../../../../tools/lib/node-images';

const decode = await openImageReader();
const samples = [1, 2, 3, 4].map((number): Grey => {
	const { width, height, stride, data } = decode(
		readFileSync(`static/samples/chest/synthetic-${number}.jpg`)
	);
	return { width, height, stride: 1, data: stride === 1 ? data : greyOf(data, stride) };
});

/** Farthest that a corner is from where it should be, as a share of the photograph's sides. */
function apart(found: Corners, wanted: Corners): number {
	return Math.max(...found.map(({ x, y }, i) => Math.hypot(x - wanted[i].x, y - wanted[i].y)));
}

/** How far each corner lies beyond an outline, as a share of the photograph; 0 within it. */
function beyond(found: Corners, [a, b, c, d]: Corners): number {
	const sides = [
		[a, b],
		[b, c],
		[c, d],
		[d, a]
	];
	return Math.max(
		...found.flatMap(({ x, y }) =>
			sides.map(([from, to]) => {
				const [dx, dy] = [to.x - from.x, to.y - from.y];
				return -((y - from.y) * dx - (x - from.x) * dy) / Math.hypot(dx, dy);
			})
		)
	);
}

/** A film that hangs before something bright. */
const LIT = SCENES.filter((scene) => scene !== 'screen');

const photographs = (plan: Omit<PhotographPlan, 'side'>, seed: number) =>
	samples.map((film) => photographOf(film, { ...plan, side: 700 }, createRandom(seed++)));

describe('the film in a photograph', () => {
	it.each(LIT)('is found on or in front of: %s', (scene) => {
		for (const { picture, film } of photographs({ scene, blackEdge: 0 }, 11)) {
			const found = findFilm(picture, resizePlain);
			expect(found && apart(found, film)).toBeLessThan(0.05);
		}
	});

	it.each(LIT)('is found without its black edge: %s', (scene) => {
		for (const { picture, film, content } of photographs({ scene, blackEdge: 0.04 }, 21)) {
			const found = findFilm(picture, resizePlain);
			// Within the film; and of the edge of 4 % little is left.
			expect(found && beyond(found, film)).toBeLessThan(0.005);
			expect(found && beyond(found, content)).toBeLessThan(0.035);
			expect(found && apart(found, content)).toBeLessThan(0.06);
		}
	});

	it('is not found where there is none', () => {
		const [width, height] = [300, 400];
		const random = createRandom(3);
		const plain = new Uint8Array(width * height).fill(120);
		const noise = Uint8Array.from(plain, () => 80 + 80 * random());
		for (const data of [plain, noise]) {
			expect(findFilm({ width, height, stride: 1, data }, resizePlain)).toBeNull();
		}
	});

	it('may be in colours, and is found at the same place', () => {
		const [{ picture }] = photographs({ scene: 'window', blackEdge: 0.04 }, 31);
		const data = new Uint8Array(3 * picture.data.length);
		picture.data.forEach((grey, i) => data.fill(grey, 3 * i, 3 * i + 3));
		const coloured = findFilm({ ...picture, stride: 3, data }, resizePlain);
		expect(coloured).toEqual(findFilm(picture, resizePlain));
		expect(coloured).not.toBeNull();
	});
});
