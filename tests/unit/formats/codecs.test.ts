import fc from 'fast-check';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { inflate } from '../../../src/lib/base/inflate';
import { unpackLzw } from '../../../src/lib/formats/codecs/lzw';
import { unpackBits } from '../../../src/lib/formats/codecs/pack-bits';
import { unpackFrame } from '../../../src/lib/formats/codecs/unpack';
import { jpegFrame } from '../../../src/lib/formats/jpeg/segments';
import { toEightBits } from '../../../src/lib/pixels/channels';
import { deflateRawSync } from 'node:zlib';
import { serveCodecs } from '../helpers/dicom';

const SAMPLE = 'static/samples/chest/synthetic-1.jpg';

beforeAll(serveCodecs);
afterAll(() => {
	vi.unstubAllGlobals();
});

/** A frame as a scanner's software packs it: OpenJPH's own encoder. */
async function packHtj2k(samples: Uint16Array, width: number, height: number) {
	const require = createRequire(import.meta.url);
	const create = require('@cornerstonejs/codec-openjph/wasmjs');
	const wasmBinary = readFileSync(require.resolve('@cornerstonejs/codec-openjph/wasm'));
	const module = await create({ wasmBinary });
	const encoder = new module.HTJ2KEncoder();
	const frame = {
		width,
		height,
		bitsPerSample: 16,
		componentCount: 1,
		isSigned: false,
		isUsingColorTransform: false
	};
	encoder.getDecodedBuffer(frame).set(new Uint8Array(samples.buffer));
	encoder.encode();
	return encoder.getEncodedBuffer().slice() as Uint8Array;
}

describe('high-throughput JPEG 2000', () => {
	const [width, height] = [37, 29];
	const samples = Uint16Array.from({ length: width * height }, (_, i) => (i * 7919) % 65_536);

	it('comes back without loss', async () => {
		const packed = await packHtj2k(samples, width, height);
		const { data, channels } = await unpackFrame('htj2k', packed, { width, height });
		expect(channels).toBe(1);
		expect(data).toEqual(samples);
	});

	it('of another size than the header says is not unpacked', async () => {
		const packed = await packHtj2k(samples, width, height);
		const asked = unpackFrame('htj2k', packed, { width: width + 1, height });
		await expect(asked).rejects.toThrow('another size');
	});
});

describe('a JPEG of 8 bits', () => {
	it('comes back as plain bytes, which no one converts sample by sample', async () => {
		const bytes = new Uint8Array(readFileSync(SAMPLE));
		const frame = jpegFrame(bytes)!;
		const { data, bits } = await unpackFrame('jpeg', bytes, frame);
		expect(bits).toBe(8);
		expect(data.constructor).toBe(Uint8Array);
		expect(toEightBits(data, bits)).toBe(data);
	});
});

describe('run lengths', () => {
	it('are Apple’s example', () => {
		// TIFF 6.0 gives the rules, Apple's technical note 1023 this example.
		const packed = [0xfe, 0xaa, 0x02, 0x80, 0, 0x2a, 0xfd, 0xaa, 0x03, 0x80, 0, 0x2a, 0x22, 0xf7];
		const plain = [0xaa, 0xaa, 0xaa, 0x80, 0, 0x2a, 0xaa, 0xaa, 0xaa, 0xaa, 0x80, 0, 0x2a, 0x22];
		const target = new Uint8Array(24).fill(1);
		expect(unpackBits(Uint8Array.from([...packed, 0xaa]), target)).toBe(24);
		expect([...target]).toEqual([...plain, ...new Array<number>(10).fill(0xaa)]);
	});

	it('and LZW end with either side, whatever the bytes', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(200), (source, room) => {
				expect(unpackBits(source, new Uint8Array(room))).toBeLessThanOrEqual(room);
				try {
					expect(unpackLzw(source, new Uint8Array(room))).toBeLessThanOrEqual(room);
				} catch (error) {
					expect(error).toMatchObject({ message: 'no such code' });
				}
			})
		);
	});
});

describe('deflated bytes', () => {
	const packed = new Uint8Array(deflateRawSync(new Uint8Array(1000)));

	it('come back whole, up to a bound', async () => {
		expect(await inflate(packed, 'deflate-raw', 1000)).toEqual(new Uint8Array(1000));
		await expect(inflate(packed, 'deflate-raw', 999)).rejects.toThrow(RangeError);
	});

	it('that are damaged are refused', async () => {
		await expect(inflate(packed.slice(0, -2), 'deflate-raw', 1000)).rejects.toThrow();
	});
});
