"""Reads the tensors of a TensorFlow checkpoint (a "tensor bundle": PREFIX.index, PREFIX.data-00000-of-00001).

The index is a sorted-string table as LevelDB writes it, without compression; each value is a BundleEntryProto.
"""

from pathlib import Path

import numpy as np

MAGIC = (0xDB4775248B80FB57).to_bytes(8, "little")
FLOAT = 1


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def handle(data, at):
    """Where a block is: its offset and size."""
    offset, at = varint(data, at)
    size, at = varint(data, at)
    return (offset, size), at


def block_entries(data, place):
    """Keys and values of a block; each key is the one before it with its end replaced."""
    offset, size = place
    if data[offset + size] != 0:
        raise ValueError("the checkpoint's index is compressed")
    block = data[offset : offset + size]
    end = size - 4 - 4 * int.from_bytes(block[-4:], "little")
    at, key = 0, b""
    while at < end:
        shared, at = varint(block, at)
        rest, at = varint(block, at)
        length, at = varint(block, at)
        key = key[:shared] + block[at : at + rest]
        at += rest
        yield key, block[at : at + length]
        at += length


def fields(message):
    """Number and value of each field of a protocol-buffer message."""
    at = 0
    while at < len(message):
        tag, at = varint(message, at)
        kind = tag & 7
        if kind == 0:
            value, at = varint(message, at)
        elif kind in (1, 5):
            size = 8 if kind == 1 else 4
            value, at = message[at : at + size], at + size
        elif kind == 2:
            size, at = varint(message, at)
            value, at = message[at : at + size], at + size
        else:
            raise ValueError(f"field of kind {kind} in the checkpoint's index")
        yield tag >> 3, value


def read(prefix):
    """All float tensors by name."""
    prefix = str(prefix)
    index = Path(prefix + ".index").read_bytes()
    values = Path(prefix + ".data-00000-of-00001").read_bytes()
    if index[-8:] != MAGIC:
        raise ValueError(f"{prefix}.index is not a checkpoint's index")
    _, at = handle(index, len(index) - 48)
    root, _ = handle(index, at)
    tensors = {}
    for _, place in block_entries(index, root):
        for name, entry in block_entries(index, handle(place, 0)[0]):
            if not name:
                continue  # the header
            found = dict(fields(entry))
            if found.get(1) != FLOAT:
                continue
            shape = [dict(fields(size)).get(1, 0) for number, size in fields(found.get(2, b"")) if number == 2]
            offset, size = found.get(4, 0), found[5]
            tensors[name.decode()] = np.frombuffer(values[offset : offset + size], "<f4").reshape(shape)
    return tensors
