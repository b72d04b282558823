"""Shards as they travel: raw deflate with entropy coding alone, each shard by itself.

RFC 1951, which ``DecompressionStream('deflate-raw')`` reads in every browser. Quantised
weights repeat nothing worth finding, so zlib looks for no matches (``Z_HUFFMAN_ONLY``): that
is smaller than its usual search, and faster to unpack.
"""

from __future__ import annotations

import zlib
from pathlib import Path

ENCODING = "deflate-raw"
SUFFIX = ".deflate.bin"
"""Of a packed shard's file, where the shard's name in ``model.json`` ends with ``.bin``."""


MOST_SHARD_BYTES = 64 * 1024 * 1024
"""A shard that unpacks to more is none."""


class PackingError(Exception):
    """Bytes are not the packed form of what they are said to be."""


def pack_shard(data: bytes) -> bytes:
    """``data`` as raw deflate."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_HUFFMAN_ONLY)
    return packer.compress(data) + packer.flush()


def unpack_shard(data: bytes, most: int) -> bytes:
    """What ``data`` was packed from.

    Raises ``PackingError`` where it is cut off, goes on past its end, is no deflate, or
    unpacks to more than ``most`` bytes.
    """
    reader = zlib.decompressobj(-15)
    try:
        found = reader.decompress(data, most + 1)
    except zlib.error as error:
        raise PackingError(str(error)) from error
    if len(found) > most:
        raise PackingError(f"unpacks to more than {most} bytes")
    if not reader.eof or reader.unused_data:
        raise PackingError("is cut off" if not reader.eof else "goes on past its end")
    return found


def packed_name(name: str) -> str:
    """File of the packed form of the shard that ``model.json`` calls ``name``."""
    return name.removesuffix(".bin") + SUFFIX


def write_shard(folder: Path, name: str, data: bytes) -> Path:
    """Write one shard packed; returns its file."""
    path = folder / packed_name(name)
    path.write_bytes(pack_shard(data))
    return path


def read_shard(folder: Path, name: str) -> bytes:
    """One shard, unpacked; it is there as it is, or packed.

    Raises ``OSError`` where there is neither, ``PackingError`` where it is damaged.
    """
    if (folder / name).exists():
        return (folder / name).read_bytes()
    path = folder / packed_name(name)
    try:
        return unpack_shard(path.read_bytes(), MOST_SHARD_BYTES)
    except PackingError as error:
        raise PackingError(f"{path}: {error}") from error


def packing_entry(path: Path) -> dict:
    """What the manifest says of a file's packing; nothing of one that is as it is used."""
    if not path.name.endswith(SUFFIX):
        return {}
    unpacked = unpack_shard(path.read_bytes(), MOST_SHARD_BYTES)
    return {"encoding": ENCODING, "unpackedBytes": len(unpacked)}
