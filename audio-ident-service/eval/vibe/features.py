"""MusiCNN in Python, as src/embedding/musicnn.cpp runs it: for training the map of its channels. Needs openvino."""
import numpy as np
import openvino

from kit import audio

RATE, FFT, HOP, BANDS, FRAMES = 16000, 512, 256, 96, 187
WINDOW_HOP = 156  # frames
LEVEL = 0.1
CHANNELS = 753


def mel_bank():
    def mel(hz):
        return np.where(hz < 1000, hz * 3 / 200, 15 + np.log(np.maximum(hz, 1) / 1000) * 27 / np.log(6.4))

    def hertz(m):
        return np.where(m < 15, m * 200 / 3, 1000 * np.exp((m - 15) * np.log(6.4) / 27))

    points = hertz(np.linspace(0, mel(np.array(8000.0)), BANDS + 2))[:, None]
    bins = np.arange(FFT // 2 + 1)[None] * RATE / FFT
    up = (bins - points[:-2]) / np.diff(points, axis=0)[:-1]
    down = (points[2:] - bins) / np.diff(points, axis=0)[1:]
    return (np.maximum(0, np.minimum(up, down)) * 2 / (points[2:] - points[:-2])).T.astype(np.float32)


class Network:
    def __init__(self, onnx):
        core = openvino.Core()
        self._run = core.compile_model(core.read_model(onnx), "CPU",
                                       {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": 1})
        self._bank = mel_bank()
        self._window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FFT) / FFT)).astype(np.float32)

    def channels(self, samples):
        """The mean of each channel over each window of 3 s, a row a window; samples at audio.RATE."""
        x = audio.resample(samples, audio.RATE, RATE).astype(np.float32)
        padded = np.pad(x, FFT // 2, mode="reflect")
        frames = np.lib.stride_tricks.sliding_window_view(padded, FFT)[::HOP] * self._window
        power = (np.abs(np.fft.rfft(frames, axis=1)) ** 2).astype(np.float32) @ self._bank
        rows = []
        for first in range(0, len(power) - FRAMES + 1, WINDOW_HOP):
            mean_square = np.square(x[first * HOP: (first + FRAMES) * HOP]).mean() + 1e-12
            rows.append(np.log10(1e4 * LEVEL ** 2 / mean_square * power[first: first + FRAMES] + 1))
        return self._run(np.array(rows, np.float32))["mean"]
