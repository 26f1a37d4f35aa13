"""Changes of speed, tempo and pitch with exact timing: output second t sounds like input second `ratio` · t.

Two time-stretchers, because they leave different artefacts: WSOLA (Verhelst and Roelands, ICASSP 1993) repeats or
drops short pieces; the phase vocoder with identity phase locking (Laroche and Dolson, 1999) smears transients.
"""

import numpy as np

from eval.kit.audio import RATE, interpolate

MARGIN_SECONDS = 0.25  # of input wanted before the first and after the last sample


def wsola(samples, begin, ratio, count, frame=2048, tolerance=512):
    """`count` output samples; output sample t corresponds to input sample begin + ratio · t, within `tolerance`."""
    hop = frame // 2
    window = np.hanning(frame + 1)[:-1].astype(np.float32)
    out = np.zeros(count + 2 * frame, np.float32)
    last = None
    for k in range(count // hop + 2):
        ideal = int(begin + ratio * k * hop) - frame // 2
        if last is None or abs(last + hop - ideal) == 0:
            best = ideal
        else:
            target = _piece(samples, last + hop, frame)
            region = _piece(samples, ideal - tolerance, frame + 2 * tolerance)
            best = ideal - tolerance + _best_lag(region, target)
        out[k * hop : k * hop + frame] += window * _piece(samples, best, frame)
        last = best
    return out[hop : hop + count]


def _piece(samples, begin, size):
    if begin >= 0 and begin + size <= len(samples):
        return samples[begin : begin + size]
    out = np.zeros(size, np.float32)
    low, high = max(begin, 0), min(begin + size, len(samples))
    if high > low:
        out[low - begin : high - begin] = samples[low:high]
    return out


def _best_lag(region, target):
    size = 1 << (len(region) + len(target) - 1).bit_length()
    cross = np.fft.irfft(np.fft.rfft(region, size) * np.conj(np.fft.rfft(target, size)), size)
    lags = len(region) - len(target) + 1
    energy = np.cumsum(np.concatenate([[0.0], np.square(region, dtype=np.float64)]))
    own = np.sqrt(np.square(target, dtype=np.float64).sum())
    likeness = cross[:lags] / (own * np.sqrt(energy[len(target) : len(target) + lags] - energy[:lags]) + 1e-3)
    middle = (lags - 1) / 2
    return int(np.argmax(likeness - 0.1 * np.abs(np.arange(lags) - middle) / middle))  # keep near the true place


def vocoder(samples, begin, ratio, count, frame=2048):
    """As wsola(), by phase vocoder."""
    hop = frame // 4
    window = np.hanning(frame + 1)[:-1].astype(np.float32)
    out = np.zeros(count + 2 * frame, np.float32)
    phase = None
    for k in range(count // hop + 5):
        at = int(round(begin + ratio * (k - 2) * hop)) - frame // 2
        now = np.fft.rfft(window * _piece(samples, at, frame))
        if phase is None:
            phase = np.angle(now)
        else:
            before = np.fft.rfft(window * _piece(samples, at - hop, frame))
            phase = _advance(phase, now, before)
        out[k * hop : k * hop + frame] += window * np.fft.irfft(np.abs(now) * np.exp(1j * phase), frame)
    return out[2 * hop + frame // 2 : 2 * hop + frame // 2 + count] / 1.5


def _advance(phase, now, before):
    """Peaks advance as measured, the bins around a peak keep their phase relative to it."""
    level = np.abs(now)
    peaks = np.flatnonzero((level[1:-1] >= level[:-2]) & (level[1:-1] > level[2:])) + 1
    if len(peaks) == 0:
        return phase + np.angle(now * np.conj(before))
    advanced = phase[peaks] + np.angle(now[peaks] * np.conj(before[peaks]))
    owner = np.searchsorted((peaks[1:] + peaks[:-1]) / 2, np.arange(len(now)))
    angle = np.angle(now)
    return angle + (advanced - angle[peaks])[owner]


def warp(samples, begin, time_ratio, pitch_ratio, count, stretcher):
    """`count` samples played at time_ratio times the tempo and pitch_ratio times the pitch."""
    if abs(time_ratio - pitch_ratio) < 1e-9:
        return interpolate(samples, begin + time_ratio * np.arange(count), min(1.0, 0.97 / pitch_ratio))
    inner = int(np.ceil(count * pitch_ratio)) + 64
    stretched = stretcher(samples, begin, time_ratio / pitch_ratio, inner)
    if abs(pitch_ratio - 1) < 1e-9:
        return stretched[:count]
    return interpolate(stretched, pitch_ratio * np.arange(count), min(1.0, 0.97 / pitch_ratio))


def read_along(samples, begin, speed):
    """Plays with a speed given for every output sample (1.0 = as recorded); speed and pitch move together."""
    travelled = np.concatenate([[0.0], np.cumsum(speed[:-1])])
    return interpolate(samples, begin + travelled, min(1.0, 0.97 / float(speed.max())))


def wow(rng, count, depth, rate_hz, base=1.0):
    """A turntable's speed: `base` plus a slow sine of `depth` and a faster flutter of a tenth of it."""
    t = np.arange(count) / RATE
    slow = depth * np.sin(2 * np.pi * rate_hz * t + rng.uniform(0, 2 * np.pi))
    flutter = 0.1 * depth * np.sin(2 * np.pi * rng.uniform(5, 9) * t + rng.uniform(0, 2 * np.pi))
    return base * (1 + slow + flutter)
