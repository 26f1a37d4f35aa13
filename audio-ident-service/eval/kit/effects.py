"""What happens to music between a loudspeaker and a file: rooms, microphones, radio, compressors, bad gain."""

import numpy as np

from eval.kit.audio import RATE, active_power, band, convolve, frame_powers, shape


def fit(samples, peak=0.9):
    """Scales down, never up, so that nothing clips."""
    top = float(np.abs(samples).max(initial=0))
    return samples * np.float32(peak / top) if top > peak else samples


def mix(signal, other, snr_db):
    """signal + other, `other` scaled so that the ratio of the active powers is snr_db."""
    gain = np.sqrt(active_power(signal) / active_power(other) / 10 ** (snr_db / 10))
    return signal + np.float32(gain) * other


def equalise(samples, rng, bands=6, range_db=9.0, low=80.0, high=8000.0):
    """A smooth random curve over log frequency."""
    knots = np.linspace(np.log(low), np.log(high), bands)
    gains = rng.uniform(-range_db, range_db, bands)
    return shape(samples, lambda f: 10 ** (np.interp(np.log(np.maximum(f, 1)), knots, gains) / 20))


def clip(samples, rng):
    """Hard clipping with 6 to 12 dB too much gain, measured from the 99.9th percentile."""
    level = np.quantile(np.abs(samples), 0.999) + 1e-9
    drive = 10 ** (rng.uniform(6, 12) / 20)
    return np.clip(samples * (drive / level), -1, 1).astype(np.float32) * 0.8


def compress(samples, ratio=8.0, below_peak_db=24.0, attack=0.003, release=0.12):
    """Feed-forward compressor on 1 ms levels, then make-up gain to full scale."""
    step = RATE // 1000
    level = 10 * np.log10(frame_powers(samples, RATE, 0.001) + 1e-10)
    threshold = np.percentile(level, 99) - below_peak_db
    wanted = -np.maximum(level - threshold, 0) * (1 - 1 / ratio)
    gain = np.empty_like(wanted)
    down, up = np.exp(-0.001 / attack), np.exp(-0.001 / release)
    state = wanted[0]
    for k, value in enumerate(wanted):
        keep = down if value < state else up
        state = keep * state + (1 - keep) * value
        gain[k] = state
    centres = (np.arange(len(gain)) + 0.5) * step
    out = samples * (10 ** (np.interp(np.arange(len(samples)), centres, gain) / 20)).astype(np.float32)
    return out * np.float32(0.9 / (np.quantile(np.abs(out), 0.999) + 1e-9))


def broadcast(samples, rng):
    """Three bands compressed apart, then a hard limiter: the sound of a loud station or a nightclub."""
    low, high = rng.uniform(180, 300), rng.uniform(1800, 3000)
    parts = [band(samples, 20, low), band(samples, low, high), band(samples, high, 16000)]
    mixed = sum(compress(p, rng.uniform(4, 12), rng.uniform(15, 30)) * g for p, g in zip(parts, rng.uniform(0.6, 1, 3)))
    return np.clip(mixed * rng.uniform(0.8, 1.3), -0.95, 0.95).astype(np.float32)


def am_radio(samples, rng):
    """Medium wave: compressed, 100 to 4,500 Hz, over-modulated, fading, static and a heterodyne whistle."""
    audio = band(compress(samples), 100, rng.uniform(3500, 4800), order=6)
    audio = np.clip(audio * rng.uniform(1.0, 1.8), -0.9, 0.9)
    t = np.arange(len(audio)) / RATE
    fade = 1 - rng.uniform(0.1, 0.5) * (0.5 + 0.5 * np.sin(2 * np.pi * rng.uniform(0.1, 0.6) * t + rng.uniform(0, 6)))
    static = rng.normal(size=len(audio)) * (1 + 20 * (rng.random(len(audio)) < 2e-4))
    noisy = mix((audio * fade).astype(np.float32), band(static.astype(np.float32), 100, 4800), rng.uniform(8, 18))
    whistle = 10 ** (rng.uniform(-45, -28) / 20) * np.sin(2 * np.pi * rng.uniform(800, 4500) * t)
    return fit((noisy + whistle).astype(np.float32) * 0.5)


def microphone(samples, rng):
    """A phone's microphone: band limits, an uneven curve, its own noise, automatic gain, sometimes soft clipping."""
    heard = band(samples, rng.uniform(100, 300), rng.uniform(5000, 7500), order=2)
    heard = equalise(heard, rng, bands=8, range_db=5.0, low=150, high=7000)
    self_noise = band(rng.normal(size=len(heard)).astype(np.float32), 50, 12000, order=1)
    heard = mix(heard, self_noise, rng.uniform(25, 40))
    level = np.sqrt(active_power(heard))
    heard = heard * np.float32(10 ** (rng.uniform(-30, -16) / 20) / level)
    return np.tanh(heard * 2.0).astype(np.float32) / 2.0


def phone(samples):
    """A phone that records video: a flat band from 180 Hz to 6.5 kHz, and a compressor."""
    return fit(compress(band(samples, 180, 6500, order=4), ratio=4.0, below_peak_db=18.0))


def reverberate(samples, response):
    """Convolves; the direct sound keeps its place, so that offsets stay true."""
    direct = int(np.argmax(np.abs(response) >= 0.5 * np.abs(response).max()))
    return convolve(samples, response[direct:])


def shoebox(rng):
    """A random room by the image-source method (Allen and Berkley, 1979) with a diffuse tail."""
    room = rng.uniform([3, 3, 2.4], [10, 8, 4])
    source, listener = rng.uniform(0.1, 0.9, 3) * room, rng.uniform(0.1, 0.9, 3) * room
    rt60 = rng.uniform(0.25, 1.0)
    area = 2 * (room[0] * room[1] + room[0] * room[2] + room[1] * room[2])
    reflection = np.sqrt(max(0.05, 1 - 0.161 * np.prod(room) / (rt60 * area)))
    n = np.stack(np.meshgrid(*[np.arange(-4, 5)] * 3, indexing="ij"), -1).reshape(-1, 3)
    response = np.zeros(int(RATE * min(1.2, 1.2 * rt60)) + RATE // 10)
    for mirror in np.ndindex(2, 2, 2):
        sign = 1 - 2 * np.array(mirror)
        distance = np.linalg.norm(sign * source + 2 * n * room - listener, axis=1)
        bounces = np.abs(2 * n - np.array(mirror)).sum(axis=1)
        at = (distance / 343 * RATE).astype(int)
        near = at < len(response)
        np.add.at(response, at[near], (reflection**bounces / np.maximum(distance, 0.3))[near])
    t = np.arange(len(response)) / RATE
    mean_path = 4 * np.prod(room) / area / 343
    tail = rng.normal(size=len(t)) * np.exp(-6.91 * t / rt60) * (t > 3 * mean_path)
    early = np.sqrt(np.square(response).sum())
    response += tail * (rng.uniform(0.2, 0.6) * early / (np.sqrt(np.square(tail).sum()) + 1e-9))
    return response.astype(np.float32)


def chamber(rng):
    """A room by Schroeder's reverberator ("Natural sounding artificial reverberation", 1962): six combs and two
    all-passes, whose treble decays faster, computed by their responses over frequency."""
    size, rt60 = 1 << 18, rng.uniform(0.3, 1.5)
    f = np.fft.rfftfreq(size, 1 / RATE)

    def delay(seconds):
        return np.exp(-2j * np.pi * f * seconds)

    decay = rt60 / (1 + (f / rng.uniform(2000, 6000)) ** 2) + 0.02
    combs = sum(delay(d) / (1 - 10 ** (-3 * d / decay) * delay(d)) for d in rng.uniform(0.02, 0.06, 6))
    for seconds in (0.005, 0.0017):
        combs = combs * (delay(seconds) - 0.7) / (1 - 0.7 * delay(seconds))
    tail = np.fft.irfft(combs, size)[: int(1.2 * rt60 * RATE)]
    tail *= 10 ** (rng.uniform(-6, 6) / 20) / np.sqrt(np.square(tail).sum())
    tail[0] += 1  # the direct sound
    return tail.astype(np.float32)
