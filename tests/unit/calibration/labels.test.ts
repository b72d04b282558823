import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { sentenceOf } from '../../../src/lib/problems/messages';
import {
	matchLabels,
	parseLabelTable,
	textOf,
	type LabelLine
} from '../../../src/lib/calibration/label-table';
import {
	coverageOf,
	keyOf,
	labelsOfFolders,
	labelsOfReviews,
	labelsOfTable,
	likelyMeaning,
	truthOf,
	wordsOf,
	type Labels,
	type ListedImage,
	type Meaning
} from '../../../src/lib/calibration/labels';
import { csvOf } from '../../../src/lib/exports/csv';
import { exampleManifest } from '../helpers/manifest';

const TASK = 'chest-xray-pneumonia';

function linesOf(text: string) {
	const table = parseLabelTable(text);
	if (!table.ok) throw new Error(sentenceOf(table.problem));
	return table.value.lines;
}

const line = (path: string, word = 'sick', patient: string | null = null): LabelLine => ({
	path,
	word,
	patient
});

const image = (path: string, changes: Partial<ListedImage> = {}): ListedImage => ({
	path,
	probability: 0.5,
	isRecognised: true,
	finding: null,
	...changes
});

const likely = ({ words }: Labels): Map<string, Meaning> =>
	new Map([...words.values()].flat().map((word) => [keyOf(word), likelyMeaning(word, TASK)]));

describe('a table of labels', () => {
	it.each([',', ';', '\t'])('is read with %j between its columns, in any order', (separator) => {
		const text = [
			['Diagnosis', 'Patient ID', 'File name'],
			['sick', '7', 'a.jpg'],
			['healthy', '', 'b, c; d.jpg']
		]
			.map((row) => row.map((cell) => (cell.includes(separator) ? `"${cell}"` : cell)))
			.map((row) => row.join(separator))
			.join('\r\n');
		expect(linesOf(text)).toEqual([line('a.jpg', 'sick', '7'), line('b, c; d.jpg', 'healthy', '')]);
	});

	it('may have a mark in front, Excel’s hint, empty lines and spare columns', () => {
		const text = '\ufeffsep=;\r\nnote;path;label\r\n\r\nx;a.jpg;sick\r\n;;\r\n';
		expect(linesOf(text)).toEqual([line('a.jpg')]);
	});

	it('may be in any of the letters that spreadsheets save', () => {
		const text = 'file,finding\nétude.jpg,sick\n';
		const utf16 = new Uint8Array(2 + 2 * text.length);
		utf16.set([0xff, 0xfe]);
		[...text].forEach((letter, i) => utf16.set([letter.charCodeAt(0), 0], 2 + 2 * i));
		for (const bytes of [
			new TextEncoder().encode(text),
			utf16,
			Uint8Array.from(text, (letter) => letter.charCodeAt(0))
		]) {
			expect(linesOf(textOf(bytes))).toEqual([line('étude.jpg')]);
		}
		const big = utf16.slice();
		for (let i = 0; i < big.length; i += 2) [big[i], big[i + 1]] = [utf16[i + 1], utf16[i]];
		expect(textOf(big)).toContain('étude.jpg');
	});

	it('says which columns it took; “finding” comes before “label”', () => {
		const table = parseLabelTable('label,finding,path\nhealthy,sick,a.jpg');
		expect(table).toMatchObject({
			ok: true,
			value: { columns: { path: 'path', word: 'finding', patient: null } }
		});
	});

	it('is refused with a reason', () => {
		const codeOf = (text: string) => {
			const table = parseLabelTable(text);
			return table.ok ? 'none' : table.problem.code;
		};
		expect(codeOf('')).toBe('labels-no-columns');
		expect(codeOf('a,b\n1,2')).toBe('labels-no-columns');
		expect(codeOf('path,score\na,1')).toBe('labels-no-columns');
		expect(codeOf('path,label\n')).toBe('labels-empty');
		expect(codeOf('path,label\na.jpg,"sick\nb.jpg,healthy')).toBe('labels-damaged');
	});

	it('never throws, whatever the file', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
				const table = parseLabelTable(textOf(bytes));
				expect(typeof table.ok).toBe('boolean');
			})
		);
	});

	it('of the app’s own list leads back to its images, odd names included', () => {
		const paths = ['=1+1.jpg', 'ward a/é "x", y;z.jpg', '-minus.png', 'two\nlines.jpg'];
		const rows = paths.map((path, id) => ({
			id,
			path,
			score: 0.5,
			category: 'likely' as const,
			operatingPoint: 'balanced',
			model: 'm',
			modelVersion: '1.0.0',
			backend: 'wasm',
			time: '',
			reason: '',
			unlikeness: null,
			cropped: false,
			filmFound: false,
			region: null,
			review: null,
			outside: [],
			overruled: false,
			remarks: []
		}));
		const manifest = exampleManifest();
		const model = { manifest, point: manifest.operatingPoints[0] };
		const text = csvOf({ rows, model, made: new Date() });
		const data = Papa.parse<Record<string, string>>(text.slice(1), {
			header: true,
			skipEmptyLines: true
		}).data;
		const reviewed = Papa.unparse(data.map((row) => ({ ...row, Review: 'Signs seen' })));
		const { lines, unmatched } = matchLabels(linesOf(reviewed), paths);
		expect(unmatched).toEqual([]);
		expect([...lines.keys()].sort()).toEqual([...paths].sort());
		expect(likelyMeaning('Signs seen', manifest.task)).toBe('present');
	});
});

describe('matching a table to the list', () => {
	it('goes by the whole path, then its end, then the name where one image has it', () => {
		const paths = ['set/a/1.jpg', 'set/b/1.jpg', 'set/b/2.jpg', 'set/b/\u00e9.jpg'];
		const found = matchLabels(
			[
				line('set/a/1.jpg'),
				line('C:\\images\\set\\b\\1.jpg'),
				line('2.jpg'),
				line('./set/b/e\u0301.jpg'),
				line('3.jpg')
			],
			paths
		);
		expect([...found.lines.keys()].sort()).toEqual([...paths].sort());
		expect(found.unmatched).toEqual(['3.jpg']);
		expect(found.ambiguous).toEqual([]);
	});

	it('takes nothing that fits two images, or that two files of the table want', () => {
		const found = matchLabels(
			[line('1.jpg'), line('x/2.jpg'), line('y/2.jpg')],
			['a/1.jpg', 'b/1.jpg', 'a/2.jpg']
		);
		expect(found.lines.size).toBe(0);
		expect(found.ambiguous).toEqual(['1.jpg', 'x/2.jpg', 'y/2.jpg']);
	});

	it('counts every line exactly once, and gives an image to no two files', () => {
		const name = fc.constantFrom('a', 'b', 'x/a', 'y/a', 'x/b', 'z/x/a');
		fc.assert(
			fc.property(fc.array(name), fc.uniqueArray(name), (names, paths) => {
				const lines = names.map((path) => line(path));
				const found = matchLabels(lines, paths);
				const matched = [...found.lines.values()].flat().length;
				expect(matched + found.unmatched.length + found.ambiguous.length).toBe(lines.length);
				for (const [path, ofImage] of found.lines) {
					expect(paths).toContain(path);
					expect(new Set(ofImage.map((one) => one.path)).size).toBe(1);
				}
			})
		);
	});

	it('tells a few files of one name apart by their folders, and does not try with very many', () => {
		const wards = (count: number) => Array.from({ length: count }, (_, i) => `ward ${i}/1.jpg`);
		const lines = [line('hospital/ward 3/1.jpg')];
		expect([...matchLabels(lines, wards(10)).lines.keys()]).toEqual(['ward 3/1.jpg']);
		// Each line would be compared with each file.
		const many = matchLabels(lines, wards(20_000));
		expect(many.lines.size).toBe(0);
		expect(many.ambiguous).toEqual(['hospital/ward 3/1.jpg']);
	});
});

describe('the words of a source', () => {
	it('have their likely meaning, by the task', () => {
		expect(likelyMeaning(' PNEUMONIA', TASK)).toBe('present');
		expect(likelyMeaning('NORMAL', TASK)).toBe('absent');
		expect(likelyMeaning('Parasitized', 'malaria-cell')).toBe('present');
		expect(likelyMeaning('Uninfected', 'malaria-cell')).toBe('absent');
		expect(likelyMeaning('Parasitized', TASK)).toBe('unused');
		for (const word of ['unsure', '', 'ward 3', 'abnormal', 'not sick']) {
			expect(likelyMeaning(word, TASK)).toBe('unused');
		}
	});

	it('are counted once an image, the most frequent first', () => {
		const labels = labelsOfFolders([
			image('set/NORMAL/a.jpg'),
			image('set/normal/Normal/b.jpg'),
			image('set/sick/c.jpg'),
			image('loose.jpg')
		]);
		expect(wordsOf(labels).map(({ key, images }) => [key, images])).toEqual([
			['set', 3],
			['normal', 2],
			['sick', 1]
		]);
	});
});

describe('the truth', () => {
	it('of reviews leaves the unsure ones out', () => {
		const images = [
			image('a', { finding: 'present', probability: 0.9 }),
			image('b', { finding: 'absent', probability: 0.1, isRecognised: false }),
			image('c', { finding: 'unsure' }),
			image('d'),
			image('e', { finding: 'present', probability: null })
		];
		const labels = labelsOfReviews(images);
		const truth = truthOf(images, labels, likely(labels), TASK);
		expect(truth.readings.map(({ positive, score }) => [positive, score])).toEqual([
			[true, 0.9],
			[false, 0.1]
		]);
		expect(truth).toMatchObject({ unlabelled: 2, unread: 1, unrecognised: 1, contradictory: [] });
		expect(truth).toMatchObject({ patientRule: 'none', unknownPatients: 2 });
	});

	it('of folders leaves out what lies in folders of both kinds', () => {
		const images = [
			image('set/NORMAL/IM-0001-0001.jpeg'),
			image('set/NORMAL/IM-0001-0002.jpeg'),
			image('set/NORMAL/sick/x.jpg'),
			image('set/PNEUMONIA/mine.jpg')
		];
		const labels = labelsOfFolders(images);
		const truth = truthOf(images, labels, likely(labels), TASK);
		expect(truth.contradictory).toEqual(['set/NORMAL/sick/x.jpg']);
		expect(truth.patientRule).toBe('file names');
		expect(truth.unknownPatients).toBe(1);
		expect(new Set(truth.readings.map(({ patient }) => patient)).size).toBe(2);
	});

	it('of a table holds to its patients, and to no line that another contradicts', () => {
		const images = ['a', 'b', 'c', 'd'].map((path) => image(path));
		const lines = [
			line('a', 'sick', 'P1'),
			line('b', 'healthy', 'P1'),
			line('c', 'sick', ''),
			line('c', 'healthy', ''),
			line('d', '', 'P2')
		];
		const labels = labelsOfTable(
			matchLabels(
				lines,
				images.map(({ path }) => path)
			)
		);
		const truth = truthOf(images, labels, likely(labels), TASK);
		expect(truth.readings.map(({ patient }) => patient)).toEqual(['patient P1', 'patient P1']);
		expect(truth).toMatchObject({ patientRule: 'table', unlabelled: 1, contradictory: ['c'] });
	});
});

describe('who was looked at', () => {
	it('is lopsided where flagged images have a final word more often than the others', () => {
		const images = Array.from({ length: 100 }, (_, i) =>
			image(String(i), { probability: i / 100 })
		);
		const readingsFrom = (first: number) =>
			images.slice(first).map(({ path, probability }) => ({
				score: probability ?? 0,
				positive: true,
				patient: path
			}));
		expect(coverageOf(images, readingsFrom(60), 0.7)).toEqual({
			flagged: { labelled: 30, all: 30 },
			notFlagged: { labelled: 10, all: 70 },
			isLopsided: true
		});
		expect(coverageOf(images, readingsFrom(0), 0.7).isLopsided).toBe(false);
	});
});
