"""The mel bands of MusiCNN: 96 triangles of equal area from 0 to 8 kHz on Slaney's scale."""

import numpy as np

RATE, FFT, HOP, BANDS, FRAMES = 16000, 512, 256, 96, 187
LEVEL = 0.1  # root of the mean square of a window


def mel_bank():
    """One row for each bin of the spectrum, one column for each band."""

    def mel(hz):
        return np.where(hz < 1000, hz * 3 / 200, 15 + np.log(np.maximum(hz, 1) / 1000) * 27 / np.log(6.4))

    def hertz(m):
        return np.where(m < 15, m * 200 / 3, 1000 * np.exp((m - 15) * np.log(6.4) / 27))

    points = hertz(np.linspace(0, mel(np.array(8000.0)), BANDS + 2))[:, None]
    bins = np.arange(FFT // 2 + 1)[None] * RATE / FFT
    up = (bins - points[:-2]) / np.diff(points, axis=0)[:-1]
    down = (points[2:] - bins) / np.diff(points, axis=0)[1:]
    return (np.maximum(0, np.minimum(up, down)) * 2 / (points[2:] - points[:-2])).T


def hann():
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FFT) / FFT)
