"""Converts the checkpoint in the PyPI package `musicnn` (MSD_musicnn, ISC licence) to musicnn.onnx, without TensorFlow.

    python3 -m scripts.musicnn.convert WHEEL OUT

Input `log_mel` [N, 187, 96]; outputs `tags` [N, 50], `mean` and `max` [N, 753] of the channels over time, and
`penultimate` [N, 200]. The network is that of Pons and Serra, "musicnn: pre-trained convolutional neural networks for
music audio tagging" (2019), with two changes that leave its results the same. A batch norm is a scale and an offset. A
batch norm after a convolution moves behind the maximum over the frequencies; where its scale is negative, the sign of
the filter is flipped, since such a scale turns a maximum into a minimum."""

import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np

from scripts.musicnn import checkpoint
from scripts.musicnn.onnx_file import Graph

MODEL = "musicnn/MSD_musicnn/"
FRAMES, BANDS, CHANNELS, TAGS = 187, 96, 753, 50
EPSILON = 1e-3  # TensorFlow's default for batch norms


class Network:
    def __init__(self, tensors):
        self.tensors, self.graph = tensors, Graph()

    def norm(self, number):
        """Scale and offset of a batch norm; the first of TensorFlow's names has no number."""
        name = "batch_normalization" + (f"_{number}" if number else "")
        gamma, beta, mean, variance = (
            self.tensors[f"{name}/{part}"].astype(np.float64)
            for part in ("gamma", "beta", "moving_mean", "moving_variance")
        )
        scale = gamma / np.sqrt(variance + EPSILON)
        return scale, beta - mean * scale

    def kernel(self, number):
        """Weights as ONNX has them (outputs, inputs, height, width), and biases."""
        name = "conv2d" + (f"_{number}" if number else "")
        return self.tensors[f"{name}/kernel"].transpose(3, 2, 0, 1), self.tensors[f"{name}/bias"]

    def affine(self, x, scale, offset):
        shape = (1, -1, 1, 1)
        scaled = self.graph.node("Mul", x, scale.astype(np.float32).reshape(shape))
        return self.graph.node("Add", scaled, offset.astype(np.float32).reshape(shape))

    def front_end(self, x, number, before, after):
        """Convolution, ReLU, norm, maximum over all frequencies: [N, filters, 187, 1]."""
        weights, bias = self.kernel(number)
        scale, offset = self.norm(number + 1)
        sign = np.where(scale < 0, -1, 1).astype(np.float32)
        heard = self.graph.node("Conv", x, weights * sign[:, None, None, None], bias * sign, pads=[before, 0, after, 0])
        top = self.graph.node("MaxPool", heard, kernel_shape=[1, BANDS - weights.shape[3] + 1])
        turned = self.graph.node("Mul", top, sign.reshape(1, -1, 1, 1))
        return self.affine(self.graph.node("Relu", turned), scale, offset)

    def middle(self, x, number):
        """A convolution over time of all channels."""
        weights, bias = self.kernel(number)  # [filters, 1, 7, channels]
        heard = self.graph.node("Conv", x, weights.transpose(0, 3, 2, 1), bias, pads=[3, 0, 3, 0])
        return self.affine(self.graph.node("Relu", heard), *self.norm(number + 1))

    def dense(self, x, number, normed_by, name=None):
        """A dense layer. Its weights include the batch norm before it."""
        layer = "dense" + (f"_{number}" if number else "")
        weights, bias = (self.tensors[f"{layer}/{part}"].astype(np.float64) for part in ("kernel", "bias"))
        if normed_by is not None:
            scale, offset = self.norm(normed_by)
            weights, bias = weights * scale[:, None], bias + offset @ weights
        return self.graph.node(
            "Gemm", x, weights.astype(np.float32), bias.astype(np.float32), **({"name": name} if name else {})
        )

    def build(self):
        node = self.graph.node
        x = node("Reshape", "log_mel", np.array([-1, 1, FRAMES, BANDS]))
        x = self.affine(x, *self.norm(0))
        heard = [
            self.front_end(x, number, before, after)
            for number, (before, after) in enumerate([(3, 3), (3, 3), (63, 64), (31, 32), (15, 16)])
        ]
        front = node("Concat", *heard, axis=1)
        first = self.middle(front, 5)
        second = node("Add", self.middle(first, 6), first)
        third = node("Add", self.middle(second, 7), second)
        channels = node("Concat", front, first, second, third, axis=1)
        mean = node("ReduceMean", channels, axes=[2, 3], keepdims=0, name="mean")
        top = node("ReduceMax", channels, axes=[2, 3], keepdims=0, name="max")
        pairs = node("Concat", node("Unsqueeze", top, np.array([2])), node("Unsqueeze", mean, np.array([2])), axis=2)
        flat = node("Reshape", pairs, np.array([-1, 2 * CHANNELS]))
        hidden = node("Relu", self.dense(flat, 0, normed_by=9))
        scale, offset = (v.astype(np.float32) for v in self.norm(10))
        node("Add", node("Mul", hidden, scale), offset, name="penultimate")
        node("Sigmoid", self.dense(hidden, 1, normed_by=10), name="tags")
        return self.graph


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    wheel, out = Path(sys.argv[1]), Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(wheel) as package:
            for name in (".index", ".data-00000-of-00001"):
                package.extract(MODEL + name, folder)
        tensors = checkpoint.read(f"{folder}/{MODEL}")
    graph = Network(tensors).build()
    data = graph.file(
        {"log_mel": ("N", FRAMES, BANDS)},
        {"tags": ("N", TAGS), "mean": ("N", CHANNELS), "max": ("N", CHANNELS), "penultimate": ("N", 200)},
        {"source": "MSD_musicnn of the PyPI package musicnn 0.1.0", "licence": "ISC"},
    )
    half = out.with_name(out.name + ".part")
    half.write_bytes(data)
    half.replace(out)


if __name__ == "__main__":
    main()
