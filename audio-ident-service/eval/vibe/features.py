"""MusiCNN in Python, as src/embedding/musicnn.cpp runs it: for training the map of its channels. Needs openvino."""

import numpy as np
import openvino

from eval.kit import audio
from eval.vibe.mel import FFT, FRAMES, HOP, LEVEL, RATE, hann, mel_bank

WINDOW_HOP = 156  # frames
CHANNELS = 753


class Network:
    def __init__(self, onnx):
        core = openvino.Core()
        self._run = core.compile_model(
            core.read_model(onnx), "CPU", {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": 1}
        )
        self._bank = mel_bank().astype(np.float32)
        self._window = hann().astype(np.float32)

    def channels(self, samples):
        """The mean of each channel over each window of 3 s, a row a window; samples at audio.RATE."""
        return self.means_and_maxima(audio.resample(samples, audio.RATE, RATE))[0]

    def means_and_maxima(self, samples):
        """Mean and maximum of each channel over each window of 3 s, a row a window; samples at RATE."""
        x = samples.astype(np.float32)
        padded = np.pad(x, FFT // 2, mode="reflect")
        frames = np.lib.stride_tricks.sliding_window_view(padded, FFT)[::HOP] * self._window
        power = (np.abs(np.fft.rfft(frames, axis=1)) ** 2).astype(np.float32) @ self._bank
        rows = []
        for first in range(0, len(power) - FRAMES + 1, WINDOW_HOP):
            mean_square = np.square(x[first * HOP : (first + FRAMES) * HOP]).mean() + 1e-12
            rows.append(np.log10(1e4 * LEVEL**2 / mean_square * power[first : first + FRAMES] + 1))
        heard = self._run(np.array(rows, np.float32))
        return heard["mean"], heard["max"]
