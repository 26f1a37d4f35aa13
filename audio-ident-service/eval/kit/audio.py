"""Samples in and out: decoding and encoding through the ffmpeg command line, WAV writing, levels, filters.

All signals are float32 arrays at RATE, mono unless said, full scale 1.0.
"""

import struct
import subprocess

import numpy as np

RATE = 44100
MAX_SECONDS = 1800  # of one source track; longer files are cut, to bound memory


def decode(path, rate=RATE, seconds=MAX_SECONDS):
    """Decodes a file to mono, the mean of its channels. Raises RuntimeError when ffmpeg fails."""
    return decode_channels(path, rate, seconds).mean(axis=1)


def decode_channels(path, rate=RATE, seconds=MAX_SECONDS):
    """As decode(), shape (n, channels). ffmpeg's own up- and downmixing, which changes levels, is left out."""
    command = ["ffmpeg", "-v", "error", "-nostdin", "-i", str(path), "-map", "0:a:0", "-t", str(seconds)]
    command += ["-f", "wav", "-c:a", "pcm_f32le", "-ar", str(rate), "pipe:1"]
    done = subprocess.run(command, capture_output=True, check=False)
    data = done.stdout.find(b"data", 0, 4096) + 8
    if data < 8 or len(done.stdout) < data + 4:
        raise RuntimeError(f"cannot decode {path}: {done.stderr.decode(errors='replace').strip()[:200]}")
    channels = struct.unpack_from("<H", done.stdout, 22)[0]
    count = (len(done.stdout) - data) // (4 * channels)
    return np.frombuffer(done.stdout, dtype="<f4", count=count * channels, offset=data).reshape(-1, channels)


def encode(samples, path, options, rate=RATE):
    """Encodes mono (n,) or stereo (n, 2) samples with ffmpeg; `options` names codec, bit rate and format."""
    channels = 1 if samples.ndim == 1 else samples.shape[1]
    command = ["ffmpeg", "-v", "error", "-nostdin", "-y", "-f", "f32le", "-ac", str(channels), "-ar", str(rate)]
    command += ["-i", "pipe:0", *options, "-fflags", "+bitexact", "-flags:a", "+bitexact", str(path)]
    subprocess.run(command, input=np.ascontiguousarray(samples, dtype="<f4").tobytes(), check=True)


def write_wav(samples, path, rate=RATE, law="pcm"):
    """Mono WAV: 16-bit PCM, or 8-bit µ-law (ITU-T G.711) with law="mulaw"."""
    if law == "mulaw":
        data, tag, width = _mulaw(samples).tobytes(), 7, 1
    else:
        data, tag, width = (np.clip(samples, -1, 1) * 32767).round().astype("<i2").tobytes(), 1, 2
    head = struct.pack(
        "<4sI4s4sIHHIIHH", b"RIFF", 36 + len(data), b"WAVE", b"fmt ", 16, tag, 1, rate, rate * width, width, 8 * width
    )
    path.write_bytes(head + struct.pack("<4sI", b"data", len(data)) + data + b"\0" * (len(data) % 2))


def _mulaw(samples):
    value = (np.clip(samples, -1, 1) * 32635).astype(np.int32)
    sign = np.where(value < 0, 0x80, 0)
    magnitude = np.minimum(np.abs(value), 32635) + 132
    exponent = np.floor(np.log2(magnitude)).astype(np.int32) - 7
    mantissa = (magnitude >> (exponent + 3)) & 0x0F
    return (~(sign | (exponent << 4) | mantissa) & 0xFF).astype(np.uint8)


def frame_powers(samples, rate=RATE, seconds=0.02):
    size = max(1, int(rate * seconds))
    count = max(1, len(samples) // size)
    return np.square(samples[: count * size].reshape(count, -1), dtype=np.float64).mean(axis=1)


def active_power(samples, rate=RATE):
    """Mean power, 100 Hz to 8 kHz, of the 20 ms frames within 30 dB of the loud ones (95th percentile).

    SNR is the ratio of two active powers: pauses of either side do not count, nor does rumble no one hears.
    """
    powers = frame_powers(band(samples, 100, 8000, rate), rate)
    active = powers[powers >= np.percentile(powers, 95) * 1e-3]
    return float(active.mean()) + 1e-12


def shape(samples, gain, rate=RATE):
    """Zero-phase filter: `gain` maps an array of frequencies in Hz to linear gains."""
    size = fast_length(len(samples) + rate // 4)
    spectrum = np.fft.rfft(samples, size)
    spectrum *= gain(np.fft.rfftfreq(size, 1 / rate))
    return np.fft.irfft(spectrum, size)[: len(samples)].astype(np.float32)


def band(samples, low, high, rate=RATE, order=4):
    """Butterworth-shaped band-pass, zero phase."""

    def gain(f):
        f = np.maximum(f, 1e-3)
        return 1 / np.sqrt((1 + (low / f) ** (2 * order)) * (1 + (f / high) ** (2 * order)))

    return shape(samples, gain, rate)


def convolve(samples, kernel):
    size = fast_length(len(samples) + len(kernel))
    product = np.fft.rfft(samples, size) * np.fft.rfft(kernel, size)
    return np.fft.irfft(product, size)[: len(samples)].astype(np.float32)


def fast_length(n):
    """The next length of the form 2^a or 3·2^a, quick to transform."""
    power = 1 << max(1, (n - 1).bit_length())
    return 3 * power // 4 if 3 * power // 4 >= n else power


_TAPS, _PHASES = 32, 1024


def _sinc_table(cutoff):
    offsets = np.arange(_PHASES + 1)[:, None] / _PHASES
    distance = offsets - np.arange(_TAPS)[None, :] + _TAPS // 2 - 1
    window = np.cos(np.pi * np.clip(distance / _TAPS, -0.5, 0.5)) ** 2
    return (cutoff * np.sinc(cutoff * distance) * window).astype(np.float32)


def interpolate(samples, positions, cutoff=1.0):
    """Band-limited values of `samples` at fractional `positions`; zero outside. cutoff < 1 when reading faster."""
    table = _sinc_table(cutoff)
    padded = np.concatenate([np.zeros(_TAPS, np.float32), samples, np.zeros(_TAPS + 2, np.float32)])
    out = np.empty(len(positions), np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(padded, _TAPS)
    for begin in range(0, len(positions), 32768):
        at = np.clip(positions[begin : begin + 32768], -2, len(samples) + 1)
        whole = np.floor(at).astype(np.int64)
        phase = (at - whole) * _PHASES
        lower = phase.astype(np.int64)
        weight = (phase - lower).astype(np.float32)[:, None]
        taps = table[lower] * (1 - weight) + table[np.minimum(lower + 1, _PHASES)] * weight
        out[begin : begin + len(at)] = np.einsum("ij,ij->i", windows[whole + _TAPS - _TAPS // 2 + 1], taps)
    return out


def resample(samples, rate_in, rate_out):
    if rate_in == rate_out:
        return samples
    ratio = rate_in / rate_out
    positions = np.arange(int(len(samples) / ratio)) * ratio
    return interpolate(samples, positions, min(1.0, 0.95 / ratio))
