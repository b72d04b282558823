"""Packed shards: whole, or refused."""

import zlib

import numpy as np
import pytest

from fieldlens_training.package.packing import (
    PackingError,
    pack_shard,
    packed_name,
    packing_entry,
    read_shard,
    unpack_shard,
    write_shard,
)

WEIGHTS = np.random.default_rng(1).normal(128, 4, 100_000).round().astype(np.uint8).tobytes()


def test_weights_come_back_and_are_near_their_entropy():
    packed = pack_shard(WEIGHTS)
    assert unpack_shard(packed, len(WEIGHTS)) == WEIGHTS
    share = np.bincount(np.frombuffer(WEIGHTS, np.uint8)) / len(WEIGHTS)
    bits = -sum(p * np.log2(p) for p in share if p)
    assert bits < 8 * len(packed) / len(WEIGHTS) < bits + 0.1
    assert unpack_shard(pack_shard(b""), 0) == b""


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda packed: packed[:-1], "cut off"),
        (lambda packed: b"", "cut off"),
        (lambda packed: packed + b"\0", "past its end"),
        (lambda packed: b"\xff" + packed, "invalid"),
        (lambda packed: pack_shard(WEIGHTS + b"x"), "more than 100000 bytes"),
        (lambda packed: zlib.compress(WEIGHTS), "invalid"),
    ],
)
def test_anything_else_is_refused(spoil, message):
    with pytest.raises(PackingError, match=message):
        unpack_shard(spoil(pack_shard(WEIGHTS)), len(WEIGHTS))


def test_a_shard_is_read_as_it_is_or_packed(tmp_path):
    path = write_shard(tmp_path, "group1-shard1of2.bin", WEIGHTS)
    assert path.name == packed_name("group1-shard1of2.bin") == "group1-shard1of2.deflate.bin"
    assert read_shard(tmp_path, "group1-shard1of2.bin") == WEIGHTS
    assert packing_entry(path) == {"encoding": "deflate-raw", "unpackedBytes": len(WEIGHTS)}
    plain = tmp_path / "group1-shard2of2.bin"
    plain.write_bytes(b"as it is")
    assert read_shard(tmp_path, plain.name) == b"as it is"
    assert packing_entry(plain) == {}
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(PackingError, match=path.name):
        read_shard(tmp_path, "group1-shard1of2.bin")
