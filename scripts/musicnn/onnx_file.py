"""Writes a neural network as an ONNX file, with the features needed here. Field numbers are those of onnx.proto."""

import numpy as np

OPSET = 17
FLOAT, INT64 = 1, 7
ATTRIBUTE_INT, ATTRIBUTE_INTS = 2, 7


def _varint(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _field(number, value):
    """A field of a message: whole numbers as they are, text and messages with their length before them."""
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value % (1 << 64))
    data = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _attribute(name, value):
    if isinstance(value, int):
        return _field(1, name) + _field(3, value) + _field(20, ATTRIBUTE_INT)
    return _field(1, name) + b"".join(_field(8, v) for v in value) + _field(20, ATTRIBUTE_INTS)


def _tensor(name, values):
    kind = {"f": FLOAT, "i": INT64}[values.dtype.kind]
    values = np.ascontiguousarray(values, "<f4" if kind == FLOAT else "<i8")
    return (
        b"".join(_field(1, size) for size in values.shape)
        + _field(2, kind)
        + _field(8, name)
        + _field(9, values.tobytes())
    )


def _value(name, shape):
    """The name and shape of a float tensor. A size may be a name."""
    sizes = b"".join(_field(1, _field(2 if isinstance(s, str) else 1, s)) for s in shape)
    return _field(1, name) + _field(2, _field(1, _field(1, FLOAT) + _field(2, sizes)))


class Graph:
    """A graph that grows node by node. Results have names."""

    def __init__(self):
        self.nodes, self.tensors = [], []

    def constant(self, values):
        name = f"c{len(self.tensors)}"
        self.tensors.append(_tensor(name, values))
        return name

    def node(self, kind, *inputs, name=None, **attributes):
        name = name or f"n{len(self.nodes)}"
        inputs = [i if isinstance(i, str) else self.constant(i) for i in inputs]
        self.nodes.append(
            b"".join(_field(1, i) for i in inputs)
            + _field(2, name)
            + _field(4, kind)
            + b"".join(_field(5, _attribute(k, v)) for k, v in attributes.items())
        )
        return name

    def file(self, inputs, outputs, properties):
        """The file's bytes. `inputs` and `outputs`: shapes by name; `properties`: texts about the model, by name."""
        graph = (
            b"".join(_field(1, n) for n in self.nodes)
            + _field(2, "audio-ident")
            + b"".join(_field(5, t) for t in self.tensors)
            + b"".join(_field(11, _value(*i)) for i in inputs.items())
            + b"".join(_field(12, _value(*o)) for o in outputs.items())
        )
        return (
            _field(1, 8)
            + _field(2, "audio-ident")
            + _field(7, graph)
            + _field(8, _field(2, OPSET))
            + b"".join(_field(14, _field(1, k) + _field(2, v)) for k, v in properties.items())
        )
