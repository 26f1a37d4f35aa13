"""Where else in its track a passage recurs so exactly that no one could say which of the places a clip came from."""

import numpy as np

from eval.kit.audio import RATE, band, fast_length, resample

THIN_RATE = 4410
SIMILAR = 0.87  # normalised correlation between 150 and 2,100 Hz; repeats with another melody stay below 0.8


class Repeats:
    def __init__(self, pcm, longest_seconds=15):
        """`pcm` (n, channels) is thinned to a tenth of the rate, without the bass, which must not decide alone."""
        thin = band(resample(pcm.mean(axis=1), RATE, THIN_RATE), 150, 2100, THIN_RATE)
        self._thin = thin.astype(np.float64)
        self._energy = np.cumsum(np.concatenate([[0.0], np.square(self._thin)]))
        self._size = fast_length(len(thin) + longest_seconds * THIN_RATE)
        self._spectrum = np.fft.rfft(self._thin, self._size)

    def of(self, offset, seconds, most=16):
        """Offsets in seconds, at least 0.1 s from `offset` and from each other."""
        begin, count = round(offset * THIN_RATE), int(seconds * THIN_RATE)
        passage = self._thin[begin : begin + count]
        places = len(self._thin) - len(passage) + 1
        cross = np.fft.irfft(self._spectrum * np.conj(np.fft.rfft(passage, self._size)), self._size)[:places]
        energy = self._energy[len(passage) : len(passage) + places] - self._energy[:places]
        likeness = cross / (np.sqrt(energy * np.square(passage).sum()) + 1e-9)
        guard = THIN_RATE // 10
        likeness[max(0, begin - guard) : begin + guard + 1] = 0
        found = []
        while len(found) < most:
            best = int(np.argmax(likeness))
            if likeness[best] < SIMILAR:
                break
            found.append(offset + (best - begin) / THIN_RATE)
            likeness[max(0, best - guard) : best + guard + 1] = 0
        return sorted(found)
