"""Noises made up by seed: plain colours, and the broad noises of streets, weather and rooms."""

import numpy as np

from eval.kit import audio
from eval.kit.audio import RATE

SECONDS = 12
COLOURS = [f"synthetic:{colour}:{k}" for k in range(4) for colour in ("white", "pink", "brown", "gusts", "hum")]
KINDS = ("rain", "surf", "traffic", "wind", "crowd", "fan")
BROAD = {
    half: [f"synthetic:{kind}:{k}" for k in seeds for kind in KINDS]
    for half, seeds in (("dev", (0, 1)), ("test", (2, 3)))
}
BROAD["all"] = BROAD["dev"] + BROAD["test"]


def synthesise(name):
    _, kind, number = name.split(":")
    if kind in _BROAD:
        rng = np.random.default_rng([*kind.encode(), int(number)])
        noise = _BROAD[kind](rng, np.arange(SECONDS * RATE) / RATE)
    else:
        noise = _colour(kind, np.random.default_rng([len(kind), ord(kind[0]), int(number)]))
    return (0.1 * noise / noise.std()).astype(np.float32)


def _colour(kind, rng):
    slope = {"white": 0.0, "pink": 0.5, "brown": 1.0, "gusts": 0.8, "hum": 0.7}[kind]
    noise = _sloped(rng, SECONDS * RATE, slope)
    t = np.arange(len(noise)) / RATE
    if kind == "gusts":
        noise = noise * (0.1 + np.abs(np.interp(t, np.arange(SECONDS + 2), rng.normal(size=SECONDS + 2))))
    if kind == "hum":
        base = rng.uniform(48, 130)
        noise = noise / noise.std() + sum(np.sin(2 * np.pi * base * k * t) / k for k in range(1, 9))
    return noise


def _sloped(rng, count, slope):
    white = rng.normal(size=count).astype(np.float32)
    return audio.shape(white, lambda f: np.maximum(f, 40.0) ** -slope)


def _unit(noise):
    return noise / (noise.std() + 1e-9)


def _slow(rng, t, every, low, high):
    """A level that wanders from `low` to `high`, with a new value every `every` seconds."""
    knots = np.arange(0, SECONDS + 2 * every, every)
    return np.interp(t, knots, rng.uniform(low, high, len(knots)))


def _rain(rng, t):
    """A hiss of far drops, and near drops that ring for a few milliseconds."""
    drops = np.zeros(len(t), np.float32)
    count = int(rng.uniform(20, 200) * SECONDS)
    np.add.at(drops, rng.integers(0, len(t), count), rng.exponential(size=count))
    ring = np.exp(-np.arange(RATE // 50) / RATE * 400) * np.sin(
        2 * np.pi * rng.uniform(800, 4000) * np.arange(RATE // 50) / RATE
    )
    return _unit(_sloped(rng, len(t), rng.uniform(0.1, 0.5))) + 0.7 * _unit(audio.convolve(drops, ring))


def _surf(rng, t):
    """Waves that swell and break every few seconds; the louder, the brighter."""
    swell = 0.5 + 0.5 * np.sin(2 * np.pi * t / rng.uniform(4, 9) + rng.uniform(0, 6))
    return _unit(_sloped(rng, len(t), 0.8)) * (0.2 + swell) + 0.6 * _unit(_sloped(rng, len(t), 0.3)) * swell**3


def _traffic(rng, t):
    """A distant rumble, and cars that pass with tyres and engine."""
    noise = _unit(_sloped(rng, len(t), 1.0)) * 0.5
    for _ in range(int(rng.integers(2, 7))):
        level = rng.uniform(0.5, 1.5) * np.exp(-0.5 * ((t - rng.uniform(0, SECONDS)) / rng.uniform(0.5, 2)) ** 2)
        base = rng.uniform(40, 120)
        engine = sum(np.sin(2 * np.pi * base * k * t + rng.uniform(0, 6)) / k for k in range(1, 12))
        noise = noise + level * (_unit(_sloped(rng, len(t), 0.5)) + 0.3 * engine)
    return noise


def _wind(rng, t):
    """Gusts, low for the most part, with a whistle that follows them."""
    gust = _slow(rng, t, 0.6, 0.1, 1.0) * _slow(rng, t, 3, 0.3, 1.0)
    pitch = 2 * np.pi * np.cumsum(rng.uniform(300, 900) * (0.8 + 0.4 * gust)) / RATE
    rough = audio.band(rng.normal(size=len(t)).astype(np.float32), 1, 30)
    whistle = np.sin(pitch) * _unit(rough) * gust**2
    return gust * (_unit(_sloped(rng, len(t), 1.1)) + 0.4 * _unit(_sloped(rng, len(t), 0.4))) + 0.3 * whistle


def _crowd(rng, t):
    """Many voices at once: pitched and noisy syllables in moving formants."""
    noise = np.zeros(len(t))
    for _ in range(16):
        pitch = rng.uniform(90, 250) * (1 + 0.15 * (_slow(rng, t, 0.25, 0, 1) - 0.5))
        buzz = 2 * (np.cumsum(pitch) / RATE % 1) - 1 + 0.3 * rng.normal(size=len(t))
        formants = rng.uniform([300, 900, 2200], [800, 2000, 3200])
        voice = sum(
            audio.band(buzz.astype(np.float32), f * 0.85, f * 1.15, order=2) / (1 + k) for k, f in enumerate(formants)
        )
        syllables = np.maximum(0, _slow(rng, t, rng.uniform(0.1, 0.2), -0.6, 1)) * (_slow(rng, t, 1.5, -0.5, 1) > 0)
        noise = noise + rng.uniform(0.2, 1) * _unit(voice) * syllables
    return _unit(noise) + 0.3 * _unit(_sloped(rng, len(t), 0.7))


def _fan(rng, t):
    """Steady air with the tones of blades and motor."""
    base = rng.uniform(60, 200)
    tones = sum(np.sin(2 * np.pi * base * k * t + rng.uniform(0, 6)) / k for k in range(1, 10))
    return (
        _unit(_sloped(rng, len(t), rng.uniform(0.3, 0.8))) * _slow(rng, t, 2, 0.9, 1.1) + rng.uniform(0.05, 0.4) * tones
    )


_BROAD = {"rain": _rain, "surf": _surf, "traffic": _traffic, "wind": _wind, "crowd": _crowd, "fan": _fan}
