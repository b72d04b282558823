/**
 * Files that nobody should have to open: cut off, changed, empty, far larger than they say, or
 * named to harm. Made from the sample images, so that anyone gets the same; see
 * `tests/e2e/hostile.spec.ts`.
 */
import { crc32, deflateRawSync, deflateSync } from 'node:zlib';

/** What the list must say of a file. */
type Fate = 'done' | 'failed' | 'left-out' | 'any';

export interface HostileFile {
	name: string;
	bytes: Uint8Array;
	/** `any`: a change may leave a picture, so a score or a named problem. */
	fate: Fate;
}

/** The corpus. @param jpeg a whole grey JPEG. @param png a whole grey PNG of 16 bits. */
export function hostileFiles(jpeg: Uint8Array, png: Uint8Array): HostileFile[] {
	return [
		...broken('film.jpg', jpeg),
		...broken('sixteen bits.png', png),
		{ name: 'empty.jpg', bytes: new Uint8Array(0), fate: 'failed' },
		{ name: 'empty.txt', bytes: new Uint8Array(0), fate: 'left-out' },
		{ name: 'text in disguise.png', bytes: Buffer.from('no picture'), fate: 'left-out' },
		{ name: 'a picture without its ending', bytes: jpeg, fate: 'done' },
		{ name: 'a film named as a page.html', bytes: jpeg, fate: 'done' },
		{ name: 'sides beyond reason.png', bytes: withSides(png, 60_000, 60_000), fate: 'failed' },
		{ name: 'no sides.png', bytes: withSides(png, 0, 0), fate: 'failed' },
		{ name: 'unpacks to 256 MB.png', bytes: inflatingPng(256), fate: 'failed' },
		{ name: 'strips beyond the end.tif', bytes: tiffOf(60_000, 60_000), fate: 'failed' },
		{ name: 'directories in a ring.tif', bytes: ringTiff(), fate: 'failed' },
		{ name: 'rows beyond reason.dcm', bytes: dicomOf(65_535, 65_535, 60_000), fate: 'failed' },
		{ name: 'elements without end.dcm', bytes: endlessDicom(), fate: 'failed' },
		...NAMES.map((name) => ({ name, bytes: jpeg, fate: 'done' as const }))
	];
}

/** Names that a page, a spreadsheet or a terminal could trip over; all are harmless names. */
const NAMES = [
	'<script>document.title="run"<\u2215script>.jpg',
	'<img src=x onerror=alert(1)>.jpg',
	'=HYPERLINK("x").jpg',
	'cod\u202egpj.exe',
	'bell\u0007 and tab\tand line\nend.jpg',
	'{{constructor}} ${1+1} %00 %2e%2e.jpg',
	'\u{1f9b4}'.repeat(30) + '.jpg',
	`${'a'.repeat(120)}/${'b'.repeat(120)}/${'c'.repeat(60)}.jpg`,
	' leading space.jpg',
	'__proto__.jpg'
];

function broken(name: string, whole: Uint8Array): HostileFile[] {
	const cut = (share: number) => whole.slice(0, Math.floor(whole.length * share));
	const flipped = (seed: number) => {
		const bytes = Uint8Array.from(whole);
		// A generator of our own, so that a failure can be seen again (Lehmer 1951).
		let state = seed;
		for (let i = 0; i < 20; i++) {
			state = (state * 48_271) % 2_147_483_647;
			bytes[state % bytes.length] ^= 1 << (state % 8);
		}
		return bytes;
	};
	return [
		{ name: `cut at a tenth ${name}`, bytes: cut(0.1), fate: 'failed' },
		{ name: `cut at a half ${name}`, bytes: cut(0.5), fate: 'failed' },
		{ name: `cut before its end ${name}`, bytes: cut(0.99), fate: 'failed' },
		...[1, 2, 3].map((seed) => ({
			name: `changed ${seed} ${name}`,
			bytes: flipped(seed),
			fate: 'any' as const
		}))
	];
}

function withSides(png: Uint8Array, width: number, height: number): Uint8Array {
	const bytes = Buffer.from(png);
	bytes.writeUInt32BE(width, 16);
	bytes.writeUInt32BE(height, 20);
	return bytes;
}

/** A PNG of 8 x 8 pixels of 16 bits whose data unpack to `megabytes` of zeros. */
function inflatingPng(megabytes: number): Uint8Array {
	const header = Buffer.alloc(13);
	header.writeUInt32BE(8, 0);
	header.writeUInt32BE(8, 4);
	header[8] = 16;
	const data = deflateSync(Buffer.alloc(megabytes * 1024 * 1024), { level: 9 });
	return Buffer.concat([
		Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
		...(
			[
				['IHDR', header],
				['IDAT', data],
				['IEND', Buffer.alloc(0)]
			] as const
		).map(([type, content]) => chunk(type, content))
	]);
}

function chunk(type: string, content: Buffer): Buffer {
	const named = Buffer.concat([Buffer.from(type, 'latin1'), content]);
	const length = Buffer.alloc(4);
	length.writeUInt32BE(content.length);
	const sum = Buffer.alloc(4);
	sum.writeUInt32BE(crc32(named));
	return Buffer.concat([length, named, sum]);
}

/** A TIFF whose one strip of grey pixels would lie far behind its end. */
function tiffOf(width: number, height: number): Uint8Array {
	const tags = [
		[256, 4, width],
		[257, 4, height],
		[258, 3, 8],
		[259, 3, 1],
		[262, 3, 1],
		[273, 4, 0x7fff_0000],
		[277, 3, 1],
		[278, 4, height],
		[279, 4, 0x7fff_0000]
	];
	return tiff(tags, 0);
}

/** A TIFF whose first directory names itself as the next. */
function ringTiff(): Uint8Array {
	return tiff([[254, 4, 0]], 8);
}

function tiff(tags: number[][], next: number): Uint8Array {
	const bytes = Buffer.alloc(8 + 2 + tags.length * 12 + 4);
	bytes.write('II*\0', 'latin1');
	bytes.writeUInt32LE(8, 4);
	bytes.writeUInt16LE(tags.length, 8);
	tags.forEach(([tag, type, value], i) => {
		const at = 10 + i * 12;
		bytes.writeUInt16LE(tag, at);
		bytes.writeUInt16LE(type, at + 2);
		bytes.writeUInt32LE(1, at + 4);
		bytes.writeUInt32LE(value, at + 8);
	});
	bytes.writeUInt32LE(next, 10 + tags.length * 12);
	return bytes;
}

/** A DICOM file that says it holds `frames` frames of `rows` x `columns`, and holds none. */
function dicomOf(rows: number, columns: number, frames: number): Uint8Array {
	return Buffer.concat([
		dicomHead(),
		element(0x0028, 0x0002, 'US', shortOf(1)),
		element(0x0028, 0x0004, 'CS', Buffer.from('MONOCHROME2 ')),
		element(0x0028, 0x0008, 'IS', Buffer.from(String(frames).padEnd(6))),
		element(0x0028, 0x0010, 'US', shortOf(rows)),
		element(0x0028, 0x0011, 'US', shortOf(columns)),
		element(0x0028, 0x0100, 'US', shortOf(16)),
		element(0x0028, 0x0101, 'US', shortOf(16)),
		element(0x0028, 0x0102, 'US', shortOf(15)),
		element(0x0028, 0x0103, 'US', shortOf(0)),
		longElement(0x7fe0, 0x0010, 'OW', Buffer.alloc(64))
	]);
}

/** A DICOM file whose elements claim more bytes than there are. */
function endlessDicom(): Uint8Array {
	const claims = longElement(0x0042, 0x0011, 'OB', Buffer.alloc(8));
	claims.writeUInt32LE(0x7fff_fff0, 8);
	return Buffer.concat([dicomHead(), claims, Buffer.alloc(2000, 0x41)]);
}

function dicomHead(): Buffer {
	const syntax = element(0x0002, 0x0010, 'UI', Buffer.from('1.2.840.10008.1.2.1\0', 'latin1'));
	return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), syntax]);
}

function shortOf(value: number): Buffer {
	const bytes = Buffer.alloc(2);
	bytes.writeUInt16LE(value);
	return bytes;
}

function element(group: number, number: number, kind: string, value: Buffer): Buffer {
	return elementWith(8, group, number, kind, value);
}

/** An element whose kind has its length in four bytes, after two that are left free. */
function longElement(group: number, number: number, kind: string, value: Buffer): Buffer {
	return elementWith(12, group, number, kind, value);
}

function elementWith(
	headBytes: 8 | 12,
	group: number,
	number: number,
	kind: string,
	value: Buffer
): Buffer {
	const head = Buffer.alloc(headBytes);
	head.writeUInt16LE(group, 0);
	head.writeUInt16LE(number, 2);
	head.write(kind, 4, 'latin1');
	if (headBytes === 8) head.writeUInt16LE(value.length, 6);
	else head.writeUInt32LE(value.length, 8);
	return Buffer.concat([head, value]);
}

/** A ZIP with one file that unpacks to `megabytes` of zeros (1,000 times its size). */
export function zipBomb(megabytes: number): Uint8Array {
	const content = Buffer.alloc(megabytes * 1024 * 1024);
	const packed = deflateRawSync(content, { level: 9 });
	const name = Buffer.from('film.jpg');
	const sum = crc32(content);
	const local = Buffer.alloc(30);
	local.writeUInt32LE(0x04034b50, 0);
	local.writeUInt16LE(20, 4);
	local.writeUInt16LE(8, 8);
	local.writeUInt32LE(sum, 14);
	local.writeUInt32LE(packed.length, 18);
	local.writeUInt32LE(content.length, 22);
	local.writeUInt16LE(name.length, 26);
	const central = Buffer.alloc(46);
	central.writeUInt32LE(0x02014b50, 0);
	central.writeUInt16LE(20, 4);
	central.writeUInt16LE(20, 6);
	central.writeUInt16LE(8, 10);
	central.writeUInt32LE(sum, 16);
	central.writeUInt32LE(packed.length, 20);
	central.writeUInt32LE(content.length, 24);
	central.writeUInt16LE(name.length, 28);
	const end = Buffer.alloc(22);
	end.writeUInt32LE(0x06054b50, 0);
	end.writeUInt16LE(1, 8);
	end.writeUInt16LE(1, 10);
	end.writeUInt32LE(central.length + name.length, 12);
	end.writeUInt32LE(local.length + name.length + packed.length, 16);
	return Buffer.concat([local, name, packed, central, name, end]);
}
