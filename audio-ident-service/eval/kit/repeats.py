"""Where else in its track a passage recurs so exactly that no one could say which of the places a clip came from."""
import numpy as np

from .audio import RATE, fast_length, resample

THIN_RATE = 4410
SIMILAR = 0.85  # normalised correlation, below 2 kHz and pre-emphasised


def thin_for_matching(pcm):
    """A track at a tenth of the rate, pre-emphasised so that the bass does not decide alone."""
    thin = resample(pcm.mean(axis=1), RATE, THIN_RATE)
    return np.diff(thin, prepend=thin[:1])


def other_places(thin, offset, seconds, most=16):
    """Offsets in seconds, at least 0.1 s from `offset` and from each other."""
    begin, count = round(offset * THIN_RATE), int(seconds * THIN_RATE)
    passage = thin[begin: begin + count].astype(np.float64)
    size = fast_length(len(thin) + count)
    cross = np.fft.irfft(np.fft.rfft(thin, size) * np.conj(np.fft.rfft(passage, size)), size)
    places = len(thin) - count + 1
    energy = np.cumsum(np.concatenate([[0.0], np.square(thin, dtype=np.float64)]))
    norm = np.sqrt((energy[count: count + places] - energy[:places]) * np.square(passage).sum()) + 1e-9
    likeness = cross[:places] / norm
    guard = THIN_RATE // 10
    likeness[max(0, begin - guard): begin + guard + 1] = 0
    found = []
    while len(found) < most:
        best = int(np.argmax(likeness))
        if likeness[best] < SIMILAR:
            break
        found.append(offset + (best - begin) / THIN_RATE)
        likeness[max(0, best - guard): best + guard + 1] = 0
    return sorted(found)
