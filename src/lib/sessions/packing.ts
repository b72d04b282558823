/** Records as bytes and back, as structured cloning would have them: MessagePack with both kinds of bytes. */
import { decode, encode, ExtensionCodec } from '@msgpack/msgpack';

const codec = new ExtensionCodec();
// Copies: a view would keep, and store, all of the bytes that it was read from.
codec.register({
	type: 0,
	encode: (value) => (value instanceof ArrayBuffer ? new Uint8Array(value) : null),
	decode: (bytes) => bytes.slice().buffer
});
codec.register({
	type: 1,
	encode: (value) => (value instanceof Uint8Array ? value : null),
	decode: (bytes) => bytes.slice()
});

export function pack(value: unknown): Uint8Array<ArrayBuffer> {
	return encode(value, { extensionCodec: codec, ignoreUndefined: true });
}

/** @throws RangeError, DecodeError where the bytes are no such record. */
export function unpack(bytes: Uint8Array): unknown {
	return decode(bytes, { extensionCodec: codec });
}
